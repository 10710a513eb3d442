"""What the exercises compute: the right results, the data they are asked on, and the known mistakes.

One module for each notebook, and one for the bug hunt. Each data set differs from the notebooks' in size, start and
rate, so that different mistakes give different numbers.
"""

from gdlib.exercises import concept, derivation, example, hunt, loss, rate
from gdlib.exercises.kinds import Exercise, Mistake

__all__ = ["Exercise", "Mistake", "exercises"]


def exercises() -> dict[str, Exercise]:
    """Return all exercises by name, in the order of the notebooks."""
    return concept.concept() | loss.loss() | derivation.derivation() | example.example() | rate.rate() | hunt.hunt()
