"""A reply reads the same as text and as HTML."""

import re

import pytest

from gdlib.exercises.reply import Reply


def test_plain_text_has_mark_headline_text_and_code():
    reply = Reply("right", "Right.", "One.\nTwo.", code="a = 1\n  b")
    assert repr(reply) == "✓ Right.\nOne.\nTwo.\na = 1\n  b"


def test_long_text_is_wrapped_between_words():
    lines = repr(Reply("wrong", "Not yet.", "word " * 60)).splitlines()
    assert len(lines) > 2
    assert max(map(len, lines)) <= 100


def test_html_is_escaped_and_shows_code():
    page = Reply("wrong", "a < b", "use `x & y` <script>", code="<b>")._repr_html_()
    assert "<script>" not in page
    assert "a &lt; b" in page
    assert "<code>x &amp; y</code>" in page
    assert re.search("<pre[^>]*monospace[^>]*>&lt;b&gt;</pre>", page)


@pytest.mark.parametrize(("verdict", "mark"), [("right", "✓"), ("wrong", "✗"), ("unsolved", "○")])
def test_verdict_is_told_without_colour_and_counts_as_truth(verdict, mark):
    reply = Reply(verdict, "So.")
    assert mark in repr(reply)
    assert mark in reply._repr_html_()
    assert bool(reply) == (verdict == "right")


def test_hints_open_in_the_page_one_inside_the_other_and_text_says_how_to_ask():
    reply = Reply("wrong", "Not yet.", "Look again.", hints=("One & two.", "Three."), nudge="Ask `hint('x')`.")
    page = reply._repr_html_()
    assert page.index("Hint 1 of 2") < page.index("One &amp; two.") < page.index("Hint 2 of 2") < page.index("Three.")
    assert page.count("<details>") == page.count("</details>") == 2
    assert "Three.</div></details></details>" in page
    assert "hint(" not in page
    assert repr(reply) == "✗ Not yet.\nLook again.\nAsk `hint('x')`."


def test_without_hints_the_page_says_how_to_ask():
    assert "hint(&#x27;x&#x27;)" in Reply("wrong", "Not yet.", nudge="Ask `hint('x')`.")._repr_html_()


def test_a_table_comes_before_the_text():
    reply = Reply("wrong", "Not yet.", "Look.", table="a  b\n1  <")
    assert repr(reply) == "✗ Not yet.\na  b\n1  <\nLook."
    assert reply._repr_html_().index("1  &lt;</pre>") < reply._repr_html_().index("Look.")
