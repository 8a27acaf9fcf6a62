from pathlib import Path

import numpy as np
import pytest

from model.errors import FileError
from model.files.tensors import write_tensor

VALUES = np.array([[0.1, -1 / 3, 1e-308], [np.nan, -np.inf, 5e300]])


def test_npy_reads_back_bit_for_bit(tmp_path: Path) -> None:
    write_tensor(tmp_path / "dW2.npy", VALUES)
    np.testing.assert_array_equal(np.load(tmp_path / "dW2.npy", allow_pickle=False), VALUES)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_csv_reads_back_bit_for_bit(tmp_path: Path, dtype: type) -> None:
    with np.errstate(over="ignore"):
        values = VALUES.astype(dtype)
    write_tensor(tmp_path / "dW2.CSV", values)
    read = np.loadtxt(tmp_path / "dW2.CSV", delimiter=",", ndmin=2)
    np.testing.assert_array_equal(read.astype(dtype), values)


def test_a_column_of_a_larger_tensor_is_written_as_it_is_seen(tmp_path: Path) -> None:
    column = np.arange(12.0).reshape(3, 4)[:, 2:3]
    for name in ("z.npy", "z.csv"):
        write_tensor(tmp_path / name, column)
    np.testing.assert_array_equal(np.load(tmp_path / "z.npy"), [[2.0], [6.0], [10.0]])
    assert (tmp_path / "z.csv").read_text() == "2.0\n6.0\n10.0\n"


def test_another_suffix_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(FileError) as refused:
        write_tensor(tmp_path / "dW2.xlsx", VALUES)
    assert ".npy or .csv" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"dW2\.npy cannot be written"):
        write_tensor(tmp_path / "missing" / "dW2.npy", VALUES)
