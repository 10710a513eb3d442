"""A figure in words, as an image file, and live in a widget; its look; and the IPython extension that switches it on.

In words: `describe`, and on it `summarise`, the short form. Below them `_sentences` for artists, `_phrases` that
sentences are made of, `_frame` for axes, `_artists` for what is drawn, `_text` for numbers and TeX.
"""
