"""A network with one hidden layer: lines, bent by an activation, and a line through what comes out of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import count, finite_array, parameters, quoted
from gdlib._formatting import subscript
from gdlib._rows import RowModel, with_ones
from gdlib._scores import (
    LogLoss,
    SoftmaxLoss,
    SquaredLoss,
    class_numbers,
    must_be_two_classes,
    number_of_classes,
    sigmoid,
    softmax,
)


class Activation(NamedTuple):
    """What bends a line: h = φ(z), and its slope φ′(z), told from h alone."""

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


ACTIVATIONS = {
    "relu": Activation(lambda z: np.maximum(z, 0), lambda h: h > 0),  # at the kink the slope is taken to be 0
    "tanh": Activation(np.tanh, lambda h: 1 - h * h),
    "sigmoid": Activation(sigmoid, lambda h: h * (1 - h)),
}
LOSSES = {"squared": SquaredLoss, "log": LogLoss, "softmax": SoftmaxLoss}


class Network(RowModel):
    """The loss of a network with one hidden layer on the rows of a data set.

    Each hidden neuron has a score z = w·x + b and passes on h = φ(z); each output is v·h + c. θ goes neuron by neuron,
    bias last: for two features and two neurons h₁(w₁₁ w₁₂ b₁) h₂(w₂₁ w₂₂ b₂) ŷ(v₁ v₂ c).

    Parameters
    ----------
    x
        Features, shape ``(n, d)``, or ``(n,)`` for a single feature.
    y
        Targets, shape ``(n,)``. For the squared loss any numbers, several a row if the shape is ``(n, K)``; for the
        log-loss classes 0 and 1; for softmax classes 0, 1, …, K − 1. At least one row of each class.
    hidden
        How many hidden neurons.
    activation
        φ: ``"relu"``, max(0, z); ``"tanh"``; or ``"sigmoid"``, σ(z) = 1/(1 + e⁻ᶻ).
    loss
        The *mean* over the rows of: ``"squared"``, (ŷ − y)², summed over the row's targets; ``"log"``, −ln of the
        probability of its class, where class 1 has p = σ(ŷ); ``"softmax"``, the same with an output for each class.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above.
    """

    _of_all = RowModel._of_all | {"parts", "_cut"}

    def __init__(
        self, x: ArrayLike, y: ArrayLike, hidden: int = 2, activation: str = "relu", loss: str = "squared"
    ) -> None:
        self.activation, self.kind = _one_of("activation", activation, ACTIVATIONS), _one_of("loss", loss, LOSSES)
        self.neurons = count("hidden", hidden)
        super().__init__(x, y)
        if loss == "log":
            must_be_two_classes(self.y)
        self.outputs = number_of_classes(self.y) if loss == "softmax" else 1 if self.y.ndim == 1 else self.y.shape[1]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, neuron by neuron: ``("w₁₁", "w₁₂", "b₁", "w₂₁", …, "v₁", "v₂", "c")``."""
        d = self.x.shape[1]
        hidden, inputs = _numbered([*range(1, self.neurons + 1)], d)
        outputs, units = _numbered(self._which, self.neurons)
        if d == 1:
            inputs = [""]
        if self.outputs == 1:
            outputs, units = [""], hidden
        blocks = [_block("w", "b", neuron, inputs) for neuron in hidden]
        blocks += [_block("v", "c", output, units) for output in outputs]
        return tuple(name for block in blocks for name in block)

    @property
    def biases(self) -> tuple[str, ...]:
        """Which of the parameters are no weights: a penalty leaves them free."""
        return tuple(name for name in self.names if name[0] in "bc")

    @cached_property
    def parts(self) -> dict[str, slice]:
        """Where each neuron's parameters are, by its name.

        ``parts["h₁"]`` is a slice of θ's last axis, as are ``parts["ŷ"]`` or, of several outputs, ``parts["ŷ₁"]``, …;
        the outputs of softmax count from 0, as classes do.
        """
        (inputs, hidden), cut = (self.x.shape[1] + 1, self.neurons + 1), self._cut
        first = {f"h{subscript(j + 1)}": slice(j * inputs, (j + 1) * inputs) for j in range(self.neurons)}
        names = ["ŷ"] if self.outputs == 1 else [f"ŷ{subscript(k)}" for k in self._which]
        return first | {name: slice(cut + k * hidden, cut + (k + 1) * hidden) for k, name in enumerate(names)}

    def layers(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return θ, or anything of its shape, as two tables with a row for each neuron and its bias in the last column.

        Their shapes are ``(..., hidden, d + 1)`` and ``(..., K, hidden + 1)``. Of an array of floats (float64) they are
        views.
        """
        theta = parameters(theta, self._p)
        leading, cut = theta.shape[:-1], self._cut
        hidden = theta[..., :cut].reshape(*leading, self.neurons, self.x.shape[1] + 1)
        return hidden, theta[..., cut:].reshape(*leading, self.outputs, self.neurons + 1)

    def hidden(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return h = φ(w·x + b) of each row and hidden neuron, shape ``(..., n, hidden)``; ``x`` as in `scores`."""
        return np.swapaxes(self._forward(theta, x)[0], -1, -2)

    def scores(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return the outputs v·h + c, shape ``(..., n)``; of several, ``(..., n, K)``.

        ``x`` stands for new inputs, shape ``(m, d)`` (or ``(m,)`` for one feature, or one row of ``d`` numbers);
        without it the network's own rows are used.
        """
        scores = self._forward(theta, x)[1]
        return np.swapaxes(scores, -1, -2) if self._many else scores[..., 0, :]

    def probabilities(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return how likely each row is of class 1, shape ``(..., n)``, or of each class, ``(..., n, K)``.

        Raises
        ------
        TypeError
            If the loss is the squared one, whose outputs are no probabilities.
        """
        if self.kind == "squared":
            raise TypeError("probabilities need loss='log' or loss='softmax'; the squared loss has outputs: predict")
        return (sigmoid if self.kind == "log" else softmax)(self.scores(theta, x))

    def predict(self, theta: ArrayLike, x: ArrayLike | None = None) -> np.ndarray:
        """Return the outputs ŷ of each row, in the targets' shape; for classes the likeliest, shape ``(..., n)``."""
        scores = self.scores(theta, x)
        if self.kind == "squared":
            return scores
        return (scores > 0 if self.kind == "log" else scores.argmax(axis=-1)).astype(float)

    def loss(self, theta: ArrayLike) -> np.ndarray:
        """Return the mean loss over the rows; shape ``(..., p)`` in, ``(...)`` out."""
        numbers = len(self) * max(self.neurons, self.outputs)
        return self._in_tables(parameters(theta, self._p), self._mean_losses, numbers)

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """Return the slope of the mean loss for each parameter, by the chain rule; shape ``(..., p)`` in and out.

        A slope has the shape of its parameter: both layers' are tables as `layers` returns them.
        """
        theta = parameters(theta, self._p)
        hidden, scores = self._forward(theta)
        weights = self.layers(theta)[1][..., :-1]
        gradient = np.empty(theta.shape)
        of_hidden, of_output = self.layers(gradient)
        at_scores = self._loss.slopes(scores) / len(self)
        of_output[..., :-1] = at_scores @ np.swapaxes(hidden, -1, -2)
        of_output[..., -1] = at_scores.sum(axis=-1)
        at_hidden = np.swapaxes(weights, -1, -2) @ at_scores  # through the weights as they are, before any step
        at_hidden *= ACTIVATIONS[self.activation].slope(hidden)
        of_hidden[...] = _times(at_hidden, self.design)
        return gradient

    def _forward(self, theta: ArrayLike, x: ArrayLike | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return h, shape ``(..., hidden, n)``, and the outputs' scores, ``(..., K, n)``."""
        hidden, output = self.layers(theta)
        design = self.design if x is None else with_ones(self._inputs(x))
        z = _times(hidden, design.T)
        h = ACTIVATIONS[self.activation].value(z)
        return h, output[..., :-1] @ h + output[..., -1:]

    def _mean_losses(self, theta: np.ndarray) -> np.ndarray:
        return self._loss.losses(self._forward(theta)[1]).mean(axis=-1)

    def _targets(self, y: ArrayLike) -> np.ndarray:
        if self.kind != "squared":
            return class_numbers(y)
        y = finite_array("y", y)
        if y.ndim not in (1, 2):
            raise ValueError(f"y must hold the targets of each row, shape (n,) or (n, K), got shape {y.shape}")
        return y

    @cached_property
    def _loss(self) -> SquaredLoss | LogLoss | SoftmaxLoss:
        return LOSSES[self.kind](self.y)

    @property
    def _many(self) -> bool:
        """Whether a row has a list of outputs, rather than one number."""
        return self.kind == "softmax" or self.y.ndim == 2

    @property
    def _which(self) -> list[int]:
        """The numbers of the outputs: of classes from 0, of targets from 1."""
        return list(range(self.outputs)) if self.kind == "softmax" else list(range(1, self.outputs + 1))

    @cached_property
    def _cut(self) -> int:
        """Where θ's second layer begins."""
        return self.neurons * (self.x.shape[1] + 1)

    @cached_property
    def _p(self) -> int:
        return self._cut + self.outputs * (self.neurons + 1)


def _one_of(name: str, value: str, known: dict[str, object]) -> str:
    """Return a name that is known; raise a ValueError that lists those that are."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}, got {quoted(value)}")
    return value


def _times(tables: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return the product of each table and the same matrix: stacked, they are one table, and one product will do."""
    product = tables.reshape(-1, tables.shape[-1]).dot(matrix)
    return product.reshape(*tables.shape[:-1], matrix.shape[1])


def _block(weight: str, bias: str, neuron: str, inputs: list[str]) -> list[str]:
    """Return the names of a neuron's parameters: a weight for each input, then the bias."""
    return [*(weight + neuron + each for each in inputs), bias + neuron]


def _numbered(neurons: list[int], inputs: int) -> tuple[list[str], list[str]]:
    """Return the numbers of neurons and inputs as they stand in names; w₁,₁₁ and w₁₁,₁ are two."""
    comma = "," if max(*neurons, inputs) > 9 else ""
    return [subscript(j) for j in neurons], [comma + subscript(i) for i in range(1, inputs + 1)]
