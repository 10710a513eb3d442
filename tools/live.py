"""Make a page of each explorer that moves without Python, one file to mail or to embed, in build/explorers.

uv run --group publish python tools/live.py                  # all of them
uv run --group publish python tools/live.py learning-rate    # this one

The site and the slides take their explorers from here. Controls are made from the explorer's own; `frames` has what it
shows, and templates/live what moves it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import ipywidgets as widgets
from frames import SLIDERS, controls, drawn, presets, said, state, turns
from here import ROOT, TITLE

from gdlib.explore import explorers
from gdlib.explore.base import Explorer
from gdlib.figures.image import DENSITY, img, small_png

PAGES = ROOT / "build" / "explorers"
TEMPLATES = Path(__file__).resolve().parent / "templates" / "live"
SHARED = SCRIPT, STYLE = TEMPLATES / "live.js", TEMPLATES / "live.css"
STILL = """<noscript><p>This picture moves in a browser with JavaScript. From a mail: save the file, then open it in the
browser.</p></noscript>"""
LICENCE = f"From the course <cite>{TITLE}</cite>. Text and figures: CC BY 4.0. Code: MIT licence."


def body(explorer: Explorer) -> str:
    """Return an explorer's controls, made from its own, and what it shows at the start: a still for paper."""
    names = {id(each): name for name, each in controls(explorer).items()}
    names |= {id(each): name for name, each in (presets(explorer) | turns(explorer)).items()}
    names |= {id(getattr(explorer, name)): name for name in ("play", "step", "reset") if hasattr(explorer, name)}
    (table,) = [each for each in explorer.view.children if "gdlib-controls" in each._dom_classes]
    walks = '<label class="gl-walks" hidden><span>walk</span><select aria-label="walk"></select></label>'
    still = img(small_png(explorer.still()), explorer.reading, DENSITY)
    picture = f'<div class="gl-picture">{still}<canvas role="img" hidden></canvas></div>'
    details = f'<div class="gl-details">{explorer.details.value}</div>'
    both = details + picture if explorer.details_first else picture + details
    rows = "".join(_control(each, names) for each in table.children)
    reading = f'<p class="gl-reading" aria-live="polite">{escape(explorer.reading)}</p>'
    back = '<button type="button" data-press="start">Back to the start</button>'
    above = f'<div class="gl-controls" hidden>{rows}<div class="gl-row">{walks}{back}</div></div>'
    return f'{above}<p class="gl-note" role="status"></p>{reading}{both}'.replace("\n", "")


def _control(control: widgets.Widget, names: Mapping[int, str]) -> str:
    """Return a control as HTML; a row of controls is a row."""
    if isinstance(control, widgets.HBox):
        parts = [each for each in control.children if id(each) in names or isinstance(each, widgets.HBox)]
        inner = "".join(_control(each, names) for each in parts)
        return inner if len(parts) == 1 else f'<div class="gl-row">{inner}</div>'
    name, label = names[id(control)], escape(control.description)
    if isinstance(control, widgets.Button | widgets.Play):
        word = label or "Play"
        return f'<button type="button" data-press="{escape(name)}">{word}</button>'
    if isinstance(control, widgets.Checkbox):
        return f'<label class="gl-tick"><input type="checkbox" data-control="{name}"> {label}<i></i></label>'
    if isinstance(control, widgets.Dropdown):
        options = "".join(f"<option>{escape(each)}</option>" for each in control.options)
        return f'<label><span>{label}</span><select data-control="{name}">{options}</select><i></i></label>'
    ends = f'min="{control.min:g}" max="{control.max:g}" step="any"'
    slider = f'<input type="range" {ends} data-control="{name}" aria-label="{label}">'
    return f"<label><span>{label}</span>{slider}<b>{said(control.value)}</b><i></i></label>"


def named(source: str) -> str | None:
    """Return the name of the explorer that a code cell shows, if it shows one."""
    found = re.search(r"(\w+Explorer)\(\)", source)
    return next((name for name, kind in explorers().items() if found and kind.__name__ == found[1]), None)


def address(explorer: Explorer) -> str:
    """Return what an address says of an explorer as it is now: ``"eta=0.3&k=5"``; it names every control."""
    made, now = controls(explorer), state(explorer)
    numbers = {name: f"{value:.6g}" for name, value in now.items() if isinstance(made[name], SLIDERS)}
    return urlencode(now | numbers).replace("True", "true").replace("False", "false")


def fragment(name: str, where: str, page: str) -> str:
    """Return an explorer as a piece of a page, without an empty line.

    Parameters
    ----------
    name
        The explorer, such as ``"learning-rate"``.
    where
        The address of a folder like that of `copied`, as the page names it; it ends with a slash.
    page
        The address of the explorer's own page, for links to what is shown.
    """
    scripts = "".join(f'<script src="{where}{file}"></script>' for file in ("live.js", f"{name}.js"))
    style = f'<link rel="stylesheet" href="{where}live.css">'
    return f'{style}<div class="gl" data-live="{name}" data-page="{page}">{_start(name)}</div>{scripts}'


@cache
def _start(name: str) -> str:
    """Return the controls of an explorer, and what it shows at the start."""
    explorer = explorers()[name]()
    html = STILL.replace("\n", " ") + body(explorer)
    explorer.close()
    return html


def copied(folder: Path, names: Sequence[str] = ()) -> Path:
    """Return a folder into which all was copied that pages with these explorers, or all, load."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*SHARED, *(script for scripts in drawn(names).values() for script in scripts)]:
        shutil.copy(path, folder)
    return folder


def page(name: str, where: str | None = None) -> str:
    """Return the page of an explorer: one file with all that it needs, or with its frames in a folder ``where``."""
    if where is None:
        scripts = "".join(f"<script>{path.read_text('utf-8')}</script>" for path in (SCRIPT, *drawn([name])[name]))
        inner = f'<div class="gl" data-live="{name}" data-page="#">{_start(name)}</div>{scripts}'
    else:
        inner = fragment(name, where, "#")
    return _page(explorers()[name].name, inner)


def index() -> str:
    """Return the page that leads to the explorers' pages beside it."""
    links = "".join(f'<li><a href="{name}.html">{kind.name}</a></li>' for name, kind in explorers().items())
    return _page("The explorers", f"<ul>{links}</ul>")


def _page(title: str, inner: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en" class="gl-alone"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}: {TITLE}</title><style>{STYLE.read_text("utf-8")}</style></head>
<body><main><h1>{escape(title)}</h1>
{inner}
<footer>{LICENCE}</footer></main></body></html>
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the pages of the explorers that are named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"default: all of {', '.join(explorers())}")
    names = parser.parse_args(arguments).names or list(explorers())
    if unknown := [name for name in names if name not in explorers()]:
        parser.error(f"{', '.join(unknown)}: no such explorer; there are {', '.join(explorers())}")
    drawn(names)
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / "index.html").write_text(index(), encoding="utf-8")
    for name in names:
        target = PAGES / f"{name}.html"
        target.write_text(page(name), encoding="utf-8")
        print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
