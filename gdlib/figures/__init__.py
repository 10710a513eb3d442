"""A figure in words, as a picture file, and live in a widget; and the IPython extension that switches all this on."""
