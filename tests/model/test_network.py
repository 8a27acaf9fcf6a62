"""Networks from arrays: predictions, gradients, and what is refused."""

import numpy as np
import pytest

from model import Network
from model.errors import ArrayError, SettingsError
from model.nn import network as network_module

W = [[[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]], [[1.0, 2.0, -3.0]]]
B = [[[0.0], [1.0], [-1.0]], [[0.5]]]


@pytest.fixture
def network() -> Network:
    return Network.from_arrays(W, B, ["relu", "identity"], "half_squared_error")


def test_prediction_by_hand(network: Network) -> None:
    """x = (2, 1): z = (1, 4, 0), a = z, output 1 + 8 − 0 + 0.5; x = (−1, −1): (0, −1.5, −2) → 0."""
    np.testing.assert_array_equal(network.predict_proba([[2, 1], [-1, -1]]), [[9.5], [0.5]])


def test_forward_gives_every_activation_with_samples_as_rows(network: Network) -> None:
    A = network.forward([[2, 1], [-1, -1]])
    assert [a.tolist() for a in A] == [
        [[2, 1], [-1, -1]],
        [[1, 4, 0], [0, 0, 0]],
        [[9.5], [0.5]],
    ]


def test_predictions_of_many_samples_are_those_of_each(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three rows a block, the last one short."""
    X = np.random.default_rng(0).normal(size=(100, 2))
    whole = network.predict_proba(X)
    monkeypatch.setattr(network_module, "BLOCK", 9)
    np.testing.assert_allclose(network.predict_proba(X), whole, rtol=1e-14)


def test_biases_may_be_flat(network: Network) -> None:
    flat = [np.ravel(b) for b in B]
    other = Network.from_arrays(W, flat, ["relu", "identity"], "half_squared_error")
    np.testing.assert_array_equal(other.parameters, network.parameters)


def test_network_keeps_no_hold_of_the_given_arrays() -> None:
    weights = [np.array(w) for w in W]
    network = Network.from_arrays(weights, B, ["relu", "sigmoid"])
    weights[0][...] = 7.0
    np.testing.assert_array_equal(network.W[0], W[0])


def test_copy_is_a_network_of_its_own(network: Network) -> None:
    twin = network.copy()
    twin.W[0][...] = 0.0
    np.testing.assert_array_equal(network.W[0], W[0])


@pytest.mark.parametrize(("kind", "wanted"), [("f4", "f4"), ("f8", "f8"), ("i8", "f8")])
def test_network_is_single_precision_only_where_all_arrays_are(kind: str, wanted: str) -> None:
    weights = [np.array(w).astype(kind) for w in W]
    biases = [np.array(b).astype(kind) for b in B]
    network = Network.from_arrays(weights, biases, ["relu", "sigmoid"])
    assert network.predict_proba(np.ones((1, 2))).dtype == np.dtype(wanted)
    mixed = Network.from_arrays([weights[0], np.array(W[1])], biases, ["relu", "sigmoid"])
    assert mixed.parameters.dtype == np.float64


@pytest.mark.parametrize(
    ("weights", "biases", "activations", "message"),
    [
        (W, B[:1], ["relu", "sigmoid"], "2 weights, 1 biases and 2 activations"),
        ([], [], [], "0 weights"),
        (W, [B[0], [1.0, 2.0]], ["relu", "sigmoid"], r"b\[2\] has shape \(2, 1\); \(1, 1\)"),
        ([W[0], [[1.0, 2.0]]], B, ["relu", "sigmoid"], r"W\[2\] has shape \(1, 2\); \(1, 3\)"),
        ([W[0], [1.0, 2.0, 3.0]], B, ["relu", "sigmoid"], r"W\[2\] has shape \(3,\)"),
        ([np.zeros((0, 2)), W[1]], B, ["relu", "sigmoid"], r"W\[1\] has shape \(0, 2\)"),
        ([W[0], [[1.0, np.nan, 1.0]]], B, ["relu", "sigmoid"], r"W\[2\] holds .* not finite"),
        (W, [B[0], [np.inf]], ["relu", "sigmoid"], r"b\[2\] holds .* not finite"),
        ([[["a", "b"]], W[1]], B, ["relu", "sigmoid"], r"W\[1\] is no .* array of numbers"),
        ([[[1.0, 2.0], [3.0]], W[1]], B, ["relu", "sigmoid"], r"W\[1\] is no rectangular"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    weights: list, biases: list, activations: list, message: str
) -> None:
    with pytest.raises(ArrayError, match=message):
        Network.from_arrays(weights, biases, activations)


def test_unknown_names_are_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="'softplus' is unknown") as caught:
        Network.from_arrays(W, B, ["softplus", "sigmoid"])
    assert "leaky_relu" in caught.value.hint
    with pytest.raises(SettingsError, match="'hinge' is unknown"):
        Network.from_arrays(W, B, ["relu", "sigmoid"], "hinge")


@pytest.mark.parametrize(
    "X", [[[1.0, 2.0, 3.0]], [1.0, 2.0], [], np.zeros((0, 2)), 3.0, [[1.0, 2.0], [3.0]], [["a"]]]
)
def test_samples_of_another_shape_are_refused(network: Network, X: object) -> None:
    for question in (network.predict_proba, network.forward):
        with pytest.raises(ArrayError, match=r"^X "):
            question(X)


@pytest.mark.parametrize("y", [[1.0], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0]], "ab", ["a", "b"]])
def test_targets_of_another_shape_are_refused(network: Network, y: object) -> None:
    with pytest.raises(ArrayError, match=r"^y "):
        network.loss_and_gradients([[1.0, 2.0], [3.0, 4.0]], y)


def test_assign_changes_nothing_where_one_array_does_not_fit(network: Network) -> None:
    before = network.parameters.copy()
    with pytest.raises(ArrayError, match=r"b\[2\]"):
        network.assign([np.ones((3, 2)), np.ones((1, 3))], [np.ones((3, 1)), np.ones((2, 1))])
    np.testing.assert_array_equal(network.parameters, before)


def test_gradients_leave_parameters_and_earlier_results_alone(network: Network) -> None:
    X, y = [[1.0, 2.0], [0.5, -1.0]], [1.0, 0.0]
    before = network.parameters.copy()
    _, dW, db = network.loss_and_gradients(X, y)
    kept = [array.copy() for array in (*dW, *db)]
    network.loss_and_gradients([[5.0, 5.0]], [3.0])
    np.testing.assert_array_equal(network.parameters, before)
    for array, was in zip((*dW, *db), kept, strict=True):
        np.testing.assert_array_equal(array, was)
