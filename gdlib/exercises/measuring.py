"""Slopes that are measured, beside which a reader's own are shown."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike


def measured_slopes(loss: Callable[[np.ndarray], float], place: ArrayLike, h: float = 1e-5) -> np.ndarray:
    """Return the slopes of a loss at a place, by central differences, in the shape of the place."""
    place = np.asarray(place, dtype=float)
    nudges = h * np.eye(place.size).reshape(-1, *place.shape)
    return np.array([loss(place + nudge) - loss(place - nudge) for nudge in nudges]).reshape(place.shape) / (2 * h)
