"""NAME=VALUE assignments as they are typed on a command line."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import RunSettings
from model.errors import SettingsError
from model.settings_fields import describe, value_at
from model.training.assignments import assigned, path_of, split_values, value_of

LAB = RunSettings()


def refusal(*assignments: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        assigned(LAB, assignments)
    return caught.value


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("training.learning_rate=0.1", "training.learning_rate", 0.1),
        ("learning_rate=1e-3", "training.learning_rate", 0.001),
        ("learning_rate=.5", "training.learning_rate", 0.5),
        ("learning_rate=+2.", "training.learning_rate", 2.0),
        (" learning_rate = 0.1 ", "training.learning_rate", 0.1),
        ("layers=[20]", "network.layers", (20,)),
        ("layers=[20,10,5]", "network.layers", (20, 10, 5)),
        ("activation=tanh", "network.activation", "tanh"),
        ('activation="tanh"', "network.activation", "tanh"),
        ("activation=[relu,tanh]", "network.activation", ("relu", "tanh")),
        ('activation=["relu", "tanh"]', "network.activation", ("relu", "tanh")),
        ("batch_size=32", "training.batch_size", 32),
        ("seed=3", "network.seed", 3),
        ("data.seed=3", "data.seed", 3),
        ("split_seed=3", "data.split_seed", 3),
        ("name=spirals", "data.name", "spirals"),
    ],
)
def test_assignment_reaches_its_setting(assignment: str, path: str, value: Any) -> None:
    assert value_at(assigned(LAB, [assignment]), path) == value


def test_null_is_the_value_for_nothing() -> None:
    batches = assigned(LAB, ["batch_size=32"])
    assert assigned(batches, ["batch_size=null"]).training.batch_size is None


def test_the_last_of_two_assignments_counts() -> None:
    assert assigned(LAB, ["epochs=5", "training.epochs=7"]).training.epochs == 7


def test_no_assignments_change_nothing() -> None:
    assert assigned(LAB, []) == LAB


def test_data_set_brings_its_own_defaults_whatever_the_order() -> None:
    before = assigned(LAB, ["noise=0.3", "factor=0.4", "name=circles"])
    after = assigned(LAB, ["name=circles", "factor=0.4", "noise=0.3"])
    assert before == after
    assert (before.data.noise, value_at(before, "data.factor")) == (0.3, 0.4)
    assert assigned(LAB, ["name=circles"]).data.noise == 0.1


@pytest.mark.parametrize("field", describe(RunSettings), ids=lambda field: field.path)
def test_every_setting_is_found_by_its_path(field: Any) -> None:
    assert path_of(field.path, RunSettings) == field.path
    if field.name != "seed":
        assert path_of(field.name, RunSettings) == field.path


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("learning_rate=-1", ("training.learning_rate", "-1", "above 0")),
        ("learning_rate=NaN", ("training.learning_rate", "nan", "above 0")),
        ("learning_rate=1e999", ("training.learning_rate", "inf", "above 0")),
        ("learning_rate=fast", ("training.learning_rate", "fast", "above 0")),
        ("layers=10", ("network.layers", "10", "a list of 1 to 20 whole numbers", "[10,5]")),
        ("epochs=1.5", ("training.epochs", "1.5", "whole numbers")),
        ("layers=[]", ("network.layers", "[]", "1 to 20")),
        ("layers=[0]", ("network.layers", "0", "1 to 1000")),
        ("activation=swish", ("network.activation", "swish", "leaky_relu")),
        ("name=mons", ("data.name", "mons", "moons")),
        ("noise={}", ("data.noise", "{}", "0 to 10")),
    ],
)
def test_value_that_is_not_allowed_is_refused_with_field_and_limits(
    assignment: str, words: tuple[str, ...]
) -> None:
    error = refusal(assignment)
    assert error.field == words[0]
    assert all(word in error.message for word in words)


def test_unknown_name_is_refused_with_those_that_are_alike() -> None:
    error = refusal("lerning_rate=0.1")
    assert "lerning_rate" in error.message
    assert "training.learning_rate" in error.hint


def test_unknown_name_without_likeness_is_refused_with_all_there_are() -> None:
    hint = refusal("zzz=1").hint
    assert all(field.path in hint for field in describe(RunSettings))


def test_group_is_refused_with_its_settings() -> None:
    error = refusal("training={}")
    assert "group" in error.message
    assert "training.epochs" in error.hint
    assert "data.noise" not in error.hint


def test_ambiguous_name_is_refused_with_the_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.assignments.ALIASES", {})
    error = refusal("seed=1")
    assert "ambiguous" in error.message
    assert "data.seed" in error.hint
    assert "network.seed" in error.hint


def test_setting_of_another_data_set_is_refused_with_its_owner() -> None:
    error = refusal("factor=0.4")
    assert "moons" in error.message
    assert "name=circles" in error.hint


def test_choice_that_another_choice_forbids_is_refused_with_that_one() -> None:
    hint = refusal("output_activation=relu").hint
    assert hint == "loss=half_squared_error would allow it"
    change = hint.partition(" ")[0]
    assert assigned(LAB, ["output_activation=relu", change]).network.output_activation == "relu"


@pytest.mark.parametrize("text", ["", "=", "epochs", "epochs=", "=3", "  =  "])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    assert "NAME=VALUE" in refusal(text).message


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.01,0.1", ["0.01", "0.1"]),
        ("[10,5],[20]", ["[10,5]", "[20]"]),
        ("relu", ["relu"]),
        (' "a,b" , c', ['"a,b"', "c"]),
        ("[[1,2],[3]],4", ["[[1,2],[3]]", "4"]),
    ],
)
def test_brackets_and_quotes_protect_commas(text: str, values: list[str]) -> None:
    assert split_values(text) == values


@given(st.text())
def test_any_text_is_a_value(text: str) -> None:
    value_of(text)


@given(st.text(), st.text())
def test_any_assignment_is_carried_out_or_refused_as_a_setting(name: str, value: str) -> None:
    with suppress(SettingsError):
        assigned(LAB, [f"{name}={value}"])


def test_value_nested_a_thousand_times_is_refused() -> None:
    assert refusal("layers=" + "[" * 100_000).field == "network.layers"
