"""What answers a prediction waits: in the notebook, on the site, on slides and on paper."""

import answers
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from shared import needed


def asked(hidden=True, folded=True):
    """Return a notebook with a prediction, the cell that answers it, and what was seen."""
    meta = {"jupyter": {"outputs_hidden": True}} if hidden else {}
    said = "It is **4**.\n\nSo there."
    return new_notebook(
        cells=[
            new_code_cell("check(...)", id="one-predict-two-yours", outputs=[new_output("stream", text="not yet")]),
            new_code_cell("x = 2", id="quiet"),
            new_code_cell(
                "# Predict first.\nprint(2 * x)",
                id="shows",
                outputs=[new_output("stream", text=" \n4")],
                metadata=dict(meta),
            ),
            new_markdown_cell(answers.OPENS + said + answers.ENDS if folded else said, id="read"),
            new_code_cell("print(3)", id="later", outputs=[new_output("stream", text="3")]),
        ]
    )


@pytest.mark.parametrize(
    ("hidden", "folded", "given_away"),
    [(True, True, []), (False, True, ["shows"]), (True, False, ["read"]), (False, False, ["shows", "read"])],
)
def test_what_answers_at_once_is_found(hidden, folded, given_away):
    found = answers.given_away(asked(hidden, folded))
    assert found == [f"{each} answers one-predict-two-yours at once" for each in given_away]


def test_what_waits_reads_on_as_prose():
    notebook = asked()
    assert answers.opened(notebook.cells[3].source) == "It is **4**.\n\nSo there."
    assert answers.opened("It is 4.") == "It is 4."


def test_a_slide_has_the_answer():
    notebook = asked()
    for cell in notebook.cells:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    assert any(cell.source.endswith("It is **4**.\n\nSo there.") for cell in needed("slides").deck(notebook).cells)


@pytest.mark.long  # handouts are printed by a browser, whose driver the quick suite's environment has not
def test_a_handout_has_the_answer_below_a_line():
    notebook = asked()
    printed = [cell.source for cell in needed("handouts")._with_room(notebook.cells)]
    line = next(i for i, each in enumerate(printed) if "below this line" in each)
    assert printed[line + 1] == "# Predict first.\nprint(2 * x)"
    assert answers.uncovered(notebook.cells[2]).source == "print(2 * x)"
    assert notebook.cells[2].outputs[0].text == "4"


def test_the_site_opens_the_answer_on_a_click():
    made = needed("website").moving(asked())
    assert [cell.metadata.get("tags") for cell in made.cells] == [None, None, ["hide-output"], None, None]
