"""Settings described, changed and refused in the user's words."""

from typing import Annotated, Any

import pytest

from model.data.datasets import DATA_SETS
from model.errors import SettingsError
from model.limits import Kind, Limits
from model.settings import Settings, checked, setting
from model.settings_fields import (
    changed_paths,
    describe,
    group_titles,
    remedy,
    value_at,
    with_changes,
)
from model.training.settings import RunSettings


class _Inner(Settings):
    depth: float = setting(0.5, "Depth", "How deep.", unit="m", step=0.1, gt=0, lt=1)
    spare: int | None = setting(None, "Spare", "How many.", step=1, empty="none", ge=2)


class _Outer(Settings):
    inner: _Inner = _Inner()
    loud: bool = setting(False, "Loud", "Whether it is loud.")


def test_describe_lists_every_field_in_its_order() -> None:
    paths = [field.path for field in describe(_Outer)]
    assert paths == ["inner.depth", "inner.spare", "loud"]


def test_describe_takes_everything_from_the_declaration() -> None:
    depth, spare, loud = describe(_Outer)
    assert (depth.title, depth.help, depth.unit) == ("Depth", "How deep.", "m")
    assert (depth.kind, depth.step, depth.default) == (Kind.NUMBER, 0.1, 0.5)
    assert depth.limits == "above 0 and below 1"
    assert (spare.optional, spare.empty, spare.limits) == (True, "none", "2 or more")
    assert set(loud.choices) == {"true", "false"}
    assert (depth.name, depth.group) == ("depth", "inner")


def test_describe_a_class_names_the_fields_of_single_data_sets() -> None:
    only = {field.path: field.only for field in describe(RunSettings)}
    assert only["data.factor"] == ("circles",)
    assert only["data.noise"] == ()


def test_describe_an_object_gives_the_fields_that_it_has() -> None:
    circles = with_changes(RunSettings(), {"data.name": "circles"})
    fields = {field.path: field for field in describe(circles)}
    assert "data.factor" in fields
    assert "data.turns" not in fields
    assert fields["data.noise"].default == 0.1


def test_describe_offers_every_data_set() -> None:
    fields = {field.path: field for field in describe(RunSettings)}
    assert list(fields["data.name"].choices) == list(DATA_SETS)


def test_describe_values_are_where_the_paths_say() -> None:
    settings = RunSettings()
    for field in describe(settings):
        assert value_at(settings, field.path) == field.default, field.path
    assert list(group_titles(RunSettings)) == ["data", "network", "training"]


def test_with_changes_of_the_data_set_keeps_what_all_sets_share() -> None:
    before = with_changes(
        RunSettings(), {"data.n_samples": 300, "data.noise": 0.33, "data.scaling": "none"}
    )
    after = with_changes(before, {"data.name": "blobs"})
    assert (after.data.n_samples, after.data.scaling) == (300, "none")
    assert after.data.noise == 1.0
    assert changed_paths(before, after) == ("data.name", "data.noise", "data.distance")


def test_remedy_is_the_one_other_choice_that_allows_the_changes() -> None:
    found = remedy(RunSettings(), {"network.output_activation": "tanh"})
    assert found is not None
    field, word = found
    assert (field.path, word) == ("training.loss", "half_squared_error")


def test_remedy_is_none_where_no_choice_helps() -> None:
    assert remedy(RunSettings(), {"training.learning_rate": -1}) is None


def test_limits_of_the_items_of_a_list_are_said() -> None:
    class Shape(Settings):
        sizes: tuple[Annotated[int, Limits(1, 9)], ...] = setting(
            (3,), "Sizes", "How large.", min_length=1
        )
        words: tuple[str, ...] = setting((), "Words", "Any.")

    sizes, words = describe(Shape)
    assert (sizes.kind, sizes.limits) == (Kind.LIST, "1 or more whole numbers, each 1 to 9")
    assert words.limits == ""
    with pytest.raises(SettingsError, match=r"a list of 1 or more whole numbers.*as in \[3\]"):
        checked(Shape, {"sizes": 4})


def test_with_changes_applies_several_at_once() -> None:
    after = with_changes(
        RunSettings(),
        {"training.loss": "half_squared_error", "network.output_activation": "tanh"},
    )
    assert after.network.output_activation == "tanh"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("data.noise", -1, "data.noise: -1 is not allowed; allowed are 0 to 10"),
        (
            "data.n_samples",
            10.5,
            "data.n_samples: 10.5 is not allowed; allowed are whole numbers from 4 to 100000",
        ),
        (
            "training.learning_rate",
            float("nan"),
            "training.learning_rate: nan is not allowed; allowed is a number above 0",
        ),
        (
            "training.batch_size",
            0,
            "training.batch_size: 0 is not allowed;"
            " allowed is a whole number of 1 or more, or nothing",
        ),
        (
            "training.tolerance",
            "",
            "training.tolerance: nothing is not allowed; allowed is a number of 0 or more",
        ),
        (
            "network.layers",
            (),
            "network.layers: [] is not allowed; allowed is a list of 1 to 20 whole numbers,"
            " each 1 to 1000, as in [10,5]",
        ),
        (
            "network.layers",
            [3, "many"],
            "network.layers: 'many' is not allowed; allowed are whole numbers",
        ),
        (
            "network.layers",
            [3, 0],
            "network.layers: layer 2 has 0 units; allowed are 1 to 1000",
        ),
    ],
)
def test_refusal_names_field_value_and_limits(path: str, value: Any, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        with_changes(RunSettings(), {path: value})
    assert caught.value.message == message
    assert caught.value.field == path


@pytest.mark.parametrize("name", ["mooons", ["moons"], None])
def test_refusal_of_an_unknown_data_set_is_about_its_name(name: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        checked(RunSettings, {"data": {"name": name}})
    assert caught.value.field == "data.name"


def test_refusal_of_an_unknown_data_set_lists_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="moons, circles, blobs, xor, spirals"):
        checked(RunSettings, {"data": {"name": "mooons"}})


def test_refusal_uses_the_limits_of_the_chosen_data_set() -> None:
    with pytest.raises(SettingsError, match="allowed is a number above 0 and at most 5"):
        checked(RunSettings, {"data": {"name": "spirals", "turns": 9}})


def test_refusal_of_an_unknown_setting_hints_at_the_known_ones() -> None:
    with pytest.raises(SettingsError) as caught:
        checked(RunSettings, {"training": {"lr": 1}})
    assert caught.value.field == "training.lr"
    assert "learning_rate" in caught.value.hint


def test_refusal_of_a_choice_lists_the_choices() -> None:
    with pytest.raises(SettingsError, match="allowed are zeros, normal, uniform, xavier, he"):
        with_changes(RunSettings(), {"network.initializer": "best"})
