"""The bug hunt: what is wrong with each program of `gdlib.exercises.bugs`."""

from __future__ import annotations

from gdlib.exercises.bugs import CULPRITS, PROGRAMS, culprit
from gdlib.exercises.kinds import Exercise, chosen


def hunt() -> dict[str, Exercise]:
    """Return the exercises of the bug hunt. A wrong diagnosis is answered by what that bug would look like."""
    return {f"bug-{number}": _case(culprit(number)) for number in range(1, PROGRAMS + 1)}


def _case(right: str) -> Exercise:
    others = tuple(chosen(word, look) for word, look in CULPRITS.items() if word != right)
    return Exercise(lambda: right, mistakes=others, choices=tuple(CULPRITS))
