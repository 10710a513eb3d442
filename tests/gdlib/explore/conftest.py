"""Explorers that are built once for all tests, in each process."""

import functools

import pytest
from explorers import controls, looks


@pytest.fixture(scope="session")
def built():
    """Return a function that gives the explorer of a kind, built at the first call, its controls' values and looks."""
    made = []

    @functools.cache
    def build(kind):
        made.append(kind())
        return made[-1], {control: control.value for control in controls(made[-1]).values()}, looks(made[-1])

    yield build
    for explorer in made:
        explorer.close()


@pytest.fixture
def take(built):
    """Return a function that gives the explorer of a kind, as it was when it was made."""
    taken = []

    def taker(kind):
        taken.append(built(kind))
        return taken[-1][0]

    yield taker
    for explorer, values, as_it_was_made in taken:
        explorer.forget()
        for control, value in values.items():
            control.value = value
        assert looks(explorer)[1:] == as_it_was_made[1:]  # all but the pixels, which the next move draws anew
