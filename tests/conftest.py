"""What the tests share: how they run against a mutant."""

from hypothesis import Phase, settings

# The same examples for each mutant, and no search for a simpler one that fails.
settings.register_profile("mutate", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])


def pytest_collection_modifyitems(config, items):
    """Put the tests that invent cases last, under mutation: most mutants fall to a plain test, in no time."""
    if config.getoption("--hypothesis-profile") == "mutate":
        items.sort(key=lambda item: getattr(getattr(item, "obj", None), "is_hypothesis_test", False))
