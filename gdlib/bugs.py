"""Moved: a copy of a notebook of the first edition is told where to."""

raise ImportError("gdlib.bugs has moved: write `from gdlib.exercises.bugs import …` in place of `from gdlib.bugs …`")
