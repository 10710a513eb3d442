"""Hands on every control, in any order: no explorer ever fails, and none says what its run does not.

Only what is public is used: an explorer's controls are those of its attributes that have a ``value``, its buttons those
that ``click``; ``run`` and ``reading`` are what it shows.
"""

import re
import warnings
from itertools import combinations, product

import ipywidgets as widgets
import numpy as np
import pytest
from explorers import EXPLORERS, buttons, ends
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdlib.descent import descend

SLIDERS = (widgets.FloatSlider, widgets.FloatLogSlider, widgets.IntSlider)


def controls(explorer):
    """Return {name: control} of what can be set by hand."""
    kinds = (*SLIDERS, widgets.Dropdown, widgets.Checkbox, widgets.ToggleButtons)
    return {name: each for name, each in vars(explorer).items() if isinstance(each, kinds)}


def amid(control, part):
    """Return the value of a control that lies at this part of its way, from 0 to 1."""
    if not isinstance(control, SLIDERS):
        return ends(control)[min(int(part * len(ends(control))), len(ends(control)) - 1)]
    at = control.min + part * (control.max - control.min)
    if isinstance(control, widgets.IntSlider):
        return round(at)
    return control.base**at if isinstance(control, widgets.FloatLogSlider) else at


def assert_honest(explorer):
    """See that what an explorer shows is what its run did, and that all of it can be read."""
    words = explorer.reading
    assert words
    assert not re.search(r"\b(?:nan|inf|None)\b|object at 0x", words)
    assert repr(explorer).endswith(words)
    run = explorer.run
    if run is None:
        return
    again = descend(run.problem, run.parameters[0], float(run.eta), len(run), order=run.order)
    assert np.array_equal(again.parameters, run.parameters)
    assert np.isfinite(run.losses).all()
    eta = getattr(explorer, "eta", None)
    assert eta is None or run.eta == eta.value
    fate = re.match(r"[a-z ]*", re.sub(r"^step \d+ .*; |^start .*; ", "", words))[0]
    assert not run.diverged or fate == "diverges" or "too large for a computer" in words
    if fate.startswith("stays"):
        assert np.array_equal(run.theta, run.parameters[0])
    elif fate in ("diverges", "glides", "lands", "overshoots", "converges"):
        assert in_the_long_run(run) == (fate == "diverges"), words
    for first, second, way in told_changes(words):
        assert first > second if way == "falls" else first < second, words


def in_the_long_run(run):
    """Return whether the loss grows at last, round after round, when the run is led on."""
    rounds = 200 * (len(run.problem) if run.order == "one by one" else 1)
    longer = descend(run.problem, run.parameters[0], float(run.eta), 2 * rounds, order=run.order)
    return longer.diverged or longer.losses[-1] > longer.losses[rounds] + 1e-12 * longer.losses[0]


def told_changes(words):
    """Yield (from, to, falls or rises) of the changes that are told in plain numbers."""
    number = r"(−?\d+(?:\.\d+)?)(?![\d.]*·)"
    for way, first, second in re.findall(rf"\b(falls|rises) from {number} to {number}", words):
        yield float(first.replace("−", "-")), float(second.replace("−", "-")), way


@pytest.fixture(scope="module", params=EXPLORERS, ids=lambda kind: kind.__name__)
def explorer(request):
    """An explorer of each kind; warnings are errors while hands are on it."""
    made = request.param()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield made
    made.close()


@pytest.mark.long
def test_every_control_at_its_ends_and_default(explorer):
    for control in controls(explorer).values():
        default = control.value
        for value in (*ends(control), default):
            control.value = value
            assert control.value == pytest.approx(value) if isinstance(control, SLIDERS) else control.value == value
            assert_honest(explorer)


@pytest.mark.long
def test_every_pair_of_controls_at_their_extremes(explorer):
    for one, other in combinations(controls(explorer).values(), 2):
        defaults = one.value, other.value
        for one_end, other_end in product(ends(one), ends(other)):
            one.value, other.value = one_end, other_end
            assert_honest(explorer)
        one.value, other.value = defaults


@pytest.mark.long
@settings(
    max_examples=15,
    stateful_step_count=1,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(st.tuples(st.integers(0, 999), st.floats(0, 1)), min_size=1, max_size=12))
def test_moves_over_all_controls(explorer, moves):
    hands = [*controls(explorer).values(), *buttons(explorer).values()]
    for which, part in moves:
        hand = hands[which % len(hands)]
        if isinstance(hand, widgets.Button):
            hand.click()
        else:
            hand.value = amid(hand, part)
        assert_honest(explorer)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("the loss falls from 0.64 to 0.2", [(0.64, 0.2, "falls")]),
        ("θ rises from −1 to 2, and the loss falls from 3 to 1.5", [(-1, 2, "rises"), (3, 1.5, "falls")]),
        ("falls from 1.5·10⁻⁷ to 1·10⁻⁸", []),
    ],
)
def test_told_changes(words, told):
    assert list(told_changes(words)) == told
