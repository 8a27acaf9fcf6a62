"""Colours of runs: a ramp for what has an order, apart names, none that means something else."""

import pytest

from gui.run_colours import NAMES, RAMP, run_colours
from gui.theme import DARK, LIGHT, contrast
from model.nn.activations import ACTIVATIONS
from model.nn.initializers import INITIALIZERS
from tests.gui.race_snapshots import race_of


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_ordered_values_go_up_one_ramp_and_can_be_seen(theme):
    colours = run_colours(race_of(epochs=0), theme)
    assert colours[0].name().upper() == RAMP[theme.name][0]
    assert colours[-1].name().upper() == RAMP[theme.name][1]
    lightness = [colour.lightness() for colour in colours]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
    assert all(contrast(colour, _colour(theme.surface)) > 1.6 for colour in colours)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_names_have_colours_of_their_own_that_have_no_role(theme):
    race = race_of("network.activation", tuple(ACTIVATIONS), 0)
    colours = [colour.name().upper() for colour in run_colours(race, theme)]
    assert len(set(colours)) == len(ACTIVATIONS)
    roles = {value.upper() for value in vars(theme).values() if str(value).startswith("#")}
    assert not roles & set(NAMES[theme.name])
    assert len(NAMES[theme.name]) >= max(len(ACTIVATIONS), len(INITIALIZERS))


def _colour(text):
    from PySide6.QtGui import QColor

    return QColor(text)
