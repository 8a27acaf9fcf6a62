"""From a file with somebody's own arrays to what is found in it, in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.analysis.conventions import Orientation, OwnArrays
from model.analysis.findings import OwnCheck
from model.analysis.own_functions import Functions, functions_of
from model.analysis.own_gradients import check_own
from model.errors import FileError
from model.files.own_arrays import read_own_arrays
from model.training.settings import RunSettings


@dataclass(frozen=True)
class OwnComparison:
    """The arrays, what they were taken to be computed with, and the findings."""

    own: OwnArrays
    functions: Functions
    check: OwnCheck


def compared(
    path: Path,
    orientation: Orientation | None = None,
    settings: RunSettings | None = None,
    assignments: Sequence[str] = (),
) -> OwnComparison:
    """Read a file and compare it; what it does not name is taken from `settings`.

    Raises `FileError`, `SettingsError` or `ArrayError` with what is wrong.
    """
    try:
        own = read_own_arrays(path, orientation)
        functions = functions_of(own, settings, assignments)
        return OwnComparison(own, functions, check_own(own, functions.activations, functions.loss))
    except MemoryError as error:
        raise FileError("There is not enough memory", "save fewer samples") from error
