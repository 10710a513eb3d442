"""Gradient descent: the update rule, and the record of what happened.

``descend`` repeats equation (1), θ ← θ − η∇L(θ), in every way the course uses it: on all rows or some, with one
learning rate or a thousand side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from itertools import cycle, islice, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gdlib._arguments import count, finite_array, finite_number, quoted, rates
from gdlib._calls import at_each, at_one, is_ours, must_be_steady, stacked
from gdlib.problem import Curve, FiniteSum, Problem, as_problem

ORDERS = ("batch", "one by one", "stochastic", "mini-batch")  # which rows each step uses
RECORDS = ("step", "epoch", None)  # how often the loss over all rows is worked out
_FIRST_BLOCK = 64  # steps taken before the first look at whether to stop


@dataclass(frozen=True, eq=False)
class Run:
    """Everything that happened in a descent: plain data, for plots and explanations to read.

    A descent from several starts or at several rates has a replica for each; ``*replicas`` is the shape of η and of the
    starts, empty for a single descent. K is the number of steps of the replica that went on longest; one that stopped
    earlier repeats its last entries. Every entry is finite, also in a run that diverged: its record ends with the last
    θ at which all was finite.

    Attributes
    ----------
    problem, eta, order
        What was asked for; ``eta`` has shape ``(*replicas,)``.
    parameters
        θ before any step and after each, shape ``(K + 1, *replicas, p)``.
    losses
        The mean loss over *all* rows at each θ, shape ``(K + 1, *replicas)``. Where it was not worked out, it repeats
        the last one that was; ``recorded`` says where.
    step_losses
        ``step_losses[k]`` is the loss on the rows that step k + 1 uses, before it uses them; shape ``(K, *replicas)``.
        Empty, shape ``(0, *replicas)``, unless the losses of every step were recorded.
    rates
        The learning rate of each step, shape ``(K, *replicas)``: η times the schedule's factor.
    rows
        For each step the rows it used, so that ``problem[rows[k]]`` is what step k + 1 went down: an array of indices,
        or ``slice(None)`` for all of them.
    stopped
        Why it stopped: ``"steps"``, ``"tolerance"`` or ``"diverged"``; an array of the replicas' shape for several.
    stop_step
        After how many steps; an array of the replicas' shape for several.
    recorded
        Whether ``losses[k]`` is the loss at ``parameters[k]``, and not repeated; shape ``(K + 1, *replicas)``. It is at
        each replica's first and last θ.
    """

    problem: Problem
    eta: np.ndarray
    order: str
    parameters: np.ndarray
    losses: np.ndarray
    step_losses: np.ndarray
    rates: np.ndarray
    rows: list[np.ndarray | slice]
    stopped: str | np.ndarray
    stop_step: int | np.ndarray
    recorded: np.ndarray

    def __len__(self) -> int:
        """Return the number of steps taken, K."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Say in a line what was run and how it ended."""
        if self.eta.ndim:
            return f"Run({self.eta.size} learning rates, {self.order}, {len(self)} steps at most)"
        losses = f"loss {self.losses[0]:.6g} → {self.losses[-1]:.6g}"
        return f"Run(η = {self.eta:.6g}, {self.order}, {len(self)} steps, {losses}, stopped by {self.stopped})"

    @property
    def theta(self) -> np.ndarray:
        """The last θ, shape ``(*replicas, p)``."""
        return self.parameters[-1]

    @property
    def diverged(self) -> bool | np.ndarray:
        """Whether the loss or θ left the finite numbers; a merely growing loss has not diverged (yet)."""
        return self.stopped == "diverged"

    @property
    def grew(self) -> bool | np.ndarray:
        """Whether the loss ended above where it began, or the run diverged."""
        grew = (self.losses[-1] > self.losses[0]) | self.diverged
        return grew if self.eta.ndim else bool(grew)


def descend(
    problem: Problem,
    start: ArrayLike,
    eta: ArrayLike,
    steps: int,
    *,
    order: str = "batch",
    batch_size: int | None = None,
    seed: int = 0,
    tolerance: float = 0.0,
    schedule: Callable[[int], float] | None = None,
    record_losses: str | None = "step",
) -> Run:
    """Return the run that starts at ``start`` and repeats θ ← θ − η∇L(θ), equation (1).

    Parameters
    ----------
    problem
        What to minimise: a `Curve`, a `LinearRegression`, a `LogisticRegression`, or anything else that is a `Problem`.
        Every order but ``"batch"`` takes a `FiniteSum`: a length, and rows by indexing.
    start
        θ before the first step, shape ``(..., p)``; a plain number will do for one parameter.
    eta
        The learning rate η ≥ 0. An array runs one descent for each rate, all from ``start``: a sweep.
    steps
        How many steps at most.
    order
        Which rows each step uses: ``"batch"``, all of them; ``"one by one"``, cyclic order, one after the other;
        ``"stochastic"``, one at a time, shuffled anew for every epoch; ``"mini-batch"``, ``batch_size`` at a time,
        shuffled likewise.
    batch_size
        Rows of a mini-batch; the last one of an epoch takes what is left.
    seed
        Makes the shuffling repeatable.
    tolerance
        Stop once a whole epoch changes the mean loss by less than this. (A batch step is an epoch.)
    schedule
        A function of k = 0, 1, 2, … whose value multiplies η in step k + 1, such as ``lambda k: 1 / (1 + k)``.
    record_losses
        How often to work out the loss over all rows, which may cost far more than a step: ``"step"``, at every θ;
        ``"epoch"``, after each epoch; None, at the start and the end alone, as in the other cases too.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is said above. A descent that blows up is no error: the run says that it diverged.
    """
    problem, eta, theta = as_problem(problem), rates("eta", eta), np.atleast_1d(finite_array("start", start))
    if theta.shape[-1] != len(problem.names):
        raise ValueError(f"start must have {len(problem.names)} parameter(s) in its last axis, got shape {theta.shape}")
    try:
        replicas = np.broadcast_shapes(eta.shape, theta.shape[:-1])
    except ValueError:
        raise ValueError(f"eta {eta.shape} and start {theta.shape[:-1]} must have shapes that broadcast") from None
    eta, theta = np.broadcast_to(eta, replicas).copy(), np.broadcast_to(theta, (*replicas, theta.shape[-1]))
    steps, tolerance = count("steps", steps), finite_number("tolerance", tolerance)
    if tolerance < 0:
        raise ValueError(f"tolerance must not be negative, got {tolerance:g}")
    if not (schedule is None or callable(schedule)):
        raise TypeError(f"schedule must be a function of k, got {quoted(schedule)}")
    if not (record_losses is None or isinstance(record_losses, str)) or record_losses not in RECORDS:
        raise ValueError(f"record_losses must be one of {', '.join(map(repr, RECORDS))}, got {quoted(record_losses)}")
    if tolerance and record_losses != "step":
        raise ValueError(f"tolerance needs record_losses='step', got {record_losses!r}: it looks at every epoch's loss")
    batches, epoch, repeats = _batches(problem, order, batch_size, seed)
    descent = _Descent(problem, eta, order, theta, steps, {"step": 1, "epoch": epoch, None: None}[record_losses])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # divergence is a result, not a warning
        descent.losses[0] = at_each(problem.loss, theta, "problem.loss")
        if not np.isfinite(descent.losses[0]).all():
            raise ValueError("start must be where the loss is finite; there it is not")
        gradient = _gradient(problem, theta)
        size = -(-_FIRST_BLOCK // epoch) * epoch
        while descent.taken < steps and (descent.stopped == "").any():
            first, block = descent.taken, list(islice(batches, min(size, steps - descent.taken)))
            descent.take_steps(block, gradient, schedule)
            descent.note_losses(first, block, epoch if repeats else len(block))
            descent.find_stops(first, epoch, tolerance)
            size *= 2  # so that at most about half of the steps lie beyond the stop
        descent.note_last_losses()
        if (descent.stop_step == 0).any():  # the first step led nowhere: too large a rate, or is there no slope?
            finite_array("what problem.gradient returns at the start", gradient(problem, theta))
        return descent.run()


class _Batch(NamedTuple):
    """The rows that a step uses, and the problem made of them."""

    rows: np.ndarray | slice
    problem: Problem


_Gradient = Callable[[Problem, np.ndarray], np.ndarray]  # of a problem, or a part of it, at the θ of all replicas


class _Descent:
    """A descent under way. Steps come in blocks of whole epochs: checking after each would cost more than the step."""

    def __init__(
        self, problem: Problem, eta: np.ndarray, order: str, theta: np.ndarray, steps: int, every: int | None
    ) -> None:
        self.problem, self.eta, self.order = problem, eta, order
        self.every = every  # so many steps the loss is worked out, or only at the ends
        self.parameters = np.empty((steps + 1, *theta.shape))
        self.parameters[0] = theta
        self.losses, self.recorded = np.empty((steps + 1, *eta.shape)), np.zeros((steps + 1, *eta.shape), dtype=bool)
        self.step_losses = np.empty((steps if every == 1 else 0, *eta.shape))
        self.recorded[0] = True
        self.factors = np.empty(steps)
        self.rows: list[np.ndarray | slice] = []
        self.stop_step, self.stopped = np.full(eta.shape, steps), np.full(eta.shape, "", dtype="<U9")

    @property
    def taken(self) -> int:
        return len(self.rows)

    def take_steps(self, block: list[_Batch], gradient: _Gradient, schedule: Callable[[int], float] | None) -> None:
        """Take a step for each batch of the block."""
        theta = self.parameters[self.taken]
        self.factors[self.taken : self.taken + len(block)] = 1
        rate = eta = self.eta[..., np.newaxis] if self.eta.ndim else self.eta  # a replica's parameters share its rate
        for k, (_, part) in enumerate(block, start=self.taken):
            if schedule is not None:
                self.factors[k] = _factor(k, schedule(k))
                rate = eta * self.factors[k]
            theta = theta - rate * gradient(part, theta)  # equation (1)
            self.parameters[k + 1] = theta
        self.rows += [rows for rows, _ in block]

    def note_losses(self, first: int, block: list[_Batch], period: int) -> None:
        """Work out the losses of the steps after the first-th; batches a period apart have the same rows."""
        path, last = self.parameters[first : self.taken + 1], self.taken
        if self.every is None:
            self.losses[first + 1 : last + 1] = self.losses[first]
            return
        losses = at_each(self.problem.loss, path[:: self.every], "problem.loss")
        self.losses[first : last + 1] = np.repeat(losses, self.every, axis=0)[: len(path)]
        self.recorded[first : last + 1 : self.every] = True
        if self.every > 1:
            return
        self.step_losses[first:last] = self.losses[first:last]
        for j, (_, part) in enumerate(block[:period]):
            if part is not self.problem:
                self.step_losses[first + j : last : period] = at_each(part.loss, path[j:-1:period], "problem.loss")

    def find_stops(self, first: int, epoch: int, tolerance: float) -> None:
        """See which replicas stopped after the first-th step, and why."""
        path, losses = self.parameters[first : self.taken + 1], self.losses[first : self.taken + 1]
        small = np.abs(np.diff(losses[::epoch], axis=0)) < tolerance
        settled = _first(small, len(path)) * epoch + epoch
        finite = np.isfinite(losses) & np.isfinite(path @ np.zeros(path.shape[-1]))  # 0·∞ is not a number
        if self.every == 1:
            finite[1:] &= np.isfinite(self.step_losses[first : self.taken])  # a row's may overflow sooner
        blown = _first(~finite, len(path) + 1) - 1
        end = np.minimum(settled, blown)
        ends = (self.stopped == "") & (end < len(path))
        self.stop_step = np.where(ends, first + end, self.stop_step)
        self.stopped = np.where(ends, np.where(settled <= blown, "tolerance", "diverged"), self.stopped)

    def note_last_losses(self) -> None:
        """Work out the loss at each replica's last θ; where it is not finite, the run ends at a θ where it still is."""
        if self.every == 1:
            return
        path = self.parameters.reshape(len(self.parameters), -1, self.parameters.shape[-1])
        replica = np.arange(path.shape[1])

        def losses_after(steps: np.ndarray) -> np.ndarray:
            return at_each(self.problem.loss, path[steps, replica], "problem.loss")

        end = self.stop_step.reshape(-1)
        blown = ~np.isfinite(losses_after(end))
        low, high = end // self.every * self.every if self.every else np.zeros_like(end), end
        while (blown & (high - low > 1)).any():  # halve the way between a θ whose loss is finite and one whose is not
            middle = (low + high) // 2
            finite = np.isfinite(losses_after(middle))
            low, high = np.where(finite, middle, low), np.where(finite, high, middle)
        end = np.where(blown, low, end)
        self.losses.reshape(len(path), -1)[end, replica] = losses_after(end)
        self.recorded.reshape(len(path), -1)[end, replica] = True
        self.stop_step = end.reshape(self.stop_step.shape)
        self.stopped = np.where(blown.reshape(self.stopped.shape), "diverged", self.stopped)

    def run(self) -> Run:
        """Return the record up to where the last replica stopped; the others repeat their last entries."""
        replicas, length = self.eta.shape, int(self.stop_step.max())
        parameters, losses, recorded = (kept[: length + 1] for kept in (self.parameters, self.losses, self.recorded))
        step_losses = self.step_losses[:length]
        used = self.eta * self.factors[:length].reshape(-1, *np.ones_like(replicas))
        if (self.stop_step < length).any():
            k = np.arange(length + 1).reshape(-1, *np.ones_like(replicas))
            last = np.minimum(k, self.stop_step)
            parameters = np.take_along_axis(parameters, last[..., np.newaxis], axis=0)
            losses, recorded = (np.take_along_axis(entries, last, axis=0) for entries in (losses, recorded))
            before = np.minimum(k[:-1], np.maximum(self.stop_step - 1, 0))
            used = np.take_along_axis(used, before, axis=0)
            step_losses = np.take_along_axis(step_losses, before, axis=0) if self.every == 1 else step_losses
        stopped, end = np.where(self.stopped == "", "steps", self.stopped), self.stop_step
        how = (stopped, end) if replicas else (str(stopped), int(end))
        rows = self.rows[:length]
        return Run(self.problem, self.eta, self.order, parameters, losses, step_losses, used, rows, *how, recorded)


def _gradient(problem: Problem, theta: np.ndarray) -> _Gradient:
    """Return how to ask for gradients: at all replicas in one call, where that is the same as a call for each."""
    one, shape = theta.reshape(-1, theta.shape[-1]), theta.shape[-1:]
    curve = isinstance(problem, Curve)  # whose f and slope may be anybody's
    if curve or not is_ours(problem.loss):
        must_be_steady(problem.loss, one[0], "problem.loss")
    if curve or not is_ours(problem.gradient):
        must_be_steady(problem.gradient, one[0], "problem.gradient", shape)
    if is_ours(problem.gradient):
        return lambda part, theta: part.gradient(theta)
    if stacked(problem.gradient, one, "problem.gradient", shape) is not None:
        return lambda part, theta: np.reshape(part.gradient(theta.reshape(-1, *shape)), theta.shape)

    def each(part: Problem, theta: np.ndarray) -> np.ndarray:
        slopes = [at_one(part.gradient, own, "problem.gradient", shape) for own in theta.reshape(-1, *shape)]
        return np.reshape(slopes, theta.shape)

    return each


def _first(hits: np.ndarray, never: int) -> np.ndarray:
    """Return where along the first axis each replica's first hit is, or ``never``."""
    return np.where(hits.any(axis=0), hits.argmax(axis=0), never) if len(hits) else np.full(hits.shape[1:], never)


def _factor(k: int, value: ArrayLike) -> float:
    """Return the schedule's value for step k + 1, if it is a rate; a plain float takes a short cut."""
    if isinstance(value, float) and 0 <= value < np.inf:
        return value
    return float(rates(f"schedule({k})", finite_number(f"schedule({k})", value)))


def _batches(problem: Problem, order: str, batch_size: int | None, seed: int) -> tuple[Iterator[_Batch], int, bool]:
    """Return batches without end, how many make an epoch, and whether every epoch has the same ones."""
    if order not in ORDERS:
        raise ValueError(f"order must be one of {', '.join(map(repr, ORDERS))}, got {order!r}")
    if (batch_size is not None) != (order == "mini-batch"):
        raise ValueError(f"batch_size goes with order='mini-batch' and only with it, got {batch_size!r} and {order!r}")
    seed, n = count("seed", seed, least=0), len(problem) if isinstance(problem, Sized) else 0
    if order == "batch":
        return repeat(_Batch(slice(None), problem)), 1, True
    if not n:
        raise ValueError(f"order={order!r} needs a problem made of rows; this one has none")
    if not is_ours(problem.gradient):
        as_problem(problem[0])
    if order == "one by one":
        return cycle(_Batch(np.array([i]), problem[i]) for i in range(n)), n, True
    size = 1 if order == "stochastic" else count("batch_size", batch_size)
    if size > n:
        raise ValueError(f"batch_size must be at most the {n} rows there are, got {size}")
    return _shuffled(problem, n, size, seed), -(-n // size), False


def _shuffled(problem: FiniteSum, n: int, size: int, seed: int) -> Iterator[_Batch]:
    """Yield ``size`` rows at a time, each row once an epoch, in an order drawn anew for every epoch."""
    generator = np.random.default_rng(seed)
    while True:
        shuffled = generator.permutation(n)
        for first in range(0, n, size):
            rows = shuffled[first : first + size]
            yield _Batch(rows, problem[rows])
