"""What the exercises compute: the right results, the data they are asked on, and the known mistakes.

One module for each notebook. Each data set differs from the notebooks' in size, start and rate, so that different
mistakes give different numbers.
"""

from gdlib.exercises.kinds import Exercise, Mistake

__all__ = ["Exercise", "Mistake", "exercises"]


def exercises() -> dict[str, Exercise]:
    """Return all exercises by name, in the order of the notebooks."""
    from gdlib.exercises import concept, derivation, example, loss, rate

    return concept.concept() | loss.loss() | derivation.derivation() | example.example() | rate.rate()
