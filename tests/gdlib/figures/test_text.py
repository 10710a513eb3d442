"""Numbers and mathematics in plain text."""

import numpy as np
import pytest
from drawings import axes, words


def test_ties_fall_the_same_way_whatever_the_last_bit():
    for value in (1 / 512, 1 / 2048, 0.1234565):
        lines = []
        for near in (value, np.nextafter(value, 1), np.nextafter(value, 0)):
            ax = axes(ylim=(0, 1))
            ax.plot([1, near])
            lines.append(words(ax)[1])
        assert len(set(lines)) == 1


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"$\eta = 0.1$", "η = 0.1"),
        (r"$\theta_0$ and $\theta_{12}$", "θ₀ and θ₁₂"),
        (r"$\lambda_{\max}$", "λₘₐₓ"),
        (r"$\eta_\mathrm{best}$", "η_best"),
        (r"$w^2 + b^{-1}$", "w² + b⁻¹"),
        (r"$10^{-6}$", "10⁻⁶"),
        (r"$\theta^*$", "θ*"),
        (r"$\hat{y} - y$", "ŷ - y"),
        (r"$\nabla L(\theta)$", "∇L(θ)"),
        (r"$\frac{\partial L}{\partial w_1}$", "∂L/∂w₁"),
        (r"$\frac{a + b}{2}$", "(a + b)/2"),
        (r"$A^\top A$", "Aᵀ A"),
        (r"$\Delta\theta \approx \eta \cdot g$", "Δθ ≈ η · g"),
        (r"$\|\theta\| \leq 1$", "‖θ‖ ≤ 1"),
        (r"costs \$5", "costs $5"),
        ("two\nlines", "two lines"),
        ("snake_case", "snake_case"),
    ],
)
def test_mathematics_is_told_in_plain_letters(tex, plain):
    assert words(axes(title=tex))[0].startswith(f"Axes “{plain}”:")
