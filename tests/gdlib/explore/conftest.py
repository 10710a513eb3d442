"""Explorers that are built once for a module of tests."""

import pytest
from explorers import EXPLORERS, controls


@pytest.fixture(scope="module")
def built():
    """One explorer of each kind, and the values of its controls."""
    explorers = {kind: kind() for kind in EXPLORERS}
    yield {kind: (each, {c: c.value for c in controls(each).values()}) for kind, each in explorers.items()}
    for explorer in explorers.values():
        explorer.close()


@pytest.fixture
def take(built):
    """Return a function that gives the explorer of a kind, as it was when it was made."""
    taken = []

    def taker(kind):
        explorer, values = built[kind]
        taken.append((explorer, values))
        return explorer

    yield taker
    for _, values in taken:
        for control, value in values.items():
            control.value = value
