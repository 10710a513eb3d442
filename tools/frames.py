"""The frames of the explorers: what each shows, drawn once, for pages without Python (tools/live.py).

What is drawn is said by the explorer itself (`Explorer.shipped`). Frames lie in build/frames, under a name that hangs
on the content of gdlib, and are drawn anew when that changes. A picture is kept as a ground, which many have in common,
and the box that differs from it; or, where that is smaller, as the box that differs from another picture, its key.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import wraps
from io import BytesIO
from itertools import product
from math import isclose
from multiprocessing import get_context
from pathlib import Path

import ipywidgets as widgets
import numpy as np
from here import ROOT
from PIL import Image

from gdlib._formatting import number
from gdlib.explore import explorers
from gdlib.explore.base import Explorer, Turn
from gdlib.figures.image import DENSITY, small_png
from gdlib.figures.look import course_look

FRAMES = ROOT / "build" / "frames"
#: Of what a setting adds to its ground: 255 would take a quarter more bytes, and nobody sees the difference.
COLOURS = 64
CHOICES = (widgets.Dropdown, widgets.Checkbox)
SLIDERS = (widgets.FloatSlider, widgets.FloatLogSlider, widgets.IntSlider)
Setting = dict[str, object]


# --- what is shipped --------------------------------------------------------------------------------------------------


def controls(explorer: Explorer) -> dict[str, widgets.Widget]:
    """Return {attribute: control} of all that has a value, in the order in which they are set: k follows the others."""
    return {name: each for name, each in vars(explorer).items() if isinstance(each, CHOICES + SLIDERS)}


def choices(explorer: Explorer) -> list[str]:
    """Return the attributes of the controls that choose, rather than slide."""
    return [name for name, each in controls(explorer).items() if isinstance(each, CHOICES)]


def state(explorer: Explorer) -> Setting:
    """Return {attribute: value} of every control as it is now."""
    return {name: each.value for name, each in controls(explorer).items()}


def presets(explorer: Explorer) -> dict[str, widgets.Button]:
    """Return {name: button} of the buttons that set controls, other than the player's."""
    held = [each for each in vars(explorer).values() if isinstance(each, dict)]
    return {name: each for parts in held for name, each in parts.items() if isinstance(each, widgets.Button)}


def turns(explorer: Explorer) -> dict[str, Turn]:
    """Return {attribute: button} of the buttons that put a control from each of its values to another."""
    return {name: each for name, each in vars(explorer).items() if isinstance(each, Turn)}


def put(explorer: Explorer, setting: Setting) -> None:
    """Set every control of an explorer, and nothing else: what no control shows is as at the start.

    A ValueError names a control that does not take its value.
    """
    explorer.forget()
    for name, control in controls(explorer).items():
        if control.value != setting[name]:
            control.value = setting[name]
    for name, control in controls(explorer).items():
        if control.value != setting[name]:
            raise ValueError(f"{explorer.name}: {name} does not take {setting[name]}, it is {control.value}")


def undrawn(moving: Callable[..., object]) -> Callable[..., object]:
    """Return a function that moves an explorer, made faster: the explorer is drawn at its end alone."""

    @wraps(moving)
    def moved(explorer: Explorer, *rest: object) -> object:
        explorer.picture.show = lambda *_: None  # in front of the method
        try:
            return moving(explorer, *rest)
        finally:
            del explorer.picture.show
            explorer.update()

    return moved


@undrawn
def plan(explorer: Explorer) -> list[list[Setting]]:
    """Return the settings that a page holds, in the parts in which it loads them; leaves the explorer as it was.

    Each entry of `Explorer.shipped` is a part for each of its choices. What changes at an edge, and where a preset
    leads, is added to the entry's values.
    """
    start, parts, seen = state(explorer), [], set()
    chosen = choices(explorer)
    for entry in explorer.shipped:
        for choice in product(*(entry.get(name, [start[name]]) for name in chosen)):
            here = start | dict(zip(chosen, choice, strict=True))
            values = {name: [value] for name, value in here.items()}
            values |= {name: list(each) for name, each in entry.items() if name not in chosen}
            if len(values.get("k", ())) < 2:
                put(explorer, here)
                for name, more in _more(explorer, values).items():
                    values[name] = apart([*values[name], *more])
            part = [dict(zip(values, each, strict=True)) for each in product(*values.values())]
            part = [setting for setting in part if _key(setting) not in seen]
            seen |= set(map(_key, part))
            parts += [part] if part else []
    put(explorer, start)
    return parts


def apart(values: Iterable[float]) -> list[float]:
    """Return numbers in order, and of those that differ by rounding alone the first."""
    kept = []
    for value in values:
        if not any(isclose(value, each, rel_tol=1e-9) for each in kept):
            kept.append(value)
    return sorted(kept)


def _more(explorer: Explorer, values: Mapping[str, list]) -> Mapping[str, list]:
    """Return {attribute: values} of the edges, and of what presets set, for the sliders that have several values."""
    found = explorer.edges()
    for button in presets(explorer).values():
        button.click()
        found = {name: [*found.get(name, ()), value] for name, value in state(explorer).items()}
    moving = {name: each for name, each in controls(explorer).items() if len(values[name]) > 1}
    return {name: [value for value in found.get(name, ()) if _within(each, value)] for name, each in moving.items()}


def _within(slider: widgets.Widget, value: float) -> bool:
    place = np.log10(value) if isinstance(slider, widgets.FloatLogSlider) else value
    return bool(slider.min <= place <= slider.max)


def _key(setting: Setting) -> tuple:
    return tuple(setting.values())


@undrawn
def header(explorer: Explorer, parts: list[list[Setting]]) -> dict:
    """Return what a page knows of an explorer before it has a picture, as JSON takes it; it stays as it was.

    Every setting is a list of places, one for each control, in the lists of the values that are shipped.
    """
    made, every = controls(explorer), [setting for part in parts for setting in part]
    values = {name: sorted({setting[name] for setting in every}) for name in made}

    def place(name: str, value: object) -> int:
        if isinstance(made[name], CHOICES):
            return values[name].index(value)
        return min(range(len(values[name])), key=lambda at: abs(values[name][at] - value))  # but for rounding, equal

    def places(setting: Setting) -> list[int]:
        return [place(name, setting[name]) for name in made]

    edges = _edges(explorer, every)
    about = {name: {"name": name, "label": each.description, "values": values[name]} for name, each in made.items()}
    for name, control in made.items():
        words = [said(each, exact=each in edges.get(name, ())) for each in values[name]]
        about[name] |= {"said": words, "choice": isinstance(control, CHOICES)}
        about[name] |= {"log": isinstance(control, widgets.FloatLogSlider)}
    return {
        "controls": list(about.values()),
        "main": [*made].index(next(iter(explorer.shipped[0]))),
        "start": places(state(explorer)),
        "parts": [[places(setting) for setting in part] for part in parts],
        "walks": [[_walk(explorer, walk), places(walk)] for part in parts for walk in _walks(part, every)],
        "grounds": grounds(explorer, parts),
        "presets": [[places(here), there] for here, there in _pressed(explorer, every, places)],
        "turns": {name: [[*made.values()].index(each.control), each.to] for name, each in turns(explorer).items()},
        "follow": _following(explorer, values, place),
        "size": [round(each * DENSITY) for each in explorer.picture.figure.bbox.size],
    }


def _following(
    explorer: Explorer, values: dict[str, list], place: Callable[[str, object], int]
) -> list[dict[int, dict[int, int]]]:
    """Return for each control, and each place of one that chooses, where sliders are put by it: {slider: place}."""
    start, found = state(explorer), []
    for name in controls(explorer):
        led = []
        for value in values[name] if name in choices(explorer) else ():
            put(explorer, start)
            controls(explorer)[name].value = value
            led.append(state(explorer))
        follow = [k for k in start if k != name and any(now[k] != start[k] for now in led)]
        found.append(
            {at: {[*start].index(k): place(k, now[k]) for k in follow} for at, now in enumerate(led) if follow}
        )
    put(explorer, start)
    return found


def grounds(explorer: Explorer, parts: list[list[Setting]]) -> list[int]:
    """Return for each part the one that holds its ground: the first that agrees in what a ground hangs on."""
    chosen = [name for name, each in controls(explorer).items() if each in explorer.grounds]
    own = [[part[0][name] for name in chosen] for part in parts]
    return [own.index(each) for each in own]


def said(value: object, *, exact: bool = True) -> str:
    """Return a value as the page says it; one that is not exact has three digits, if it has more than four."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return str(value)
    return number(value, 6 if exact or isclose(value, float(f"{value:.4g}")) else 3)


def _edges(explorer: Explorer, every: list[Setting]) -> dict[str, set[float]]:
    """Return {attribute: the edges of all choices}; the explorer stays as it was."""
    start, found = state(explorer), {}
    for setting in _by_choice(explorer, every).values():
        put(explorer, setting)
        for name, values in explorer.edges().items():
            found[name] = found.get(name, set()) | set(values)
    put(explorer, start)
    return found


def _by_choice(explorer: Explorer, every: list[Setting]) -> dict[tuple, Setting]:
    """Return a setting for each combination of choices."""
    chosen = choices(explorer)
    return {tuple(setting[name] for name in chosen): setting for setting in every}


def _walks(part: list[Setting], every: list[Setting]) -> Iterator[Setting]:
    """Yield where the walks of a part begin: its settings that come with several numbers of steps, before the first."""
    several = {setting.get("k") for setting in part}
    for setting in part if len(several) > 1 else ():
        if setting["k"] == min(several):
            yield min((each for each in every if each | {"k": 0} == setting | {"k": 0}), key=lambda each: each["k"])


def _walk(explorer: Explorer, walk: Setting) -> str:
    """Return the name of a walk: its rate, and what else is not as at the start."""
    start, made = state(explorer), controls(explorer)
    differ = [name for name in walk if name == "eta" or (name != "k" and walk[name] != start[name])]
    return ", ".join(f"{made[name].description} = {said(walk[name])}" for name in differ)


def _pressed(
    explorer: Explorer, every: list[Setting], places: Callable[[Setting], list[int]]
) -> Iterator[tuple[Setting, dict]]:
    """Yield for each setting of the choices what each preset is called there, and where it leads."""
    start = state(explorer)
    for setting in _by_choice(explorer, every).values() if presets(explorer) else ():
        there = {}
        for name, button in presets(explorer).items():
            put(explorer, setting)
            button.click()
            there[name] = [button.description, places(state(explorer))]
        yield setting, there
    put(explorer, start)


# --- frames -----------------------------------------------------------------------------------------------------------


@course_look()
def draw(explorer: Explorer, part: list[Setting], key: Setting) -> dict:
    """Return the pictures and words of a part, as JSON takes them.

    ``ground`` lies below each frame; then the key, the frame of another setting, or of one of the part, where a fourth
    item says so. A ground hangs on the choices alone.
    """
    explorer.picture.density = DENSITY
    put(explorer, part[0])
    explorer.picture.show(list, "")
    ground = explorer.picture.pixels.copy()
    explorer.update()
    put(explorer, key)
    of_key = explorer.picture.pixels.copy()
    frames, readings, details = [], [], []
    for setting in part:
        put(explorer, setting)
        pixels = explorer.picture.pixels
        if setting == key:
            frames.append(frame(pixels, ground, 255))  # many look like it
        elif _differing(pixels, of_key) < _differing(pixels, ground):
            frames.append([*(frame(pixels, of_key) or [0, 0, ""]), 1])
        else:
            frames.append(frame(pixels, ground))
        readings.append(explorer.reading)
        details.append(explorer.details.value)
    made = {"ground": _text(small_png(ground)), "frames": frames, "readings": readings, **in_pieces(details)}
    return made | {"key": part.index(key) if key in part else None}


def key_of(part: list[Setting], start: Setting, parts: list[list[Setting]]) -> Setting:
    """Return the setting of a part that most others look like: but for one control as near to the start as any is."""
    near = [len(setting.items() & start.items()) for setting in part]
    often = Counter(item for other in parts for setting in other for item in setting.items())
    nearest = [setting for setting, agree in zip(part, near, strict=True) if agree >= max(near) - 1]
    return max(nearest, key=lambda setting: sum(often[item] for item in setting.items()))


def in_pieces(texts: Iterable[str]) -> dict[str, list]:
    """Return HTML as pieces, and for each text which it is made of: rows or cells of tables, whichever takes less."""
    found = []
    for start in ("(?=<tr>)", "(?=<t[rhd])"):
        pieces: dict[str, int] = {}
        made = [[pieces.setdefault(piece, len(pieces)) for piece in re.split(start, text)] for text in texts]
        found.append({"details": made, "pieces": list(pieces)})
    return min(found, key=lambda made: len(_json(made)))


def frame(pixels: np.ndarray, ground: np.ndarray, most: int = COLOURS) -> list:
    """Return the box in which a picture differs from its ground, as ``[x, y, PNG]``, clear where it does not.

    Its own colours are ``most``.
    """
    differs = _words(pixels) != _words(ground)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return []
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    differs = differs[box]
    colours = Image.fromarray(np.ascontiguousarray(pixels[box][differs][np.newaxis, :, :3]))
    few = colours.quantize(most, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    places = np.zeros(differs.shape, np.uint8)
    places[differs] = np.asarray(few)[0] + 1  # 0 is clear
    image = Image.frombytes("P", places.shape[::-1], places.tobytes())
    image.putpalette([0, 0, 0, *few.getpalette()[: 3 * most]])
    image.save(file := BytesIO(), "PNG", transparency=0, compress_level=9)
    return [int(columns[0]), int(rows[0]), _text(file.getvalue())]


def _differing(pixels: np.ndarray, other: np.ndarray) -> int:
    """Return how many dots of two pictures differ."""
    return int(np.count_nonzero(_words(pixels) != _words(other)))


def _words(pixels: np.ndarray) -> np.ndarray:
    """Return RGBA pixels as a number each."""
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _json(made: object) -> str:
    """Return JSON that may stand in a script of a page."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


# --- files, made once -------------------------------------------------------------------------------------------------


def key() -> str:
    """Return a name that hangs on all that frames are made from: gdlib, and this file."""
    files = [path for path in sorted((ROOT / "gdlib").rglob("*")) if path.suffix in (".py", ".mplstyle")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*files, Path(__file__)))).hexdigest()[:16]


def drawn(names: Sequence[str] = (), processes: int = 2) -> dict[str, list[Path]]:
    """Return {explorer: the scripts with its frames} of these explorers, or of all; what is not there yet is drawn.

    The first script comes with a page, the others are loaded when they are asked for.
    """
    folder, names = FRAMES / key(), list(names or explorers())
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [name for name in names if not (folder / f"{name}.txt").exists()]
    if wanted:
        with ProcessPoolExecutor(min(processes, len(wanted)), get_context("spawn")) as pool:
            list(pool.map(_draw_into, [folder] * len(wanted), wanted))
        for old in FRAMES.iterdir():
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
    return {name: [folder / script for script in (folder / f"{name}.txt").read_text("utf-8").split()] for name in names}


def _draw_into(folder: Path, name: str) -> None:
    """Draw an explorer's frames into scripts, and at last their list: who finds that finds all."""
    explorer = explorers()[name]()
    parts = plan(explorer)
    about, start = header(explorer, parts), state(explorer)
    keys = [key_of(part, start, parts) for part in parts]
    for at, part in enumerate(parts):
        below = about["grounds"][at]
        made = draw(explorer, part, keys[below])
        if below != at:
            del made["ground"], made["key"]
        script = f"gdlibLive.part({_json(name)},{at},{_json(made)});\n"
        if not at:  # it comes with the page, and so does what the page has to know
            script = f"gdlibLive.head({_json(name)},{_json(about)});\n{script}"
        (folder / _script(name, at)).write_text(script, encoding="utf-8")
    (folder / f"{name}.txt").write_text("\n".join(_script(name, at) for at in range(len(parts))), encoding="utf-8")


def _script(name: str, at: int) -> str:
    """Return the name of the script with a part of an explorer's frames."""
    return f"{name}-{at}.js" if at else f"{name}.js"
