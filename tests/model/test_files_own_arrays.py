"""Arrays of somebody's own code: what is read, what is inferred, and what is refused."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.analysis.conventions import Layout, Orientation
from model.errors import FileError
from model.files.own_arrays import read_own_arrays
from model.nn.operations import TensorName
from tests.model.own_code import in_rows, own_arrays, saved

ROWS, COLUMNS = Orientation.ROWS, Orientation.COLUMNS


def with_weights_turned(arrays: dict[str, Any]) -> dict[str, Any]:
    return {k: a.T if k.lstrip("d")[0] == "W" else a for k, a in arrays.items()}


@pytest.mark.parametrize(
    ("arrays", "samples", "weights"),
    [
        (own_arrays(), COLUMNS, Layout.UNITS_FIRST),
        (in_rows(own_arrays()), ROWS, Layout.INPUTS_FIRST),
        (with_weights_turned(in_rows(own_arrays())), ROWS, Layout.UNITS_FIRST),
        (with_weights_turned(own_arrays()), COLUMNS, Layout.INPUTS_FIRST),
    ],
)
def test_layout_is_inferred_once_and_arrays_come_in_backscopes_own(
    tmp_path: Path, arrays: dict[str, Any], samples: Orientation, weights: Layout
) -> None:
    own = read_own_arrays(saved(tmp_path, arrays))
    assert (own.convention.samples, own.convention.weights) == (samples, weights)
    right = own_arrays()
    np.testing.assert_array_equal(own.X, right["X"])
    np.testing.assert_array_equal(own.Y, right["Y"])
    for l in (1, 2, 3):
        np.testing.assert_array_equal(own.W[l - 1], right[f"W{l}"])
        np.testing.assert_array_equal(own.b[l - 1], right[f"b{l}"])
        for name in ("Z", "A", "dA", "dZ", "dW", "db"):
            given = own.results[TensorName(name, l)]
            assert given.fits
            np.testing.assert_array_equal(given.tensor, right[f"{name}{l}"])
    assert own.activations == ("tanh", "tanh", "sigmoid")
    assert own.loss == "binary_cross_entropy"
    assert own.sizes == (3, 4, 4, 1)
    assert own.ignored == ()


@pytest.mark.parametrize("shape", [(12,), (12, 1), (1, 12)])
@pytest.mark.parametrize("turn", [in_rows, dict])
def test_targets_of_one_output_may_have_any_axes(
    tmp_path: Path, shape: tuple[int, ...], turn: Any
) -> None:
    arrays = turn(own_arrays())
    own = read_own_arrays(saved(tmp_path, arrays | {"Y": arrays["Y"].reshape(shape)}))
    np.testing.assert_array_equal(own.Y, own_arrays()["Y"])


def test_biases_and_outputs_may_have_one_axis(tmp_path: Path) -> None:
    arrays = in_rows(own_arrays())
    flat = {key: a.reshape(-1) for key, a in arrays.items() if key.lstrip("d")[0] == "b"}
    own = read_own_arrays(saved(tmp_path, arrays | flat | {"A3": arrays["A3"].reshape(-1)}))
    assert all(given.fits for given in own.results.values())
    np.testing.assert_array_equal(own.results[TensorName("db", 2)].tensor, own_arrays()["db2"])
    np.testing.assert_array_equal(own.results[TensorName("A", 3)].tensor, own_arrays()["A3"])


def test_other_names_that_people_use(tmp_path: Path) -> None:
    arrays = own_arrays()
    arrays["y"], arrays["A0"] = arrays.pop("Y"), arrays.pop("X")
    arrays["loss"] = arrays.pop("J")
    own = read_own_arrays(saved(tmp_path, arrays))
    assert own.loss is None
    assert own.results[TensorName("J")].tensor == own_arrays()["J"]
    np.testing.assert_array_equal(own.X, own_arrays()["X"])


def test_names_that_mean_nothing_are_ignored_and_told(tmp_path: Path) -> None:
    arrays = own_arrays() | {"dw1": np.ones(2), "epochs": np.array(5), "dW4": np.ones((1, 1))}
    own = read_own_arrays(saved(tmp_path, arrays))
    assert own.ignored == ("dw1", "epochs", "dW4")


def square(m: int) -> dict[str, Any]:
    return own_arrays(sizes=(3, 3, 1), m=m)


@pytest.mark.parametrize("turn", [in_rows, dict])
def test_as_many_samples_as_features_are_told_apart_by_Z1(tmp_path: Path, turn: Any) -> None:
    own = read_own_arrays(saved(tmp_path, turn(square(3))))
    assert own.convention.samples is (ROWS if turn is in_rows else COLUMNS)


def test_what_stays_open_is_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path, {k: a for k, a in square(3).items() if k != "Z1"})
    with pytest.raises(FileError, match=r"rows or in columns.*\(3, 3\)") as caught:
        read_own_arrays(path)
    assert "--orientation" in caught.value.hint
    assert read_own_arrays(path, COLUMNS).convention.samples is COLUMNS


def test_square_weights_are_taken_in_the_usual_layout(tmp_path: Path) -> None:
    arrays = own_arrays(sizes=(3, 3), m=7)
    del arrays["Z1"]
    assert read_own_arrays(saved(tmp_path, arrays)).convention.weights is Layout.UNITS_FIRST
    turned = in_rows(arrays)
    assert read_own_arrays(saved(tmp_path, turned)).convention.weights is Layout.INPUTS_FIRST


def test_one_tensor_that_disagrees_with_the_layout_is_marked(tmp_path: Path) -> None:
    arrays = own_arrays()
    arrays["dW1"] = arrays["dW1"].T
    given = read_own_arrays(saved(tmp_path, arrays)).results[TensorName("dW", 1)]
    assert (given.fits, given.needed, given.stored.shape) == (False, (4, 3), (3, 4))


X = own_arrays()["X"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"X": None}, "has no X"),
        ({"Y": None}, "has no Y"),
        ({"W2": None}, "has no W2"),
        ({"b3": None}, "has no b3"),
        ({"W0": np.ones((2, 2))}, "has a W0"),
        ({"X": X[:, 0]}, r"X has shape \(3,\)"),
        ({"X": X[:2]}, r"do not fit together: X \(2, 12\), W1 \(4, 3\)"),
        ({"W2": np.ones((4, 5))}, r"W2 \(4, 5\)"),
        ({"W3": np.ones(4)}, r"W3 has shape \(4,\)"),
        ({"W3": np.ones((0, 4))}, r"W3 has shape \(0, 4\)"),
        ({"b2": np.ones((5, 1))}, r"b2 has shape \(5, 1\)"),
        ({"b2": np.ones((2, 2))}, r"b2 has shape \(2, 2\)"),
        ({"Y": np.ones((2, 12))}, r"Y has shape \(2, 12\)"),
        ({"Y": np.ones(11)}, r"Y has shape \(11,\)"),
        ({"X": np.where(X[1, 2] == X, np.nan, X)}, r"X holds a number .* at \[1, 2\]$"),
        ({"W1": np.full((4, 3), np.inf)}, "not finite, at .* and 11 more"),
        ({"W1": np.full((4, 3), 1j)}, "W1 does not hold real numbers"),
        ({"dW1": np.full((4, 3), "a")}, "dW1 does not hold real numbers"),
        ({"dW1": np.array([None, {}])}, "no readable .npz"),
        ({"activations": np.ones(3)}, "activations must hold words"),
    ],
)
def test_file_that_cannot_be_compared_is_refused_by_name(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    path = saved(tmp_path, own_arrays() | changes)
    with pytest.raises(FileError, match=words) as caught:
        read_own_arrays(path)
    assert "own.npz" in caught.value.message


def test_classes_as_numbers_for_several_outputs_need_one_hot(tmp_path: Path) -> None:
    arrays = own_arrays(sizes=(3, 4)) | {"Y": np.zeros(12)}
    with pytest.raises(FileError, match="12 samples of 4 outputs") as caught:
        read_own_arrays(saved(tmp_path, arrays))
    assert "each of 4 classes" in caught.value.hint


def test_file_without_results_has_nothing_to_compare(tmp_path: Path) -> None:
    arrays = {key: a for key, a in own_arrays().items() if key[0] in "XYWb"}
    with pytest.raises(FileError, match="nothing to compare"):
        read_own_arrays(saved(tmp_path, arrays))


def test_orientation_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="with samples in rows"):
        read_own_arrays(saved(tmp_path, own_arrays()), ROWS)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_what_is_no_npz_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.npz"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"own\.npz"):
        read_own_arrays(path)


def test_single_array_and_missing_file_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "own.npy", np.ones(3))
    for path in (tmp_path / "own.npy", tmp_path / "none.npz", tmp_path):
        with pytest.raises(FileError):
            read_own_arrays(path)


def test_huge_declared_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000, 3), }"
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("X.npy", content)
    (tmp_path / "own.npz").write_bytes(stream.getvalue())
    with pytest.raises(FileError) as caught:
        read_own_arrays(tmp_path / "own.npz")
    assert "not that many" in caught.value.hint


def test_small_file_of_a_huge_network_is_refused(tmp_path: Path) -> None:
    arrays = {"X": np.ones((50_000, 1)), "Y": np.ones(50_000), "dW1": np.ones((1, 1000))}
    arrays |= {"W1": np.ones((1, 1000)), "b1": np.ones(1000), "W2": np.ones((1000, 1))}
    with pytest.raises(FileError, match="too many") as caught:
        read_own_arrays(saved(tmp_path, arrays | {"b2": np.ones(1)}))
    assert "at most 19980" in caught.value.hint
