"""Moved: a copied notebook of the first edition is told where to."""

raise ImportError("gdlib.bugs has moved: write `from gdlib.exercises.bugs import …`")
