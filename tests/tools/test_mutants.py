"""tools/mutants.py: what passes all tests is explained by its very line, or it is told."""

import tomllib
from collections import Counter
from pathlib import Path

import mutants
import pytest
from shared import PACKAGE, read

OLD = "rate = [eta * x for eta, x in zip(etas, row, strict=True)]"


@pytest.fixture
def waived(monkeypatch):
    """One waiver of each kind."""
    kept = {r", strict=\w+|, (?=\))": "one length"}, {("descent.step", "size *= 3"): "takes longer"}
    monkeypatch.setattr(mutants, "waivers", lambda: kept)


@pytest.mark.parametrize(
    ("mutant", "function"),
    [
        ("gdlib.curvature.x_regime__mutmut_40", "curvature.regime"),
        ("gdlib.curvature.x__eigen__mutmut_1", "curvature._eigen"),
        ("gdlib.problem.xǁ_Quadraticǁof__mutmut_5", "problem._Quadratic.of"),
        ("gdlib.descent.xǁ_Recordǁ__init____mutmut_23", "descent._Record.__init__"),
        ("gdlib.figures.describe.x_describe__mutmut_3", "figures.describe.describe"),
    ],
)
def test_a_mutant_is_of_its_function(mutant, function):
    assert mutants.function_of(mutant) == function


@pytest.mark.parametrize(
    ("function", "old", "new", "known"),
    [
        ("descent.step", "size *= 2", "size *= 3", True),
        ("descent.step", "size *= 2", "size *= 4", False),
        ("descent.repeat", "size *= 2", "size *= 3", False),
        ("descent.repeat", OLD, OLD.replace("True", "False"), True),
        ("descent.repeat", OLD, OLD.replace("strict=True", ""), True),
        ("descent.repeat", OLD, OLD.replace("*", "/"), False),
        ("descent.repeat", OLD, OLD.replace("*", "/").replace("True", "None"), False),
    ],
)
def test_a_waiver_is_for_one_line_of_one_function_or_for_what_may_change_anywhere(waived, function, old, new, known):
    assert bool(mutants.explanation(function, old, new)) == known


BOTH = {r", strict=\w+|, (?=\))", ("descent.step", "size *= 3")}


@pytest.mark.parametrize(
    ("counts", "needed", "said", "status", "words"),
    [
        ({"killed": 8, "hung": 1, "explained": 2}, BOTH, [], 0, "killed or explained: 11 of 11, 100.0%"),
        ({"killed": 8, "survived": 2}, BOTH, ["x_1: survived", "x_2: survived"], 1, "x_2: survived"),
        ({"killed": 8, "not tried": 2}, set(), [], 1, "killed or explained: 8 of 10, 80.0%"),
        ({"killed": 8}, set(), [], 1, "no mutant needs the waiver ('descent.step', 'size *= 3')"),
        ({}, BOTH, [], 1, "0 of 0"),
    ],
)
def test_all_is_well_only_if_each_is_killed_or_explained(
    waived, monkeypatch, capsys, counts, needed, said, status, words
):
    monkeypatch.setattr(mutants, "modules", lambda: [Path("gdlib/descent.py")])
    monkeypatch.setattr(mutants, "judge", lambda path: (Counter(counts), needed, said))
    assert mutants.report() == status
    assert words in capsys.readouterr().out


def test_the_modules_are_those_of_the_mathematics_and_their_tests_are_run():
    settings = tomllib.loads(read("pyproject.toml"))["tool"]["mutmut"]
    names = {Path(path.parts[1]).stem for path in mutants.modules()}
    assert {
        *("problem", "linear", "classify", "network", "descent", "curvature", "explain"),
        *("_rows", "_scores", "_many_rows", "_arithmetic", "_calls"),
    } == names
    assert {path for path in mutants.modules() if path.parts[1] == "explain"} == {
        path.relative_to(PACKAGE.parent) for path in (PACKAGE / "explain").glob("*.py")
    }
    assert set(settings["pytest_add_cli_args_test_selection"]) == {
        *(f"tests/gdlib/test_{name.removeprefix('_')}.py" for name in names),
        "tests/gdlib/test_explain_logistic.py",
        "tests/gdlib/test_explain_network.py",
    }
