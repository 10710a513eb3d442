"""What the tests of explorers share: the explorers, their controls, what they say as text, and a script to be typed."""

import re
from html import unescape

import ipywidgets as widgets

from gdlib.explore import explorers

EXPLORERS = list(explorers().values())
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def controls(explorer):
    """Return {attribute: control} of all that has a value."""
    kinds = (widgets.FloatSlider, widgets.FloatLogSlider, widgets.IntSlider, widgets.Dropdown, widgets.Checkbox)
    return {name: each for name, each in vars(explorer).items() if isinstance(each, kinds)}


def buttons(explorer):
    """Return {name: button} of what can be pressed, those in a dictionary too."""
    held = {name: each for name, each in vars(explorer).items() if isinstance(each, widgets.Button)}
    for each in vars(explorer).values():
        if isinstance(each, dict):
            held |= {name: part for name, part in each.items() if isinstance(part, widgets.Button)}
    return held


def ends(control):
    """Return the least and the greatest value of a slider, or all that can be chosen."""
    if isinstance(control, widgets.Checkbox):
        return (False, True)
    if isinstance(control, widgets.FloatLogSlider):
        return (control.base**control.min, control.base**control.max)
    return (control.min, control.max) if hasattr(control, "max") else control.options


def looks(explorer):
    """Return all that an explorer shows: its picture's pixels, its reading and details, and how far k can go."""
    return explorer.picture.pixels.tobytes(), explorer.reading, explorer.details.value, len(explorer.run or ())


def parts(widget):
    """Yield a widget and all that it is made of."""
    yield widget
    for part in getattr(widget, "children", ()):
        yield from parts(part)


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


def runs(html):
    """Return whether HTML holds the script as more than text."""
    return "<script" in html or "<img src=x" in html
