"""Losses worked out from scores: where a probability would round to 0 or 1, the score still tells by how much.

Scores have shape ``(..., K, n)``: a row of the table for each output, a column for each row of the data. A loss is made
of the targets; ``losses`` gives what each row costs, shape ``(..., n)``, and ``slopes`` the derivative of that with
respect to each score, in the scores' shape.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import float_array, targets

_CURE = "np.unique(y, return_inverse=True)[1] numbers them"


def sigmoid(scores: ArrayLike) -> np.ndarray:
    """Return σ(z) = 1/(1 + e⁻ᶻ) of each score: a probability, in the scores' shape."""
    with np.errstate(over="ignore"):  # e¹⁰⁰⁰ is too large for a float; 1/(1 + ∞) is 0 all the same
        return 1 / (1 + np.exp(-float_array("scores", scores)))


def softmax(scores: ArrayLike, axis: int = -1) -> np.ndarray:
    """Return eᶻ of each score divided by the sum of them along an axis: probabilities, in the scores' shape."""
    scores = float_array("scores", scores)
    if not scores.shape[axis]:
        raise ValueError("scores must hold a number for each class, got none")
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))  # the largest is e⁰: nothing overflows
    return powers / powers.sum(axis=axis, keepdims=True)


class SquaredLoss:
    """The squared distance (ŷ − y)² of a score from its target; where a row has several targets, the sum of them."""

    def __init__(self, y: np.ndarray) -> None:
        self.targets = np.atleast_2d(y.T)

    def losses(self, scores: np.ndarray) -> np.ndarray:
        """Return the sum over the outputs of (ŷ − y)²."""
        return ((scores - self.targets) ** 2).sum(axis=-2)

    def slopes(self, scores: np.ndarray) -> np.ndarray:
        """Return 2(ŷ − y)."""
        return 2 * (scores - self.targets)


class LogLoss:
    """−ln p for a row of class 1 and −ln(1 − p) for one of class 0, where p = σ(z) and z is the only score."""

    def __init__(self, y: np.ndarray) -> None:
        self.signs = 1 - 2 * y

    def losses(self, scores: np.ndarray) -> np.ndarray:
        """Return ln(1 + eˢ), where s = z for class 0, else −z: −ln(1 − σ(z)) = ln(1 + eᶻ), −ln σ(z) = ln(1 + e⁻ᶻ)."""
        return np.logaddexp(0, self.signs * scores)[..., 0, :]

    def slopes(self, scores: np.ndarray) -> np.ndarray:
        """Return p − y, as ±σ(±z): that keeps its digits where p is near 0 or 1."""
        return self.signs * sigmoid(self.signs * scores)


class SoftmaxLoss:
    """−ln of the probability of a row's own class, one of 0, 1, …, K − 1."""

    def __init__(self, y: np.ndarray) -> None:
        self.own = ..., y.astype(int), np.arange(len(y))  # where the own class is in a table of scores

    def losses(self, scores: np.ndarray) -> np.ndarray:
        """Return ln(1 + Σ eˢ), where s is by how much each other class's score is above the own class's.

        It keeps its digits where p is near 1, and overflows nowhere.
        """
        others = scores - scores[self.own][..., np.newaxis, :]
        others[self.own] = -np.inf
        most = others.max(axis=-2)
        return np.logaddexp(0, most + np.log(np.exp(others - most[..., np.newaxis, :]).sum(axis=-2)))

    def slopes(self, scores: np.ndarray) -> np.ndarray:
        """Return p_k − 1 for the own class, minus the sum of the others' p_k: so it keeps its digits; p_k for these."""
        slopes = softmax(scores, axis=-2)
        slopes[self.own] = 0
        slopes[self.own] = -slopes.sum(axis=-2)
        return slopes


def class_numbers(y: ArrayLike) -> np.ndarray:
    """Return classes as finite floats, one a row; where they are text, the error says how to number them."""
    try:
        return targets(y)
    except TypeError as error:
        if any(isinstance(label, str) for label in np.asarray(y, dtype=object).flat):
            raise TypeError(f"{error}; {_CURE}") from None
        raise


def must_be_two_classes(y: np.ndarray) -> None:
    """Raise a ValueError unless each row is of class 0 or 1, and there are rows of both."""
    odd = np.flatnonzero((y != 0) & (y != 1))
    if len(odd):
        cure = f"(np.asarray(y) == {_label(y.max())}) * 1 makes the largest class 1, the others 0"
        raise ValueError(f"y must be 0 or 1 in each row, got {_label(y[odd[0]])} at position {odd[0]}; {cure}")
    if (y == y[0]).all():
        raise ValueError(f"y must have rows of class 0 and of class 1, got {y[0]:g} alone; add rows of both")


def _label(y: float) -> str:
    """Return a class as it can be compared with: all its digits, and no point behind a whole number."""
    return repr(float(y)).removesuffix(".0")


def number_of_classes(y: np.ndarray) -> int:
    """Return K; raise a ValueError unless the classes are 0, 1, …, K − 1, two or more, with rows of each."""
    odd = np.flatnonzero((y < 0) | (y % 1 != 0))
    if len(odd):
        raise ValueError(f"y must hold classes 0, 1, 2, …, got {_label(y[odd[0]])} at position {odd[0]}; {_CURE}")
    there = np.unique(y)
    gap = np.flatnonzero(there != np.arange(len(there)))
    if len(gap):
        raise ValueError(f"y must have rows of each class up to {there[-1]:g}, got none of class {gap[0]}; {_CURE}")
    if len(there) == 1:
        raise ValueError("y must have rows of two classes or more, got class 0 alone; add rows of another")
    return len(there)
