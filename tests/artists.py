"""What the tests of pictures share: artists by kind and label, and what a layer must leave alone."""

import numpy as np
from matplotlib.artist import Artist


def draw(ax):
    ax.figure.canvas.draw()


def only(artists, kind):
    """Return the artists of exactly this kind."""
    return [artist for artist in artists if type(artist) is kind]


def one(artists, kind):
    (artist,) = only(artists, kind)
    return artist


def words(artists):
    return "\n".join(artist.get_text() for artist in artists if hasattr(artist, "get_text"))


def labelled(artists, label):
    (artist,) = (artist for artist in artists if artist.get_label() == label)
    return artist


def frozen(ax):
    """Return what a layer must leave alone."""
    names = ax.get_title(), ax.get_xlabel(), ax.get_ylabel()
    return names, ax.get_xlim(), ax.get_ylim(), ax.get_xscale(), ax.get_yscale(), ax.dataLim.bounds


def assert_layer_only_adds_what_it_returns(layer, ax):
    """Check that a layer adds artists, the same each time, and changes nothing else; it is drawn as explorers do."""
    draw(ax)
    figure, canvas = ax.figure, ax.figure.canvas
    ground = canvas.copy_from_bbox(figure.bbox)
    children, state, pictures = ax.get_children(), frozen(ax), []
    for _ in range(2):
        artists = layer(ax)
        assert artists
        assert set(artists) == set(ax.get_children()) - set(children)
        canvas.restore_region(ground)
        for artist in sorted(artists, key=Artist.get_zorder):
            figure.draw_artist(artist)  # warns of what it cannot draw
        assert frozen(ax) == state
        pictures.append(np.array(canvas.buffer_rgba()))
        for artist in artists:
            artist.remove()
        assert ax.get_children() == children
        assert frozen(ax) == state
    assert (pictures[0] == pictures[1]).all()
