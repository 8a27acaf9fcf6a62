"""The grid of a comparison: axes read as people type them, and what each combination makes."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from model import RunSettings
from model.errors import SettingsError
from model.lab.variants import (
    Axis,
    Variant,
    axes_of,
    axis_of,
    count_of_runs,
    label,
    variants,
)

BASE = RunSettings()
AXES = {
    "learning_rate": [0.01, 0.1, 1.0],
    "initializer": ["he", "zeros"],
    "layers": [[10, 5], [20]],
    "batch_size": [None, 32],
}


@pytest.mark.parametrize(
    ("text", "path", "values"),
    [
        ("learning_rate=0.01,0.1", "training.learning_rate", (0.01, 0.1)),
        ("training.learning_rate = .5 , 5.", "training.learning_rate", (0.5, 5.0)),
        ("layers=[10,5],[20]", "network.layers", ((10, 5), (20,))),
        ("activation=relu,[relu,tanh]", "network.activation", ("relu", ("relu", "tanh"))),
        ("seed=3,4", "network.seed", (3, 4)),
        ("batch_size=null,32", "training.batch_size", (None, 32)),
        ("data.name=moons", "data.name", ("moons",)),
    ],
)
def test_axis_of_reads_a_name_and_its_values(text: str, path: str, values: tuple) -> None:
    assert axis_of(text) == Axis(path, values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("learning_rate", "not of the form NAME=VALUE"),
        ("learning_rate=", "not of the form NAME=VALUE"),
        ("learning_rate=0.1,", "training.learning_rate: a value is missing"),
        ("learning_rate=,", "training.learning_rate: a value is missing"),
        ("learning_rates=0.1", "no setting 'learning_rates'"),
        ("data=moons", "group of settings"),
        ("learning_rate=0.1,1e-1", "training.learning_rate: 0.1 is there twice"),
        ("epochs=1,1.0", "training.epochs: 1 is there twice"),
        ("layers=[10,5],[20],[10, 5]", "network.layers: 10, 5 is there twice"),
    ],
)
def test_axis_of_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words.replace("[", r"\[")):
        axis_of(text)


def test_axes_of_reads_a_sweep_file() -> None:
    axes = axes_of({"learning_rate": [0.1, 1], "network.layers": [[4], [4, 3]]})
    assert axes == (
        Axis("training.learning_rate", (0.1, 1)),
        Axis("network.layers", ((4,), (4, 3))),
    )


def test_values_that_no_setting_can_have_are_refused_and_can_be_looked_up() -> None:
    values = [{}, {"a": [1]}, [], [[1]], None, True, "0.1", float("nan"), float("inf"), 0.1]
    found = list(variants(BASE, axes_of({"learning_rate": values})))
    assert [variant.settings is None for variant in found] == [True] * 9 + [False]
    assert len({variant.varied for variant in found}) == 10
    assert all("is not allowed" in variant.reason for variant in found[:9])
    words = ["{}", '{"a": [1]}', "[]", "(1,)", "null", "true", "0.1", "nan", "inf", "0.1"]
    assert [label(variant) for variant in found] == [f"α = {word}" for word in words]


def test_number_that_is_none_is_refused_without_quotes() -> None:
    (nan, inf) = variants(BASE, [axis_of("learning_rate=nan,1e400")])
    assert nan.reason.startswith("training.learning_rate: nan is not allowed")
    assert inf.reason.startswith("training.learning_rate: inf is not allowed")


def test_label_of_an_empty_list_says_so() -> None:
    (variant,) = variants(BASE, [axis_of("layers=[]")])
    assert label(variant) == "hidden layers []"
    assert variant.reason.startswith("network.layers: [] is not allowed")


@pytest.mark.parametrize("values", [0.1, "relu", {"relu": 1}, [], None])
def test_axes_of_refuses_what_is_no_list_of_values(values: object) -> None:
    with pytest.raises(SettingsError, match=r"training\.learning_rate"):
        axes_of({"learning_rate": values})


def test_variants_are_the_product_in_order_with_the_seeds_last() -> None:
    found = list(variants(BASE, [axis_of("learning_rate=0.1,1"), axis_of("layers=[4],[3]")], 2))
    assert [variant.number for variant in found] == list(range(8))
    made = [
        (v.settings.training.learning_rate, v.settings.network.layers, v.settings.network.seed)
        for v in found
        if v.settings
    ]
    assert made == [
        *[(0.1, (4,), 0), (0.1, (4,), 1), (0.1, (3,), 0), (0.1, (3,), 1)],
        *[(1.0, (4,), 0), (1.0, (4,), 1), (1.0, (3,), 0), (1.0, (3,), 1)],
    ]
    assert found[2].varied == (("training.learning_rate", 0.1), ("network.layers", (3,)))


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(sorted(AXES)), min_size=1), st.none() | st.integers(1, 3))
def test_variants_are_as_many_as_counted_and_all_different(
    names: set[str], seeds: int | None
) -> None:
    axes = axes_of({name: AXES[name] for name in sorted(names)})
    made = [variant.settings for variant in variants(BASE, axes, seeds)]
    assert len(made) == len(set(made)) == count_of_runs(axes, seeds)
    assert None not in made


def test_variants_mark_a_refused_combination_and_go_on() -> None:
    axes = axes_of({"layers": [[4, 3], [5]], "activation": ["relu", ["relu", "tanh"]]})
    good, also_good, fine, refused = variants(BASE, axes)
    assert None not in (good.settings, also_good.settings, fine.settings)
    assert refused.settings is None
    assert "activation names 2 layers" in refused.reason


def test_variants_name_the_data_set_that_has_a_setting() -> None:
    (moons, spirals) = variants(BASE, axes_of({"turns": [1.0], "data.name": ["moons", "spirals"]}))
    assert moons.settings is None
    assert "moons has no such setting" in moons.reason
    assert "only spirals has it" in moons.reason
    assert spirals.settings is not None
    assert spirals.settings.data.turns == 1.0


def test_variants_of_a_huge_grid_come_one_by_one() -> None:
    axes = [Axis("training.learning_rate", tuple(k / 1000 for k in range(1, 1001)))]
    assert count_of_runs(axes, 10**6) == 10**9
    assert [v.settings.network.seed for v in islice(variants(BASE, axes, 10**6), 3)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("axes", "seeds", "words"),
    [
        ([], None, "nothing varies"),
        ([Axis("training.learning_rate", ())], None, "a value is missing"),
        ([axis_of("learning_rate=1"), axis_of("learning_rate=2")], None, "varies twice"),
        ([axis_of("seed=1,2")], 3, "a number of seeds is given too"),
        ([axis_of("learning_rate=1")], 0, "seeds: 0 is not allowed"),
        ([axis_of("learning_rate=1")], True, "seeds: True is not allowed"),
    ],
)
def test_variants_refuse_a_grid_that_is_none(
    axes: list[Axis], seeds: int | None, words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        count_of_runs(axes, seeds)
    with pytest.raises(SettingsError, match=words):
        variants(BASE, axes, seeds)


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        ({"learning_rate": [0.01]}, "α = 0.01"),
        ({"activation": ["relu"], "initializer": ["he"]}, "relu, he"),
        ({"layers": [[10, 5]], "noise": [0.25]}, "hidden layers 10, 5, noise 0.25"),
        ({"batch_size": [None]}, "batch full"),
        ({"seed": [3], "data.seed": [4]}, "seed 3, data seed 4"),
        ({"activation": [["relu", "tanh"]]}, "relu, tanh"),
    ],
)
def test_label_is_short(vary: dict[str, list], words: str) -> None:
    (variant,) = variants(BASE, axes_of(vary))
    assert label(variant) == words


def test_label_names_the_seed_where_it_tells_runs_apart() -> None:
    first, second = variants(BASE, [], 2)
    assert [label(first), label(second)] == ["seed 0", "seed 1"]
    (one,) = variants(BASE, [axis_of("learning_rate=1")], 1)
    assert [label(one), label(one, seed=True)] == ["α = 1", "α = 1, seed 0"]


def test_label_of_a_refused_variant_says_what_was_tried() -> None:
    assert label(Variant(0, (("training.learning_rate", -1.0),), None, "no")) == "α = -1"
