"""What the tests of explorers share: the explorers, their controls, and what they say as text."""

import re
from html import unescape

import ipywidgets as widgets

from gdlib.explore import explorers

EXPLORERS = list(explorers().values())


def controls(explorer):
    """Return {attribute: control} of all that has a value."""
    kinds = (widgets.FloatSlider, widgets.FloatLogSlider, widgets.IntSlider, widgets.Dropdown, widgets.Checkbox)
    return {name: each for name, each in vars(explorer).items() if isinstance(each, kinds)}


def numbers(text):
    """Return the numbers of a reading as floats."""
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return [
        float(mantissa.replace("−", "-")) * 10.0 ** int(power.translate(raised) or 0)
        for mantissa, power in re.findall(r"(−?\d+(?:\.\d+)?)(?:·10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?", text)
    ]


def plain(html):
    """Return the text of an HTML widget."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", html.value)))


def alt(explorer):
    """Return the alt text that a browser would give."""
    return unescape(re.search(r'alt="([^"]*)"', explorer.picture.widget.value)[1])
