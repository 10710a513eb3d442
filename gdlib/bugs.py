"""Moved: a copy of a notebook of version 0.1.0 is told where to."""

raise ImportError("gdlib.bugs has moved: write `from gdlib.exercises.bugs import …`")
