"""What Sphinx is told about the site; tools/website.py gathers the pages and calls it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from assets import asset

project = "Gradient descent, from two rows of numbers"
html_title = project
author = "the authors of the course"
language = "en-GB"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["solutions"]

# The outputs are the stored ones, which the tests compare; nothing runs here.
nb_execution_mode = "off"
# HTML first: it has the words of a figure as its alt text.
nb_mime_priority_overrides = [("html", "text/html", 0)]
# The copies hold no widgets, so no page needs their JavaScript.
nb_ipywidgets_js = {}
nb_render_markdown_format = "myst"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4

autodoc_typehints = "signature"
autodoc_type_aliases = {"ArrayLike": "ArrayLike"}  # the name, and not all that it stands for
autodoc_member_order = "bysource"
napoleon_google_docstring = False

suppress_warnings = [
    "mystnb.unknown_mime_type",  # a figure is stored in several forms; one of them is shown
    "misc.highlighting_failure",  # an exercise's stub need not be whole Python
]

html_theme = "sphinx_book_theme"
html_static_path = ["_static", str(asset("mathjax") / "es5" / "tex-svg.js")]
html_css_files = ["site.css"]
# SVG: its letters are in the script, where a browser may refuse font files on file://.
mathjax_path = "tex-svg.js"
html_theme_options = {
    "use_download_button": True,
    "use_fullscreen_button": False,
    "use_edit_page_button": False,
    "use_issues_button": False,
    "use_repository_button": False,
    "navbar_persistent": [],  # the search is in the sidebar already
    "show_navbar_depth": 1,
    "extra_footer": "<p>Code: MIT licence. Text and figures: CC BY 4.0.</p>",
}
html_use_index = False  # too wide for a phone; the reference has a list of its own, and the search
html_domain_indices = False
html_show_sphinx = False
html_copy_source = True
html_show_copyright = False
html_last_updated_fmt = None
