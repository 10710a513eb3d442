"""Time the explorers in JupyterLab in a real browser, beside plain `interact` and a bare slider, in one run.

``uv run --group browser python benchmarks/explorers.py`` needs an installed Chromium. For each explorer it moves one
slider, and so it does for the same picture drawn the usual way, `interact` with a new figure at each move, and for a
slider that only writes its number into an HTML widget: the floor, below which no widget gets. They take turns, so that
all of them meet the machine in the same moods. A time is that from the key press to the end of the animation frame
in which the picture is new, seen by a probe in the page.

``uv run --group browser python benchmarks/explorers.py double`` lets them race on a screen of double density, without
plain `interact`.

``uv run --group browser python benchmarks/explorers.py pages`` times the explorers' pages without Python instead, those
that tools/live.py makes, opened from their folder.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import date
from os import cpu_count
from pathlib import Path
from platform import python_version
from statistics import median, quantiles

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from gdlib._course import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from chromium import launched
from lab import Lab, Notebook
from playwright.sync_api import Browser

SET_UP = """
import gc, json, os, time
import ipywidgets as widgets, matplotlib.pyplot as plt, matplotlib.style, numpy as np, psutil
from gdlib import plots
from gdlib.classify import LogisticRegression
from gdlib.data import iris, six_points, standardised, worked_example
from gdlib.descent import descend
from gdlib.explore import explorers
from gdlib.graph import graph
from gdlib.linear import LinearRegression
from gdlib.network import Network
from gdlib.problem import parabola
matplotlib.style.use("gdlib.figures.course")
spent = {}

def timed(name, action):
    def call(*args, **kwargs):
        start = time.perf_counter()
        action(*args, **kwargs)
        spent.setdefault(name, []).append(1000 * (time.perf_counter() - start))
    return call

def explorer(name):
    made = next(kind for kind in explorers().values() if kind.__name__ == name)()
    made.update = timed(name, made.update)
    return made

def plain(name, draw, **slider):
    widgets.interact(lambda value: timed(name, draw)(value), value=widgets.FloatSlider(**slider))
"""
FLOOR = """
slider, number = widgets.FloatSlider(0.3, min=0, max=2.5, step=0.01), widgets.HTML("0")
def write(change):
    number.value = str(change["new"])
slider.observe(timed("floor", write), "value")
widgets.VBox([slider, number])
"""
# For each explorer: its class, its slider's place among the handles, and its picture as one draws it with interact.
PLAIN = {
    "ConceptExplorer": (1, """
def draw(eta):
    curve = parabola()
    run = descend(curve, 2.5, eta, 20)
    figure, ax = plt.subplots(figsize=(9, 4), layout="constrained")
    plots.curve(ax, curve, (-3.5, 3.5))
    plots.steps_on_curve(ax, curve, run, upto=5)
    plots.tangent(ax, curve, run.parameters[5, 0])
    plt.show()
plain("{}", draw, value=0.3, min=0, max=2.5, step=0.01)
"""),
    "LossExplorer": (0, """
def draw(w):
    problem = LinearRegression(*six_points())
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.4), layout="constrained")
    plots.data(left, problem)
    plots.fit(left, problem, [w, 1])
    plots.contours(right, problem, plots.plane_of(problem), span=[(-2, 3), (-1.5, 3.5)])
    right.plot(w, 1, "o")
    plt.show()
plain("{}", draw, value=0, min=-1.5, max=2.5, step=0.05)
"""),
    "DerivationExplorer": (0, """
def draw(w1):
    figure, ax = plt.subplots(figsize=(9, 4.4), layout="constrained")
    graph(ax, LinearRegression(*worked_example())[0], [w1, 0, 0])
    plt.show()
plain("{}", draw, value=0, min=-1, max=1, step=0.01)
"""),
    "WorkedExampleExplorer": (0, """
def draw(eta):
    problem = LinearRegression(*worked_example())
    run = descend(problem, np.zeros(3), eta, 100, order="one by one")
    plane, start = plots.plane_of(problem), run.losses[0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    plots.contours(left, problem, plane)
    plots.path(left, run, plane, upto=1)
    plots.loss_axes(right, steps=100, lowest=1e-6 * start, highest=100 * start)
    plots.losses(right, run)
    plt.show()
plain("{}", draw, value=0.1, min=0, max=1, step=0.01)
"""),
    "LearningRateExplorer": (0, """
def draw(power):
    problem = LinearRegression(*worked_example())
    run = descend(problem, np.zeros(3), 10**power, 50)
    plane, start = plots.plane_of(problem), run.losses[0]
    figure, axes = plt.subplot_mosaic("aa;bc", height_ratios=[1, 2.6], figsize=(9, 5), layout="constrained")
    plots.regimes(axes["a"], problem, low=1e-3, high=10)
    plots.rate_marker(axes["a"], float(10**power))
    plots.contours(axes["b"], problem, plane)
    plots.path(axes["b"], run, plane)
    plots.loss_axes(axes["c"], steps=50, lowest=1e-8 * start, highest=1000 * start)
    plots.losses(axes["c"], run)
    plt.show()
plain("{}", draw, value=-1, min=-3, max=1, step=0.01)
"""),
    "ClassificationExplorer": (0, """
def draw(power):
    x, y = iris()
    problem = LogisticRegression(standardised(x[:100, 2:]), y[:100])
    run = descend(problem, np.zeros(3), 10**power, 100, record_losses=None)
    figure, axes = plt.subplot_mosaic("ab;cc", height_ratios=[2.2, 1], figsize=(9, 5), layout="constrained")
    plots.classes(axes["a"], problem)
    plots.probability(axes["a"], problem, run.theta)
    plots.score_losses(axes["b"])
    plots.score_tangents(axes["b"], ((2 * problem.y - 1) * problem.scores(run.theta)).min())
    axes["c"].semilogx(range(1, 101), np.hypot(*run.parameters[1:, :2].T))
    plt.show()
plain("{}", draw, value=0, min=-2, max=1, step=0.02)
"""),
    "NetworkExplorer": (0, """
def draw(w11):
    network, theta = Network(*worked_example()), [w11, 1, 0, 1, -1, 0, 0.5, -1, 0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.3), width_ratios=[2, 1], layout="constrained")
    plots.network_graph(left, network[0], theta)
    plots.square(right, network, span=(-0.5, 1.5))
    plots.output_over(right, network, theta, span=(-0.5, 1.5))
    plt.show()
plain("{}", draw, value=1, min=-2, max=2, step=0.05)
"""),
}  # fmt: skip
# Controls whose change draws the ground anew: a select, by its place among them, or the checkbox.
GROUNDS = {
    "ConceptExplorer": ["curve"],
    "ClassificationExplorer": ["flowers"],
    "DerivationExplorer": ["row"],
    "LearningRateExplorer": ["data", "order of the rows", "features scaled"],
    "NetworkExplorer": ["row"],
}
PROBE = """output => {
    const shown = () => (output.querySelector('img') ?? output.querySelector('.widget-html-content'))
    const sign = () => { const node = shown(); return node?.src ?? node?.textContent; };
    const probe = window.probe = {keys: [], paints: [], alive: true};
    let last = sign();
    const paint = new MessageChannel();  // its message comes after the frame is painted
    paint.port1.onmessage = () => probe.paints.push(performance.now());
    const look = () => {
        const now = sign();
        if (now !== undefined && now !== last) { last = now; paint.port2.postMessage(0); }
        if (probe.alive) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    probe.stop = () => { probe.alive = false; };
    output.addEventListener('keydown', event => probe.keys.push(event.timeStamp), true);
    output.addEventListener('pointermove', event => probe.keys.push(event.timeStamp), true);
}"""


class Contestant:
    """A cell's output in which a slider moves a picture."""

    def __init__(self, notebook: Notebook, name: str, place: int) -> None:
        self.page, self.name = notebook.page, name
        self.output = notebook.output(f"# {name}\n")
        self.handle = self.output.locator(".noUi-handle").nth(place)
        self.times, self.held, self.dragged, self.late = [], [], [], []

    def __enter__(self) -> Contestant:
        self.output.scroll_into_view_if_needed()
        self.page.wait_for_timeout(300)
        self.output.evaluate(PROBE)
        self.handle.focus()
        return self

    def __exit__(self, *_: object) -> None:
        self.page.evaluate("probe.stop()")

    def press(self, times: int) -> None:
        """Press an arrow key so often, each time when the picture of the one before stands."""
        for k in range(times):
            self.page.evaluate("probe.keys = []; probe.paints = []")
            self.page.keyboard.press("ArrowRight" if k < times / 2 else "ArrowLeft")
            self.page.wait_for_function("probe.paints.length", timeout=5000)
            self.times.append(self.page.evaluate("probe.paints[0] - probe.keys[0]"))
            self.page.wait_for_timeout(60)

    def hold(self, seconds: float = 3) -> None:
        """Hold an arrow key down, as it repeats itself 33 times a second; from the slider's end, with room for it."""
        self.page.keyboard.press("Home")
        self.page.wait_for_timeout(500)
        self._frames(self.held, seconds, 30, lambda k: self.page.keyboard.down("ArrowRight" if k < 50 else "ArrowLeft"))
        self.page.keyboard.up("ArrowRight")
        self.page.keyboard.up("ArrowLeft")

    def drag(self, seconds: float = 3) -> None:
        """Drag the handle to and fro over most of its slider, 60 moves a second."""
        rail = self.handle.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]").bounding_box()
        box = self.handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        left, wide = rail["x"] + 0.1 * rail["width"], 0.8 * rail["width"]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self._frames(self.dragged, seconds, 16, lambda k: self.page.mouse.move(left + wide * abs(1 - k / 60 % 2), y))
        self.page.mouse.up()

    def _frames(self, rates: list[float], seconds: float, pause: float, move: object) -> None:
        self.page.evaluate("probe.keys = []; probe.paints = []")
        start, k = self.page.evaluate("performance.now()"), 0
        while (now := self.page.evaluate("performance.now()")) < start + 1000 * seconds:
            move(k)
            k += 1
            self.page.wait_for_timeout(max(0, start + k * pause - now - 2))
        self.page.wait_for_timeout(700)
        keys, paints = self.page.evaluate("[probe.keys, probe.paints]")
        rates.append(sum(paint < start + 1000 * seconds for paint in paints) / seconds)
        self.late.append(max(paints[-1] - keys[-1], 0))


def notebook_of(cells: list[str], folder: Path, name: str) -> str:
    """Return the path of a new notebook with these cells."""
    notebook = new_notebook(cells=[new_code_cell(cell.strip() + "\n") for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)
    return name


def race(lab: Lab, folder: Path, rounds: int, presses: int, dense: bool) -> tuple[dict[str, Contestant], dict, dict]:
    """Return the contestants with their times, what each spent in the kernel, and the times of new grounds."""
    cells, places = [SET_UP, "# floor\n" + FLOOR], {"floor": 0}
    for kind, (place, code) in PLAIN.items():
        cells.append(f"# {kind}\nexplorer('{kind}')")
        places[kind] = place
        if not dense:
            cells.append(f"# plain {kind}\n" + code.replace("{}", f"plain {kind}"))
            places[f"plain {kind}"] = 0
    screen = lab.context(device_scale_factor=1 + dense)
    notebook = lab.open(notebook_of(cells, folder, "race.ipynb"), screen)
    notebook.run_all()
    contestants = {name: Contestant(notebook, name, place) for name, place in places.items()}
    for each in contestants.values():
        with each:
            each.press(4)  # to warm up
            each.times.clear()
    notebook.execute("spent.clear()")
    for _ in range(rounds):
        for name, each in contestants.items():
            with each:
                each.press(presses if not name.startswith("plain") else presses // 3)
    spent = json.loads(notebook.execute("print(json.dumps(spent))"))
    for _ in range(2):
        for each in contestants.values():
            with each:
                each.hold()
                each.drag()
    return contestants, spent, {} if dense else {kind: grounds(contestants[kind]) for kind in GROUNDS}


def grounds(contestant: Contestant, times: int = 10) -> dict[str, list[float]]:
    """Return, for each control that draws the axes anew, the times from its change to the picture."""
    found = {}
    with contestant:
        for label in GROUNDS[contestant.name]:
            control = contestant.output.get_by_label(label)
            found[label] = []
            for k in range(times):
                contestant.page.evaluate("probe.paints = []")
                start = contestant.page.evaluate("performance.now()")
                control.set_checked(k % 2 == 0) if "scaled" in label else control.select_option(index=1 - k % 2)
                contestant.page.wait_for_function("probe.paints.length", timeout=5000)
                found[label].append(contestant.page.evaluate("probe.paints[0]") - start)
                contestant.page.wait_for_timeout(100)
    return found


MEMORY = """
import gc, psutil
def memory():
    gc.collect()
    held = psutil.Process().memory_full_info()
    return {"held": held.rss / 2**20, "its own share": held.pss / 2**20 if psutil.LINUX else None}
bare = memory()
import numpy as np
from gdlib.explore import explorers
alive = {kind.__name__: kind() for kind in explorers().values()}
for each in alive.values():
    display(each)
"""
MOVES = """
before, growth = memory(), {}
for name, each in alive.items():
    slider = next(iter(each.typed))
    values = np.resize(np.linspace(slider.min, slider.max, 100), 1100)
    if isinstance(slider, widgets.FloatLogSlider):
        values = slider.base**values
    for value in values[:100]: slider.value = value
    start = memory()["held"]
    for value in values[100:]: slider.value = value
    growth[name] = memory()["held"] - start
import matplotlib.pyplot as plt, json
print(json.dumps({"bare": bare, "alive": before, "growth": growth, "pyplot": plt.get_fignums()}))
"""


def memory(lab: Lab, folder: Path) -> dict:
    """Return the megabytes of a bare kernel and with all explorers alive, and its growth over 1000 moves of each.

    Its own share counts a page that several processes use, such as a library's, in parts.
    """
    notebook = lab.open(notebook_of([MEMORY], folder, "memory.ipynb"))
    notebook.run_all()
    return json.loads(notebook.execute("import ipywidgets as widgets\n" + MOVES))


PLAY = {"ConceptExplorer": "gdlib.explore.concept", "WorkedExampleExplorer": "gdlib.explore.example"}


def play(lab: Lab, folder: Path, kind: str, seconds: float = 1) -> float:
    """Return how many steps a second the player shows."""
    cell = f"from {PLAY[kind]} import {kind}\nshown = {kind}()\nshown"
    notebook = lab.open(notebook_of([cell], folder, "play.ipynb"))
    notebook.run_all()
    output = notebook.output("shown")
    output.evaluate(PROBE)
    output.locator(".widget-play button").first.click()
    notebook.page.wait_for_timeout(300)
    notebook.page.evaluate("probe.paints = []")
    notebook.page.wait_for_timeout(1000 * seconds)
    paints = notebook.page.evaluate("probe.paints")
    return (len(paints) - 1) / (paints[-1] - paints[0]) * 1000 if len(paints) > 1 else 0.0


FRAME = """() => {
    const root = document.querySelector('.gl'), paint = new MessageChannel();
    window.probe = {keys: [], paints: []};
    paint.port1.onmessage = () => probe.paints.push(performance.now());
    new MutationObserver(() => requestAnimationFrame(() => paint.port2.postMessage(0)))
        .observe(root, {attributeFilter: ['data-shown']});
    root.addEventListener('keydown', event => probe.keys.push(event.timeStamp), true);
}"""


def pages(browser: Browser, presses: int = 120) -> None:
    """Print the times from a key on the main slider to the picture, on the explorers' pages without Python."""
    from live import PAGES  # here: whoever races in JupyterLab needs no pages

    print("| page | key to picture, ms | largest |\n| --- | --- | --- |")
    for path in sorted(set(PAGES.glob("*.html")) - {PAGES / "index.html"}):
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_function("document.querySelector('.gl')?.dataset.shown")
        page.evaluate(FRAME)
        page.locator(".gl input[type=range]:enabled").first.focus()
        times = []
        for k in range(presses + 4):
            page.evaluate("probe.keys = []; probe.paints = []")
            page.keyboard.press("ArrowLeft" if k // 5 % 2 else "ArrowRight")
            page.wait_for_timeout(60)
            if page.evaluate("probe.paints.length"):  # there is an end of the slider
                times.append(page.evaluate("probe.paints[0] - probe.keys[0]"))
        print(f"| {path.stem} | {median(times[4:]):.0f} / {p95(times[4:]):.0f} | {max(times[4:]):.0f} |", flush=True)
        page.close()


def p95(values: list[float]) -> float:
    """Return the value below which 95 % of the values lie."""
    return quantiles(values, n=20)[-1]


def report(contestants: dict[str, Contestant], spent: dict[str, list[float]]) -> None:
    """Print the table of the race."""
    columns = ["", "kernel, ms", "key to picture, ms", "of interact", "of floor", "p95, of floor"]
    columns += ["frames/s held, dragged", "of floor", "last frame, ms"]
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    floor = contestants["floor"]
    for name, each in contestants.items():
        time, late = median(each.times), p95(each.times)
        interact = contestants.get(f"plain {name}")
        shares = [
            median(rates) / median(base) for rates, base in ((each.held, floor.held), (each.dragged, floor.dragged))
        ]
        cells = [
            name,
            f"{median(spent[name]):.1f} / {p95(spent[name]):.1f}",
            f"{time:.0f} / {late:.0f}",
            f"{time / median(interact.times):.2f}" if interact else "",
            f"{time / median(floor.times):.2f}",
            f"{late / p95(floor.times):.2f}",
            f"{median(each.held):.0f}, {median(each.dragged):.0f}",
            ", ".join(f"{share:.0%}" for share in shares),
            f"{max(each.late):.0f}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Run the race and print it, or that of the pages."""
    if sys.argv[1:] == ["pages"]:
        with launched() as browser:
            print(f"{date.today()}, {cpu_count()} processors, {browser.version}\n")
            pages(browser)
        return
    dense = sys.argv[1:] == ["double"]
    rounds, presses = (int(each) for each in ((not dense and sys.argv[1:]) or (4, 30)))
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder)) as lab:
        print(f"{date.today()}, {cpu_count()} processors, Python {python_version()}, {lab.browser.version}\n")
        contestants, spent, grounds = race(lab, Path(folder), rounds, presses, dense)
        report(contestants, spent)
        for kind, times in grounds.items():
            for label, each in times.items():
                print(f"new axes: {kind}, {label}: {median(each):.0f} ms, p95 {p95(each):.0f}")
        if dense:
            return
        print(memory(lab, Path(folder)))
        for kind in PLAY:
            print(f"play: {kind}: {play(lab, Path(folder), kind):.1f} steps a second")


if __name__ == "__main__":
    main()
