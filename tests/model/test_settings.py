"""What settings refuse, in which words, and that JSON brings them back."""

import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from model import RunSettings
from model.data.datasets import DATA_SETS
from model.data.preparation import prepared
from model.errors import SettingsError
from model.nn.activations import ACTIVATIONS
from model.settings import checked
from model.training.settings import MOST_LAYERS


def _with(path: str, value: Any) -> dict[str, Any]:
    group, name = path.split(".")
    return {group: {name: value}}


def _refused(values: dict[str, Any]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        checked(RunSettings, values)
    with pytest.raises(SettingsError) as direct:
        RunSettings(**values)
    assert direct.value.message == caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [
        ("data.n_samples", 3, "4 to 100000"),
        ("data.n_samples", 100_001, "4 to 100000"),
        ("data.n_samples", 12.5, "4 to 100000"),
        ("data.noise", -0.1, "0 to 10"),
        ("data.noise", math.nan, "0 to 10"),
        ("data.seed", -1, "0 to 4294967295"),
        ("data.test_share", 0.95, "0 to 0.9"),
        ("data.scaling", "minmax", "standard, none"),
        ("data.name", "iris", "moons, circles, blobs, xor, spirals"),
        ("network.layers", [], f"1 to {MOST_LAYERS}"),
        ("network.layers", [4] * (MOST_LAYERS + 1), f"1 to {MOST_LAYERS}"),
        ("network.layers", [4, 0], "1 to 1000"),
        ("network.layers", [4, 1001], "1 to 1000"),
        ("network.layers", [4, 2.5], "whole numbers"),
        ("network.layers", "ten", "whole numbers"),
        ("network.activation", "softplus", ", ".join(ACTIVATIONS)),
        ("network.activation", ["relu", "softplus"], ", ".join(ACTIVATIONS)),
        ("network.output_activation", "softmax", ", ".join(ACTIVATIONS)),
        ("network.initializer", "orthogonal", "zeros, normal, uniform, xavier, he"),
        ("network.bias_initializer", "ones", "zeros, normal"),
        ("network.dtype", "float16", "float64, float32"),
        ("network.seed", None, "0 to 4294967295"),
        ("training.loss", "hinge", "binary_cross_entropy, half_squared_error"),
        ("training.optimizer", "adam", "gradient_descent"),
        ("training.learning_rate", 0.0, "above 0"),
        ("training.learning_rate", -1.0, "above 0"),
        ("training.learning_rate", math.nan, "above 0"),
        ("training.learning_rate", math.inf, "above 0"),
        ("training.learning_rate", "fast", "above 0"),
        ("training.batch_size", 0, "1 or more"),
        ("network.layers", ["5"], "whole numbers"),
        ("network.layers", [5, True], "whole numbers"),
        ("network.seed", "7", "0 to 4294967295"),
        ("training.batch_size", "7", "1 or more"),
        ("training.learning_rate", "0.1", "above 0"),
        ("training.epochs", 0, "1 to 100000000"),
        ("training.tolerance", -1e-9, "0 or more"),
        ("training.patience", 0, "1 or more"),
    ],
)
def test_bad_value_is_refused_with_field_value_and_limits(
    path: str, value: Any, allowed: str
) -> None:
    error = _refused(_with(path, value))
    assert error.field == path
    assert error.message.startswith(f"{path}: ")
    assert allowed in error.message
    if not isinstance(value, list) and value is not None:
        assert repr(value) in error.message
    assert "\n" not in error.message


@pytest.mark.parametrize(
    "values",
    [
        {"training": {"learning_rates": 0.1}},
        {"data": {"factor": 0.5}},
        {"data": {"name": "circles", "corner": 1.0}},
        {"nets": {}},
    ],
)
def test_unknown_name_is_refused(values: dict[str, Any]) -> None:
    error = _refused(values)
    assert "there is no such setting" in error.message
    assert error.hint.startswith("There are ")


@pytest.mark.parametrize("group", ["data", "network", "training"])
@pytest.mark.parametrize("value", [None, 3, "moons", []])
def test_group_that_is_no_group_is_refused(group: str, value: Any) -> None:
    assert _refused({group: value}).field == group


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (_with("network.activation", ["relu"]), ("1 layers", "2 hidden layers")),
        (_with("network.activation", []), ("0 layers", "2 hidden layers")),
        (_with("network.output_activation", "tanh"), ("binary_cross_entropy", "sigmoid")),
        ({"data": {"n_samples": 4, "test_share": 0.9}}, ("0.9", "4 points")),
    ],
)
def test_values_that_do_not_go_together_are_refused(
    values: dict[str, Any], words: tuple[str, ...]
) -> None:
    message = _refused(values).message
    assert all(word in message for word in words)


def test_settings_are_frozen() -> None:
    settings = RunSettings()
    with pytest.raises(ValidationError):
        settings.training.learning_rate = 1.0  # type: ignore[misc]
    with pytest.raises(ValidationError):
        settings.training = settings.training  # type: ignore[misc]


def test_data_sets_bring_their_own_parameters_and_defaults() -> None:
    own = {"circles": "factor", "blobs": "distance", "xor": "corner", "spirals": "turns"}
    for name, parameter in own.items():
        data = RunSettings.model_validate({"data": {"name": name}}).data
        assert data.name == name
        assert parameter in data.model_dump()
    assert list(DATA_SETS) == ["moons", "circles", "blobs", "xor", "spirals"]


DATA = st.sampled_from(list(DATA_SETS)).flatmap(
    lambda name: st.fixed_dictionaries(
        {"name": st.just(name)},
        optional={
            "n_samples": st.integers(20, 200),
            "noise": st.floats(0, 10),
            "seed": st.integers(0, 2**32 - 1),
            "test_share": st.floats(0, 0.9),
            "split_seed": st.integers(0, 2**32 - 1),
            "scaling": st.sampled_from(["standard", "none"]),
        },
    )
)
NETWORK = st.lists(st.integers(1, 1000), min_size=1, max_size=5).flatmap(
    lambda layers: st.fixed_dictionaries(
        {
            "layers": st.just(layers),
            "activation": st.sampled_from(list(ACTIVATIONS))
            | st.tuples(*[st.sampled_from(list(ACTIVATIONS))] * len(layers)),
        },
        optional={"seed": st.integers(0, 2**32 - 1), "dtype": st.just("float32")},
    )
)
TRAINING = st.fixed_dictionaries(
    {},
    optional={
        "learning_rate": st.floats(0, 1e308, exclude_min=True),
        "batch_size": st.none() | st.integers(1, 10**6),
        "epochs": st.integers(1, 10**8),
        "tolerance": st.floats(0, 1),
    },
)
SETTINGS = st.fixed_dictionaries(
    {}, optional={"data": DATA, "network": NETWORK, "training": TRAINING}
)


@given(SETTINGS)
def test_json_round_trip(values: dict[str, Any]) -> None:
    settings = RunSettings.model_validate(values)
    again = RunSettings.model_validate_json(settings.model_dump_json())
    assert again == settings
    assert type(again.data) is type(settings.data)
    assert RunSettings.model_validate(settings.model_dump()) == settings
    assert pickle.loads(pickle.dumps(settings)) == settings


@given(st.integers(4, 60), st.floats(0, 0.9), st.sampled_from(list(DATA_SETS)))
def test_every_share_is_split_or_refused(n_samples: int, share: float, name: str) -> None:
    """No number of points and no share end in an error of another kind."""
    values = {"data": {"name": name, "n_samples": n_samples, "test_share": share}}
    if math.ceil(share * n_samples) == n_samples:
        assert "for training" in _refused(values).message
        return
    data = prepared(checked(RunSettings, values).data)
    assert len(data.X_train) >= 1
    assert len(data.X_train) + len(data.X_test) == n_samples
