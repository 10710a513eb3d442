"""Which class is a row of? Models whose scores, linear in θ, become probabilities, and the log-loss.

`LogisticRegression` tells two classes apart, `Softmax` two or more. Both losses are computed from the scores: where a
probability would round to 0 or 1, its logarithm would be lost, and the score still has it.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import finite_array, parameters
from gdlib._formatting import subscript
from gdlib._scores import SoftmaxLoss, class_numbers, must_be_two_classes, number_of_classes, sigmoid, softmax
from gdlib.linear import LinearModel, unaltered


class LogisticRegression(LinearModel):
    """The log-loss of the probabilities p = σ(w·x + b) that a row is of class 1, on rows of class 0 and of class 1.

    A row costs −ln p if y = 1, and −ln(1 − p) if y = 0; loss and gradient are means over the rows.

    Parameters
    ----------
    x
        Features, shape ``(n, d)``, or ``(n,)`` for a single feature.
    y
        Classes, 0 or 1, shape ``(n,)``, at least one row of each. (A part, such as ``model[0]``, may have one class.)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above.
    """

    _targets = staticmethod(class_numbers)

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        super().__init__(x, y)
        must_be_two_classes(self.y)

    def probabilities(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return p = σ(w·x + b), how likely each row is of class 1, shape ``(..., n)``; ``x`` as in `scores`."""
        return sigmoid(self.scores(theta, x))

    def predict(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return the likelier class of each row, 1 where p > ½ and 0 elsewhere, shape ``(..., n)``."""
        return (self.scores(finite_array("theta", theta), x) > 0).astype(float)

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean over the rows of −y·ln p − (1 − y)·ln(1 − p); shape ``(..., p)`` in, ``(...)`` out."""
        return self._in_tables(parameters(theta, self._p), self._log_losses, len(self))

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean over the rows of (p − y)·a; shape ``(..., p)`` in and out."""
        # Plainly: (probabilities - y) @ design / n. As below, p − y is ±σ(±z), which keeps its digits near 0 and 1.
        transposed, mean = self._products
        return sigmoid(parameters(theta, self._p).dot(transposed)).dot(mean)

    def hessian(self, theta: ArrayLike | None = None) -> np.ndarray:
        """Return the second derivatives at one θ, the mean of p(1 − p)·aaᵀ, shape ``(p, p)``."""
        z = self.scores(_one_theta(self, LogisticRegression, theta))
        return (self.design.T * (sigmoid(z) * sigmoid(-z) / len(self))) @ self.design

    def curvature_bound(self) -> float:
        """Return λ_max(AᵀA/n)/4: no θ has a larger curvature, since p(1 − p) ≤ ¼. At θ = 0 it is reached."""
        unaltered(self, LogisticRegression)
        return float(np.linalg.norm(self.design, 2) ** 2) / len(self) / 4

    def _log_losses(self, theta: np.ndarray) -> np.ndarray:
        # −ln σ(z) = ln(1 + e⁻ᶻ) and −ln(1 − σ(z)) = ln(1 + eᶻ): either is ln(1 + eˢ), where s = z for y = 0, else −z.
        return np.logaddexp(0, theta.dot(self._products[0])).mean(axis=1)

    @cached_property
    def _products(self) -> tuple[np.ndarray, np.ndarray]:
        """(±A)ᵀ, for s = ±z, and ±A/n, for gradients: minus in the rows of class 1."""
        signed = self.design * (1 - 2 * self.y)[:, np.newaxis]
        return np.ascontiguousarray(signed.T), signed / len(self)


class Softmax(LinearModel):
    """The log-loss of the probabilities that a row is of class 0, 1, …, K − 1, each with a score of its own.

    θ has a block (w_k1, …, w_kd, b_k) for each class k. A row costs −ln of the probability of its own class; loss and
    gradient are means over the rows.

    Parameters
    ----------
    x
        Features, shape ``(n, d)``, or ``(n,)`` for a single feature.
    y
        Classes, shape ``(n,)``: 0, 1, …, K − 1, two or more, and at least one row of each.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above.
    """

    _targets = staticmethod(class_numbers)

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        super().__init__(x, y)
        self.classes = number_of_classes(self.y)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, class by class: ``("w₀₁", "w₀₂", "b₀", "w₁₁", …)``, or ``("w₀", "b₀", …)``."""
        d = self.x.shape[1]
        comma = "," if max(d, self.classes - 1) > 9 else ""  # w₁,₁₁ and w₁₁,₁ are two
        weights = [""] if d == 1 else [comma + subscript(i) for i in range(1, d + 1)]
        blocks = [[*(f"w{k}{i}" for i in weights), f"b{k}"] for k in map(subscript, range(self.classes))]
        return tuple(name for block in blocks for name in block)

    def scores(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return w_k·x + b_k for each row and class, shape ``(..., n, K)``; ``x`` as in `LinearModel`."""
        blocks, x = self._blocks(parameters(theta, self._p)), self.x if x is None else self._inputs(x)
        return np.swapaxes(blocks[..., :-1] @ x.T + blocks[..., -1:], -1, -2)

    def probabilities(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return how likely each row is of each class, shape ``(..., n, K)``: the softmax of its scores."""
        return softmax(self.scores(theta, x))

    def predict(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return the likeliest class of each row, of equal ones the first, shape ``(..., n)``."""
        return self.scores(finite_array("theta", theta), x).argmax(axis=-1).astype(float)

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean over the rows of −ln p of their own class; shape ``(..., p)`` in, ``(...)`` out."""
        return self._in_tables(parameters(theta, self._p), self._log_losses, len(self) * self.classes)

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return, for each class, the mean over the rows of (p_k − 1)·a if y = k, else of p_k·a; shape as θ's."""
        theta = parameters(theta, self._p)
        slopes = self._loss.slopes(self._blocks(theta) @ self._transposed)
        return (slopes @ self.design / len(self)).reshape(theta.shape)

    def hessian(self, theta: ArrayLike | None = None) -> np.ndarray:
        """Return the second derivatives at one θ, ``(p, p)``; in block (k, l) the mean of p_k([k = l] − p_l)·aaᵀ."""
        odds = self.probabilities(_one_theta(self, Softmax, theta))
        spread = np.eye(self.classes) * odds[:, np.newaxis] - odds[:, :, np.newaxis] * odds[:, np.newaxis]
        blocks = np.einsum("nkl,ni,nj->kilj", spread / len(self), self.design, self.design, optimize=True)
        return blocks.reshape(self._p, self._p)

    def curvature_bound(self) -> float:
        """Return λ_max(AᵀA/n)/2, which no curvature exceeds (Böhning, 1992)."""
        unaltered(self, Softmax)
        return float(np.linalg.norm(self.design, 2) ** 2) / len(self) / 2

    def _log_losses(self, theta: np.ndarray) -> np.ndarray:
        return self._loss.losses(self._blocks(theta) @ self._transposed).mean(axis=-1)

    def _blocks(self, theta: np.ndarray) -> np.ndarray:
        """Return θ with a row for each class, shape ``(..., K, d + 1)``."""
        return theta.reshape(*theta.shape[:-1], self.classes, self.x.shape[1] + 1)

    @cached_property
    def _transposed(self) -> np.ndarray:
        return np.ascontiguousarray(self.design.T)

    @cached_property
    def _loss(self) -> SoftmaxLoss:
        return SoftmaxLoss(self.y)

    @cached_property
    def _p(self) -> int:
        return self.classes * (self.x.shape[1] + 1)


def _one_theta(model: LinearModel, kind: type[LinearModel], theta: ArrayLike | None) -> np.ndarray:
    """Return a θ as it must be for second derivatives of this kind, where they depend on it."""
    if type(model).hessian is kind.hessian:  # else a subclass asks, which knows what it does
        unaltered(model, kind)
    if theta is None:
        raise TypeError(f"theta must be given: the second derivatives of {type(model).__name__} depend on it")
    theta = finite_array("theta", theta)
    if theta.ndim != 1:
        raise ValueError(f"theta must be a single vector, shape (p,), got shape {theta.shape}")
    return theta
