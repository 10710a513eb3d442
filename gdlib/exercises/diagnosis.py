"""What may be wrong with results that are not the right ones: a known mistake, in all entries or in some, or digits."""

import numpy as np

from gdlib.exercises.forms import Form, alike, of_one_form, result_of, size
from gdlib.exercises.kinds import Exercise, Mistake
from gdlib.exercises.wording import told_close, told_cut_off, told_parts

#: Up to which part of its size a result is close to the right one.
_CLOSE = 1e-3


def diagnose(exercise: Exercise, got: list[Form], right: list[Form], slack: float = 1e-12) -> tuple[str, str] | None:
    """Return what to say and the name of the mistake, if these results tell which one it is.

    ``slack`` is the relative rounding error of the results' own type.
    """
    mistake = known_mistake(exercise, got)
    if mistake:
        return mistake.hint, mistake.name
    if _cut_off(got, right):
        return told_cut_off(exercise, right[0]), "integers for decimals"
    if _rounded(got, right, slack):
        return "Right, but rounded. Keep all digits: let Python compute it, and hand over the result.", "rounded"
    meant = _rounded_mistakes(exercise, got, slack)
    if len(meant) == 1:  # of several that are rounded to the same, nobody knows which
        return meant[0].hint, meant[0].name
    if exercise.accepts is not None or not all(map(of_one_form, got, right)):
        return None
    off = max(size(one - other) / (size(other) or 1.0) for one, other in zip(got, right, strict=True))
    if off < _CLOSE:
        return exercise.nearly or told_close(off, exercise.tolerance), ""
    return _mistake_in_part(exercise, got, right)


def known_mistake(exercise: Exercise, got: list[Form]) -> Mistake | None:
    """Return the known mistake that gives the same results on every data set, or None."""
    for mistake in exercise.mistakes:
        wrong = (result_of(exercise, mistake.compute, case) for case in exercise.cases)
        if all(alike(*pair, exercise.tolerance) for pair in zip(got, wrong, strict=True)):
            return mistake
    return None


def _rounded_mistakes(exercise: Exercise, got: list[Form], slack: float) -> list[Mistake]:
    """Return the known mistakes that typed numbers may be roundings of, as 0.333 of ⅓; a function rounds nothing."""
    if not exercise.is_value:
        return []
    return [each for each in exercise.mistakes if _rounded(got, [result_of(exercise, each.compute, ())], slack)]


def right_entries(exercise: Exercise, got: Form, right: Form) -> np.ndarray | None:
    """Return which entries of a list of numbers are right; None for anything else."""
    if not of_one_form(got, right) or np.ndim(right) != 1:
        return None
    return np.isclose(got, right, rtol=exercise.tolerance, atol=exercise.tolerance * size(right))


def _mistake_in_part(exercise: Exercise, got: list[Form], right: list[Form]) -> tuple[str, str] | None:
    """Return the known mistake that explains every entry which is not right, with what to say."""
    for mistake in exercise.mistakes:
        wrong = [result_of(exercise, mistake.compute, case) for case in exercise.cases]
        if all(_is_mixture(exercise, *trio) for trio in zip(got, right, wrong, strict=True)):
            return f"{told_parts(exercise, right_entries(exercise, got[0], right[0]))}\n{mistake.hint}", mistake.name
    return None


def _is_mixture(exercise: Exercise, got: Form, right: Form, wrong: Form) -> bool:
    """Return whether some entries are right, and the others those of a mistake."""
    is_right, is_wrong = right_entries(exercise, got, right), right_entries(exercise, got, wrong)
    if is_right is None or is_wrong is None:
        return False
    return bool((is_right | is_wrong).all() and is_right.any() and not is_right.all())


def _cut_off(got: list[Form], right: list[Form]) -> bool:
    """Return whether the results are right ones without their decimals, and not all zero."""
    pairs = list(zip(got, right, strict=True))
    whole = all(of_one_form(*pair) and np.array_equal(pair[0], np.trunc(pair[1])) for pair in pairs)
    return whole and any(size(one) for one in got)


def _rounded(got: list[Form], right: list[Form], slack: float) -> bool:
    """Return whether the results are these, rounded to two significant digits at least.

    A tie may be rounded either way. What is the same as it is needs no rounding.
    """
    return all(
        of_one_form(one, other) and (alike(one, other, slack) or _is_rounding(one, other, slack))
        for one, other in zip(got, right, strict=True)
    )


def _is_rounding(one: np.ndarray, other: np.ndarray, slack: float) -> bool:
    """Return whether the numbers in ``one`` are those in ``other``, rounded to the same decimal place."""
    largest = size(other)
    if not (largest and size(one - other) <= 0.05 * largest):
        return False
    second = 1 - int(np.floor(np.log10(largest)))  # the place of the largest number's second digit
    return any(
        np.allclose(one, np.round(one, digits), rtol=0, atol=slack * largest)
        and size(one - other) <= (0.5 + 1e-6) * 10.0**-digits
        for digits in range(second, second + 9)
    )
