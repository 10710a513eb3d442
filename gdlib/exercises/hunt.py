"""The bug hunt: what is wrong with each program of `gdlib.exercises.bugs`, and then the mending of it."""

from functools import partial

from gdlib.exercises.bugs import CULPRITS, PROGRAMS, culprit, faulty_lines
from gdlib.exercises.kinds import Exercise, chosen, numbered
from gdlib.exercises.open_repairs import OPEN_REPAIRS
from gdlib.exercises.repairs import REPAIRS

NOTEBOOK = "practice-bug-hunt"

#: Other words for a suspect.
SYNONYMS = {
    "integers": "whole numbers",
    "integer": "whole numbers",
    "int": "whole numbers",
    "wrong sign": "sign",
    "target minus output": "sign",
    "sign flipped": "sign",
    "stale": "stale gradient",
    "gradient stale": "stale gradient",
    "rounding": "whole numbers",
    "factor two": "factor 2",
    "the 2 forgotten": "factor 2",
    "2 forgotten": "factor 2",
    "half gradient": "factor 2",
    "learning rate too large": "rate too large",
    "lost bias": "no bias",
    "bias forgotten": "no bias",
    "frozen bias": "bias frozen",
    "bias still": "bias frozen",
    "too early": "updated too early",
    "shuffled": "rows shuffled",
    "features unscaled": "features not standardised",
    "unscaled": "features not standardised",
    "not standardised": "features not standardised",
    "healthy": "no bug",
    "sound": "no bug",
    "none": "no bug",
    "nothing": "no bug",
}


@numbered("bug", PROGRAMS)
def _bug(number: int) -> Exercise:
    """Return the question what is wrong with a program. A wrong diagnosis is answered by what that would look like."""
    right = culprit(number)
    others = (chosen(word, look) for word, look in CULPRITS.items() if word != right)
    return Exercise.word(lambda: right, tuple(CULPRITS), *others, synonyms=SYNONYMS, shown=faulty_lines(number))


def _repair(number: int) -> Exercise:
    """Return what is asked of a mended function."""
    return (REPAIRS | OPEN_REPAIRS)[number]()


_repair.builders = {f"bug-{number}-repair": partial(_repair, number) for number in sorted(REPAIRS | OPEN_REPAIRS)}
