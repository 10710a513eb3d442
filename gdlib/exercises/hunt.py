"""The bug hunt: what is wrong with each program of `gdlib.exercises.bugs`."""

from gdlib.exercises.bugs import CULPRITS, PROGRAMS, culprit
from gdlib.exercises.kinds import Exercise, chosen, numbered

NOTEBOOK = "practice-bug-hunt"


@numbered("bug", PROGRAMS)
def _bug(number: int) -> Exercise:
    """Return the question what is wrong with a program. A wrong diagnosis is answered by what that would look like."""
    right = culprit(number)
    others = (chosen(word, look) for word, look in CULPRITS.items() if word != right)
    return Exercise.word(lambda: right, tuple(CULPRITS), *others)
