"""The course that these tools work on: the one they lie in, and no other that Python may import gdlib from."""

from pathlib import Path

from gdlib._course import NOTEBOOKS, ROOT, SHEETS, heading, lectures, notebooks

if Path(__file__).resolve().parents[1] != ROOT:
    raise ImportError(f"gdlib comes from {ROOT}, another place than these tools: use `uv run`, or `pip install -e .`")

TITLE = "Gradient descent, from two rows of numbers"  #: of the course

__all__ = ["NOTEBOOKS", "ROOT", "SHEETS", "TITLE", "heading", "lectures", "notebooks"]
