"""A short cut for the mean squared error on many rows: a quadratic in θ, on which a step does not cost n.

The expansion is the Taylor series of the loss about its minimum, and exact, since the loss is a quadratic. Where the
columns are too close to dependent to keep 12 digits of it, there is none.
"""

from dataclasses import dataclass

import numpy as np

MOST_PARAMETERS = 1000  # making it costs p³, which for more of them no descent wins back
WELL_CONDITIONED = 0.01  # the least eigenvalue of AᵀA, columns scaled to length 1, that keeps 12 digits of a loss
SHORTEST = 1e-140  # the least length of a column: the squares of shorter ones near the smallest float, and lose digits
CACHEFUL = 2**17  # so many numbers fit into a processor's cache, with room for others


@dataclass(frozen=True)
class Expansion:
    """The loss about its minimum: with s = θ·root − target, L = value + ½·‖s‖², a sum of squares, never negative."""

    target: np.ndarray
    value: float
    root: np.ndarray  # root·rootᵀ is the Hessian
    hessian: np.ndarray
    pull: np.ndarray  # root·target, which is −∇L(0)

    def loss(self, theta: np.ndarray) -> np.ndarray:
        """Return the loss at θ, shape ``(..., p)`` in and ``(...)`` out."""
        stretched = theta @ self.root - self.target
        return self.value + 0.5 * np.einsum("...i,...i->...", stretched, stretched)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """Return the gradient at θ, shape ``(..., p)`` in and out."""
        return theta.dot(self.hessian) - self.pull


def expand(x: np.ndarray, y: np.ndarray) -> Expansion | None:
    """Return the expansion of the mean of (w·x + b − y)² over n rows, or None where it would not be exact.

    It is not tried for more parameters than rows, whose columns must be dependent, nor for very many. Where there is
    one, x and y are finite.
    """
    n, d = x.shape
    if d + 1 > min(n, MOST_PARAMETERS):
        return None
    shift = np.zeros(d)
    for _ in range(2):
        with np.errstate(over="ignore", invalid="ignore"):
            gram, projection, squares = _moments(x, y, shift)
        lengths = np.sqrt(np.diag(gram))
        if not (np.isfinite(gram).all() and np.isfinite(squares) and lengths.min() > SHORTEST):
            return None
        eigenvalues, vectors = np.linalg.eigh(gram / np.outer(lengths, lengths))
        if eigenvalues[0] >= WELL_CONDITIONED:
            break
        shift = gram[-1, :-1] / n  # a feature far from zero looks like the bias until it is centred
    else:
        return None
    root = lengths[:, np.newaxis] * vectors * np.sqrt(eigenvalues)  # gram = root·rootᵀ
    inverse = vectors / lengths[:, np.newaxis] / np.sqrt(eigenvalues)
    coefficients = projection @ inverse
    root[:-1] += np.outer(shift, root[-1])  # from (w, b + w·shift) back to (w, b)
    root *= np.sqrt(2 / n)
    left = squares - coefficients @ coefficients  # what the best fit leaves, unless little is left of large numbers
    if left < squares / 1000:
        centre = inverse @ coefficients
        centre[-1] -= centre[:-1] @ shift
        left = np.square(centre[:-1] @ x.T + centre[-1] - y).sum()
    target = np.sqrt(2 / n) * coefficients
    return Expansion(target, float(left) / n, root, root @ root.T, root @ target)


def _moments(x: np.ndarray, y: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Return AᵀA, Aᵀy and yᵀy for the rows a = (x − shift, 1)."""
    n, d = x.shape
    gram, projection = np.zeros((d + 1, d + 1)), np.zeros(d + 1)
    size = max(1, CACHEFUL // d)
    for first in range(0, n, size):  # so that a row comes from memory once, for all three products
        rows, targets = x[first : first + size], y[first : first + size]
        if shift.any():
            rows = rows - shift
        gram[:-1, :-1] += rows.T @ rows
        gram[-1, :-1] += np.ones(len(rows)) @ rows
        projection[:-1] += targets @ rows
    gram[:-1, -1], gram[-1, -1], projection[-1] = gram[-1, :-1], n, y.sum()
    return gram, projection, float(y @ y)
