"""weights.npz: written, opened again, and refused where it is no such file."""

import io
import os
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model import Network, RunSettings, train
from model.errors import FileError
from model.files.npz import LARGEST
from model.files.weights import Weights, read_weights, write_weights
from model.training.assignments import assigned

X = np.random.default_rng(1).normal(size=(20, 2))


def small(dtype: Any = np.float64) -> Weights:
    network = Network.build([2, 3, 1], ["tanh", "identity"], "half_squared_error", dtype)
    network.initialize("he", "normal", np.random.default_rng(0))
    return Weights(network, np.array([0.5, -1.0]), np.array([2.0, 0.25]))


def arrays(**changes: Any) -> dict[str, Any]:
    """The contents of a good file, some of them replaced; None leaves one out."""
    good: dict[str, Any] = {
        "W1": np.ones((3, 2)),
        "b1": np.zeros((3, 1)),
        "W2": np.ones((1, 3)),
        "b2": np.zeros((1, 1)),
        "mean": np.zeros(2),
        "scale": np.ones(2),
        "activations": np.array(["relu", "sigmoid"]),
        "loss": np.array("binary_cross_entropy"),
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def saved(folder: Path, **changes: Any) -> Path:
    path = folder / "weights.npz"
    with path.open("wb") as stream:
        np.savez(stream, **arrays(**changes))
    return path


def zipped(folder: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "weights.npz"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def npy_header(description: str, version: tuple[int, int] = (1, 0)) -> bytes:
    size = struct.pack("<H" if version == (1, 0) else "<I", len(description))
    return b"\x93NUMPY" + bytes(version) + size + description.encode()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_weights_come_back_as_they_were(tmp_path: Path, dtype: Any) -> None:
    weights = small(dtype)
    write_weights(tmp_path / "w.npz", weights)
    again = read_weights(tmp_path / "w.npz")
    assert again.network.architecture == weights.network.architecture
    assert np.array_equal(again.network.parameters, weights.network.parameters)
    assert np.array_equal(again.predict_proba(X), weights.predict_proba(X))


def test_file_has_the_names_and_shapes_that_others_rely_on(tmp_path: Path) -> None:
    write_weights(tmp_path / "w.npz", small())
    with np.load(tmp_path / "w.npz", allow_pickle=False) as stored:
        shapes = {name: stored[name].shape for name in stored}
    assert shapes == {
        "W1": (3, 2),
        "b1": (3, 1),
        "W2": (1, 3),
        "b2": (1, 1),
        "mean": (2,),
        "scale": (2,),
        "activations": (2,),
        "loss": (),
    }


def test_weights_of_a_run_predict_what_the_run_predicts(tmp_path: Path) -> None:
    result = train(assigned(RunSettings(), ["epochs=20", "n_samples=100"]))
    for weights in (Weights.of_result(result), Weights.of_snapshot(result.snapshot)):
        write_weights(tmp_path / "w.npz", weights)
        again = read_weights(tmp_path / "w.npz")
        assert np.array_equal(again.predict_proba(X), result.predict_proba(X))
        assert again.fits(result.data)


def test_file_of_bare_parameters_is_opened_with_the_usual_functions(tmp_path: Path) -> None:
    path = saved(tmp_path, mean=None, scale=None, activations=None, loss=None)
    weights = read_weights(path)
    names = [activation.name for activation in weights.network.architecture.activations]
    assert names == ["relu", "sigmoid"]
    assert weights.mean.tolist() == [0.0, 0.0]
    assert weights.scale.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"W2": None}, "no W2"),
        ({"b1": None}, "no b1"),
        ({"W1": None, "W2": None, "b1": None, "b2": None}, "no W1"),
        ({"W4": np.ones((1, 1))}, "no W3"),
        ({"W999": np.ones((1, 1))}, "999 layers"),
        ({"W2": np.ones((1, 4))}, r"W\[2\] has shape \(1, 4\)"),
        ({"W1": np.ones(3)}, r"W\[1\] has shape"),
        ({"b1": np.ones((2, 1))}, r"b\[1\] has shape"),
        ({"W1": np.full((3, 2), np.nan)}, r"W\[1\] holds a number that is not finite"),
        ({"W1": np.full((3, 2), 1j)}, "W1 does not hold numbers"),
        ({"W1": np.full((3, 2), np.longdouble("1e400"))}, "W1 does not hold numbers"),
        ({"mean": np.full(2, 1j)}, "mean does not hold numbers"),
        ({"scale": np.full(2, np.longdouble("1e400"))}, "scale does not hold numbers"),
        ({"W1": np.full((3, 2), "1")}, "W1 does not hold numbers"),
        ({"mean": np.ones(3)}, "mean must hold 2 numbers"),
        ({"scale": np.zeros(2)}, "scale must be above 0"),
        ({"scale": np.array([1.0, np.inf])}, "scale holds a number that is not finite"),
        ({"activations": np.array(["relu", "swish"])}, "swish"),
        ({"activations": np.array(["relu"])}, "1 activations"),
        ({"activations": np.ones(2)}, "activations must hold words"),
        ({"loss": np.array("hinge")}, "hinge"),
        ({"loss": np.array(["binary_cross_entropy", "hinge"])}, "loss must hold one word"),
        ({"loss": np.array([], dtype="U5")}, "loss must hold one word"),
        ({"activations": np.array(["relu", "tanh"])}, "binary_cross_entropy needs"),
    ],
)
def test_file_that_holds_no_network_is_refused(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(FileError, match=r"weights\.npz cannot be used: .*" + words):
        read_weights(saved(tmp_path, **changes))


def test_python_objects_are_never_opened(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return os.mkdir, (str(tmp_path / "trapped"),)

    path = saved(tmp_path, W1=np.array([Trap()], dtype=object))
    with pytest.raises(FileError) as caught:
        read_weights(path)
    assert "Python objects" in caught.value.hint
    assert not (tmp_path / "trapped").exists()


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    block = bytes(1_000_000)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("W1.npy", "w") as member,
    ):
        for _ in range(LARGEST // len(block) + 1):
            member.write(block)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(FileError, match="too large"):
        read_weights(path)


def test_member_longer_than_it_declares_is_refused(tmp_path: Path) -> None:
    """The directory says 200 bytes; what is packed there would unpack to 50 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(50_000_000)) + packer.flush()
    path = zipped(tmp_path, {"W1.npy": b"x" * len(packed)}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes().replace(b"x" * len(packed), packed))
    for start, offset in ((content.rindex(b"PK\x01\x02"), 10), (0, 8)):
        content[start + offset : start + offset + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 200)
    path.write_bytes(content)
    with pytest.raises(FileError, match="no readable"):
        read_weights(path)


@pytest.mark.parametrize(
    "content",
    [
        npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}"),
        npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}") + bytes(31),
        npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1)}") + bytes(8),
        npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 1" + "0" * 30 + ")}"),
        npy_header("{'descr': '<f8', " + " " * 1_000_000, (2, 0)),
        npy_header("(" * 9_000),
        npy_header("{"),
        npy_header("{}", (9, 9)),
        b"\x93NUMPY",
        b"",
    ],
    ids=[
        "terabytes",
        "short",
        "negative",
        "beyond",
        "long header",
        "nested",
        "open",
        "version",
        "cut",
        "empty",
    ],
)
def test_array_that_lies_about_itself_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileError, match="no readable"):
        read_weights(zipped(tmp_path, {"W1.npy": content}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy_header("{}", (3, 0)), "version 3 of NumPy's format"),
        (npy_header("print(1)"), "shape and type of an array cannot be read"),
        (
            npy_header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': (0, {10**30})}}"),
            "its data are not that many",
        ),
        (npy_header("{'descr': 'f8', 'fortran_order': 0, 'shape': ()}"), "cannot be read"),
    ],
)
def test_array_that_cannot_be_read_is_refused_in_plain_words(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(FileError) as caught:
        read_weights(zipped(tmp_path, {"W1.npy": content}))
    assert words in caught.value.hint


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_numpy_does_not_use_is_refused(tmp_path: Path, method: int) -> None:
    stream = io.BytesIO()
    np.save(stream, np.ones((3, 2)))
    with pytest.raises(FileError, match="no readable"):
        read_weights(zipped(tmp_path, {"W1.npy": stream.getvalue()}, method))


def test_thousands_of_arrays_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {f"{i}.npy": b"" for i in range(1000)})
    with pytest.raises(FileError, match="too large: 1000 arrays"):
        read_weights(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"W1 = 3", b"\x93NUMPY" + bytes(100)])
def test_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"weights\.npz is no readable"):
        read_weights(path)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no file"):
        read_weights(tmp_path / "none.npz")
    with pytest.raises(FileError, match="is no file"):
        read_weights(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_file_is_opened_or_refused_as_a_file(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(saved(tmp_path).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    path = tmp_path / "damaged.npz"
    path.write_bytes(content[: cut or None])
    with suppress(FileError):
        read_weights(path)


def test_unwritable_place_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path)
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileError, match="no space left"):
        write_weights(path, small())
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["weights.npz"]
