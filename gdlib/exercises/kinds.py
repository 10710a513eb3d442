"""What an exercise is, what a known mistake is, and how a notebook's module registers its exercises.

A mistake is a wrong computation, kept as a function beside the right one. So a diagnosis compares what a reader's
function returns with what the wrong computation returns, on several data sets, and no number is typed in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

Computation = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A known mistake: what it is called, what to tell who made it, and the computation that makes it."""

    name: str
    hint: str
    compute: Computation


def chosen(word: str, hint: str) -> Mistake:
    """Return a wrong choice as a mistake."""
    return Mistake(f"chose “{word}”", hint, lambda: word)


@dataclass(frozen=True)
class Exercise:
    """What an exercise asks for."""

    right: Computation  #: what a function shall return, or without arguments the value
    cases: tuple[tuple[Any, ...], ...] = ((),)  #: the arguments it is tried on; ``((),)`` for a value
    mistakes: tuple[Mistake, ...] = ()  #: the known ones; where several fit, the first is told
    choices: tuple[str, ...] = ()  #: the words to choose from, for a question with a word for its answer
    seen: Callable[[Any], Any] = lambda result: result  #: what is compared, where several results are as good
    #: Whether a result for these arguments is right, where there are many right ones; else it has to equal ``right``.
    accepts: Callable[[tuple[Any, ...], Any], bool] | None = None
    #: What to say about a result of the right form that is not accepted.
    falls_short: Callable[[tuple[Any, ...], Any], str] | None = None
    nearly: str = ""  #: what to say about a result that is nearly right, in place of the usual advice
    tolerance: float = 1e-9  #: in parts of its size: rounding errors, or more where a search is allowed
    parts: tuple[str, ...] = ()  #: what the entries of a result are called, where there are several
    synonyms: Mapping[str, str] = field(default_factory=dict)  #: other words that stand for a choice
    #: For a gradient: the slopes measured for the same arguments, beside which a wrong one is shown.
    measured: Computation | None = None
    may_change: tuple[int, ...] = ()  #: the positions of arguments that a function may write into
    shown: str = ""  #: lines of code that a right answer is shown

    @classmethod
    def value(cls, right: Computation, *mistakes: Mistake, **options: Any) -> Self:  # noqa: ANN401
        """Return an exercise that asks for one number or several; ``options`` are other attributes."""
        return cls(right, mistakes=mistakes, **options)

    @classmethod
    def word(cls, right: Computation, choices: tuple[str, ...], *mistakes: Mistake, **options: Any) -> Self:  # noqa: ANN401
        """Return an exercise that asks for one of these words; ``options`` are other attributes."""
        return cls(right, mistakes=mistakes, choices=choices, **options)

    @classmethod
    def function(
        cls,
        right: Computation,
        cases: tuple[tuple[Any, ...], ...],
        *mistakes: Mistake,
        **options: Any,  # noqa: ANN401
    ) -> Self:
        """Return an exercise that asks for a function, tried on these arguments; ``options`` are other attributes."""
        return cls(right, cases, mistakes, **options)

    @property
    def is_value(self) -> bool:
        """Whether a number or a word is asked for, rather than a function."""
        return self.cases == ((),)


def exercise(name: str) -> Callable[[Callable[[], Exercise]], Callable[[], Exercise]]:
    """Return the mark of a function that builds the exercise of this name."""

    def mark(build: Callable[[], Exercise]) -> Callable[[], Exercise]:
        build.builders = {name: build}
        return build

    return mark


def numbered(name: str, most: int) -> Callable[[Callable[[int], Exercise]], Callable[[int], Exercise]]:
    """Return the mark of a function that builds an exercise for each number from 1 to ``most``: "bug-1", "bug-2", …."""

    def mark(build: Callable[[int], Exercise]) -> Callable[[int], Exercise]:
        build.builders = {f"{name}-{number}": partial(build, number) for number in range(1, most + 1)}
        return build

    return mark
