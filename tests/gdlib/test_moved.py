"""A copy of a notebook of the first edition is told where its imports have gone, by the line to write instead."""

import pytest

import gdlib.problem

OLD = {
    "from gdlib.problem import LinearRegression": "from gdlib.linear import LinearRegression",
    "from gdlib.plots import graph": "from gdlib.graph import graph",
    "from gdlib.explore import ConceptExplorer": "from gdlib.explore.concept import ConceptExplorer",
    "from gdlib.explore import LossExplorer": "from gdlib.explore.loss import LossExplorer",
    "from gdlib.explore import DerivationExplorer": "from gdlib.explore.derivation import DerivationExplorer",
    "from gdlib.explore import WorkedExampleExplorer": "from gdlib.explore.example import WorkedExampleExplorer",
    "from gdlib.explore import LearningRateExplorer": "from gdlib.explore.rate import LearningRateExplorer",
}


@pytest.mark.parametrize("old", OLD)
def test_an_old_import_names_the_new_one_which_works(old):
    with pytest.raises(ImportError, match=f"write `{OLD[old]}`$"):
        exec(old)
    exec(OLD[old])


def test_the_bugs_have_moved_as_a_whole():
    with pytest.raises(ImportError, match=r"write `from gdlib\.exercises\.bugs import …`$"):
        from gdlib.bugs import symptoms  # noqa: F401


def test_what_was_never_there_is_no_attribute():
    with pytest.raises(AttributeError, match=r"module 'gdlib\.problem' has no attribute 'linear'"):
        gdlib.problem.linear  # noqa: B018
