"""Numbers, lists and TeX as plain text, the same on every platform."""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

SAME = 1e-9  # what differs by less than this part of an axis differs by rounding
MOST = 9  # how many points, bars, arrows… are told one by one; of more, a sample of this many


def in_digits(value: float, places: int | None = None, digits: int = 6) -> str:
    """Return a number in digits: at most `places` decimal ones and `digits` significant ones; never −0."""
    # Rounding to 12 digits first makes a tie, such as 1/512 = 0.001953125, fall the same way whatever its last bits.
    value = float(f"{value:.12g}")
    value = value if places is None else round(value, places)
    return f"{float(f'{value:.{digits}g}') + 0.0:.6g}"


def digits_for(values: np.ndarray) -> Callable[[float], str]:
    """Return `in_digits` for values of this size: what is rounding error beside the greatest reads 0."""
    finite = np.abs(values[np.isfinite(values)])
    return partial(in_digits, places=9 - decade(finite.max(initial=0.0)))


def decade(size: float) -> int:
    """Return the power of ten of a size, 0 of 0; a size that misses a power by rounding counts as that power."""
    return math.floor(math.log10(min(max(size, 1e-290), 1e290)) + SAME) if size else 0


def counted(count: int, noun: str) -> str:
    """Return a number of things, such as "1 point" or "2 points"."""
    return f"{count or 'no'} {noun}{'s' * (count != 1)}"


def sample(items: Sequence, most: int = MOST) -> list:
    """Return all items, or as many as allowed at even distances, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[(len(items) - 1) * i // (most - 1)] for i in range(most)]


def listing(items: Sequence, tell: Callable) -> str:
    """Return items in words, ": a, b, c", or a sample if there are many, ", such as a, d, g"."""
    told = ", ".join(map(tell, sample(items)))
    return (", such as " if len(items) > MOST else ": ") + told if told else ""


def quoted(text: str) -> str:
    """Return a text in quotation marks."""
    return f"“{plain_text(text)}”"


# TeX's names, each with the letter it stands for; those that only choose a font stand for nothing.
_LETTERS = {
    name[:-1]: name[-1].strip("-")
    for name in re.findall(
        r"\S+",
        """alphaα betaβ gammaγ deltaδ epsilonε varepsilonε zetaζ etaη thetaθ iotaι kappaκ lambdaλ muμ nuν xiξ piπ rhoρ
        sigmaσ tauτ upsilonυ phiφ varphiφ chiχ psiψ omegaω GammaΓ DeltaΔ ThetaΘ LambdaΛ XiΞ PiΠ SigmaΣ PhiΦ PsiΨ OmegaΩ
        nabla∇ partial∂ cdot· times× pm± leq≤ le≤ geq≥ ge≥ neq≠ approx≈ propto∝ infty∞ to→ rightarrow→ leftarrow← sum∑
        sqrt√ in∈ ellℓ Vert‖ star* top⊤ ldots… dots… mathrm- mathbf- mathit- mathcal- mathdefault- left- right-""",
    )
}
_RAISED = dict(zip("0123456789+-−=()ijknT⊤*′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱʲᵏⁿᵀᵀ*′", strict=True))
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))


def plain_text(text: str) -> str:
    r"""Return text on one line, with mathematics between dollar signs in plain letters: "$\eta_1$" is "η₁"."""
    text = re.sub(r"(?<!\\)\$(.+?)(?<!\\)\$", lambda found: _plain_mathematics(found[1]), str(text), flags=re.DOTALL)
    return " ".join(text.replace(r"\$", "$").split())


def _plain_mathematics(tex: str) -> str:
    """Return TeX in plain letters as far as there are any; the rest keeps _, ^ and the names of its commands."""
    tex = re.sub(r"\\[,;:! ]", " ", tex).replace(r"\|", "‖")
    tex = re.sub(r"\\(?!frac|hat|bar)([A-Za-z]+)", lambda name: _LETTERS.get(name[1], name[1]), tex)
    tex = re.sub(r"([∇∂√]) +", r"\1", tex)
    tex = re.sub(r"([_^])(?:\{([^{}]*)\}|([^{}\\]))", lambda found: _script(found[1], found[2] or found[3] or ""), tex)
    tex = re.sub(r"\\hat ?\{?(\w)\}?", "\\1\N{COMBINING CIRCUMFLEX ACCENT}", tex)
    tex = re.sub(r"\\bar ?\{?(\w)\}?", "\\1\N{COMBINING MACRON}", tex)
    tex = re.sub(r"\\frac ?\{([^{}]*)\}\{([^{}]*)\}", lambda f: f"{_bracketed(f[1])}/{_bracketed(f[2])}", tex)
    return unicodedata.normalize("NFC", re.sub(r"[{}\\]", "", tex))


def _script(mark: str, text: str) -> str:
    """Return a subscript or superscript in small letters, if there are such letters for all of it."""
    letters = _LOWERED if mark == "_" else _RAISED
    return "".join(letters[c] for c in text) if all(c in letters for c in text) else mark + _bracketed(text)


def _bracketed(text: str) -> str:
    """Return text in brackets, unless it is one thing."""
    return f"({text})" if re.search(r"[\s+\-−=·×/,]", text.strip()) else text.strip()
