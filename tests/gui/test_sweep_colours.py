"""Looks of the values of a sweep: colours for one setting, dashes for the others."""

import pytest

from gui.panels.sweep_colours import DASHES, group_colours, group_looks
from gui.run_colours import NAMES, RAMP
from gui.theme import DARK, LIGHT, Theme
from model.lab.results import Results, results_of
from tests.gui.sweep_results import plan_of


def planned(*vary: str) -> Results:
    """A sweep of which no run is there yet."""
    return results_of(plan_of(*vary), [])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_pair_of_names_has_a_look_of_its_own(theme: Theme) -> None:
    weights = "initializer=zeros,normal,uniform,xavier,he"
    found = group_looks(planned(weights, "activation=relu,tanh,sigmoid,identity,leaky_relu"), theme)
    assert len(found) == 25
    assert len({(look.colour.name(), look.dash) for look in found.values()}) == 25
    he = [look.colour.name().upper() for key, look in found.items() if key[0][1] == "he"]
    assert set(he) == {NAMES[theme.name][4]}


def test_many_numbers_have_the_colours_and_the_few_names_the_dashes() -> None:
    rates = ",".join(str(n) for n in range(1, 26))
    found = group_looks(planned("initializer=he,xavier", f"learning_rate={rates}"), LIGHT)
    assert len({(look.colour.name(), look.dash) for look in found.values()}) == 50
    assert {look.dash for key, look in found.items() if key[0][1] == "he"} == {DASHES[0]}
    assert {look.dash for key, look in found.items() if key[0][1] == "xavier"} == {DASHES[1]}


def test_a_hundred_numbers_go_up_the_ramp() -> None:
    rates = ",".join(str(n) for n in range(1, 101))
    colours = list(group_colours(planned(f"learning_rate={rates}"), LIGHT).values())
    assert (colours[0].name().upper(), colours[-1].name().upper()) == RAMP["light"]


def test_runs_that_differ_by_nothing_but_the_seed_have_one_look() -> None:
    results = results_of(plan_of("network.seed=1,2", seeds=None), [])
    assert list(group_looks(results, LIGHT)) == [()]
