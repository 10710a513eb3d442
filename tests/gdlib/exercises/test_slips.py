"""The slips that come again and again have one name and one hint, wherever they are made."""

import pytest

from gdlib.exercises import all_exercises, slips

KNOWN = all_exercises()


@pytest.mark.parametrize(
    "wanted", ["factor 2 forgotten", "sum for mean", "sign flipped, or plus for minus", "η squared"]
)
def test_mistakes_that_everyone_makes_are_known_in_many_places(wanted):
    assert sum(wanted in {mistake.name for mistake in exercise.mistakes} for exercise in KNOWN.values()) >= 2


def test_sign_and_plus_share_one_message_that_names_both():
    hints = {m.hint for exercise in KNOWN.values() for m in exercise.mistakes if m.name.startswith("sign flipped, or")}
    assert len(hints) == 1
    assert "(ŷ − y)" in min(hints)
    assert "plus" in min(hints)


def test_each_slip_is_known_somewhere():
    told = {(mistake.name, mistake.hint) for exercise in KNOWN.values() for mistake in exercise.mistakes}
    named = {name: slip for name, slip in vars(slips).items() if name.isupper()}
    assert named
    assert [name for name, slip in named.items() if slip not in told] == []
