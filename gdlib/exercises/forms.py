"""Results in the form in which they are compared: an array of numbers, a word, or what cannot be compared, named."""

import re
import unicodedata
from typing import Any

import numpy as np

from gdlib.exercises.attempt import Outcome
from gdlib.exercises.kinds import Computation, Exercise
from gdlib.exercises.reading import is_text, kind, real_numbers

#: A result of this form can be compared: an array of numbers, a word, or the name of an exception.
Form = np.ndarray | str


def form_of(exercise: Exercise, outcome: Outcome) -> Form:
    """Return a result in the form in which results are compared; what cannot be compared is a word in brackets."""
    if outcome.error is not None:
        return f"<{type(outcome.error).__name__}>"
    if is_text(outcome.value):
        return choice_meant(exercise, outcome.value) or str.strip(outcome.value)
    if type(outcome.value) in (bool, np.bool_) and exercise.choices == ("yes", "no"):
        return "yes" if outcome.value else "no"
    numbers = real_numbers(outcome.value)
    if exercise.choices and numbers is not None and numbers.size == 1:
        return exercise.synonyms.get(f"{numbers.item():g}", "<a number>")
    return f"<{kind(outcome.value)}>" if numbers is None else np.asarray(exercise.seen(numbers))


def result_of(exercise: Exercise, compute: Computation, case: tuple[Any, ...]) -> Form:
    """Return what a computation of the course gives for a case, in the form in which results are compared."""
    try:
        with np.errstate(all="ignore"):
            outcome = Outcome(compute(*case))
    except (ValueError, IndexError) as error:  # such as a matrix the wrong way round, whose shapes do not fit
        outcome = Outcome(error=error)
    return form_of(exercise, outcome)


def choice_meant(exercise: Exercise, text: str) -> str | None:
    """Return the choice that a text stands for, however it is typed: w2 for w₂, "the left valley" for left; or None.

    It may say more than the choice, if it names one alone and denies nothing.
    """
    if re.search("[<>≤≥]", text):
        return None
    known = {**exercise.synonyms, **{choice: choice for choice in exercise.choices}}
    letters = {bare(word): choice for word, choice in known.items()}
    rest = _denials_as_not(text)
    if bare(rest) in letters:
        return letters[bare(rest)]
    named = set()
    for word in sorted(known, key=len, reverse=True):  # "not zero" before the "zero" in it
        if is_part(word, rest):
            named.add(known[word])
            rest = _without(word, rest)
    return named.pop() if len(named) == 1 and not denies(rest) else None


def denies(text: str) -> bool:
    """Return whether a text says that something is not so."""
    plain = _denials_as_not(text)
    return any(is_part(word, plain) for word in ("not", "no", "never", "neither", "nor", "without", "cannot"))


def _denials_as_not(text: str) -> str:
    """Return a text in which non-zero, nonzero, isn't zero and ≠ 0 have become not zero, is not zero and not 0."""
    text = re.sub("≠|!=|~", " not ", str.__str__(text)[:100])
    verbs = "is|are|was|were|does|do|did|has|have|had|wo|would|ca|could|should"
    text = re.sub(rf"\b({verbs})n['’]?t\b", r"\1 not", text, flags=re.IGNORECASE)
    return re.sub(r"\bnon(?!e\b)[-\s]?", "not ", text, flags=re.IGNORECASE)


def is_part(words: str, text: str) -> bool:
    """Return whether whole words stand in a text, one behind the other."""
    part = _spaced(words)
    return bool(part.strip()) and part in _spaced(text)


def _without(words: str, text: str) -> str:
    return _spaced(text).replace(_spaced(words), " | ")


def _spaced(text: str) -> str:
    return re.sub(r"[\W_]+", " ", f" {_plain(text)} ")


def bare(text: str) -> str:
    """Return small letters and digits alone, those below the line among them."""
    return "".join(each for each in _plain(text) if each.isalnum())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", str.__str__(text)[:100]).casefold()


def alike(one: Form, other: Form, tolerance: float) -> bool:
    """Return whether two results are the same, up to rounding."""
    if not of_one_form(one, other):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return bool(np.allclose(one, other, rtol=tolerance, atol=tolerance * size(other)))


def of_one_form(one: Form, other: Form) -> bool:
    """Return whether two results are numbers of one shape."""
    return not isinstance(one, str) and not isinstance(other, str) and one.shape == other.shape


def size(array: np.ndarray) -> float:
    """Return the largest entry's size, by which rounding errors are measured."""
    return float(np.abs(array).max(initial=0.0))
