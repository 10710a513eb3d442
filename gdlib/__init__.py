"""Gradient descent in a small package that reads like the mathematics.

Its modules, in the order to read them:

1. `data` has the rows: two of them in the worked example.
2. `problem` says what is minimised: something with a loss L(θ) and a gradient ∇L(θ), such as a curve.
3. `linear` builds such a problem from rows: linear regression.
4. `classify` builds them for classes: logistic regression and softmax.
5. `network` puts a hidden layer between: lines, bent, and a line through what comes out of them.
6. `descent` has the one algorithm, θ ← θ − η ∇L(θ): `descend` returns a `Run`, the record of every step.
7. `curvature` tells beforehand which learning rates η work.
8. `explain` writes a step of a run out as arithmetic.
9. `plots` draws a run on an Axes that is handed in, and `graph` the computation graph.
10. `explore` puts sliders on all this.
11. `check` answers a reader's solution.

Two folders hold what these use: `figures` says in words what a figure shows, and makes images of it; `exercises` knows
the notebooks' exercises and the mistakes to expect.

Equations are numbered as in the notebooks, after the article that the course follows. θ is one vector, bias last; θ of
shape (1000, 3) is a thousand of them, which most functions take in one call.

Importing changes nothing. `%load_ext gdlib`, at the top of a notebook, switches on the course's look for its figures
and their description in words.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"


def load_ipython_extension(ipython: "InteractiveShell") -> None:
    """Switch on the course's figures for this session; `%load_ext gdlib` calls it."""
    from gdlib.figures import extension

    extension.load(ipython)


def unload_ipython_extension(ipython: "InteractiveShell") -> None:
    """Switch the course's figures off; `%unload_ext gdlib` calls it."""
    from gdlib.figures import extension

    extension.unload(ipython)
