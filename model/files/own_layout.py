"""Samples in rows or in columns, W with its units first or last: inferred once for a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.analysis.conventions import Convention, Layout, Orientation
from model.arrays import Array
from model.errors import FileError

CONVENTIONS: Final = (
    Convention(Orientation.COLUMNS, Layout.UNITS_FIRST),
    Convention(Orientation.ROWS, Layout.INPUTS_FIRST),
    Convention(Orientation.ROWS, Layout.UNITS_FIRST),
    Convention(Orientation.COLUMNS, Layout.INPUTS_FIRST),
)
"""The usual pairs first (Z = W X + b; Z = X W + b): they are taken where shapes leave it open."""


SAY_ORIENTATION: Final = "say --orientation rows or --orientation columns"
"""What to do about a file whose shapes leave open how the samples stand."""


@dataclass(frozen=True)
class Inputs:
    """X, Y, W1 … WL and b1 … bL as they stand in a file, and Z1 where it is there."""

    X: Array
    Y: Array
    W: Sequence[Array]
    b: Sequence[Array]
    Z1: Array | None = None


def inferred(inputs: Inputs, orientation: Orientation | None = None) -> Convention:
    """The layout of a file, of which `orientation` says a part where it is given.

    X and W decide by their shapes, then Y; where they leave it open, that with which W1 and X give
    Z1. `FileError` names the shapes that fit nowhere, or asks for the orientation.
    """
    found = [c for c in CONVENTIONS if orientation in (None, c.samples)]
    for fits, complaint in _CHECKS:
        left = [c for c in found if fits(inputs, c)]
        if not left:
            raise complaint(inputs, found[0], orientation)
        found = left
    if len(found) > 1 and inputs.Z1 is not None:
        found = [c for c in found if _gives_Z1(inputs, c)] or found
    if len({c.samples for c in found}) > 1:
        raise FileError(
            f"the samples may stand in rows or in columns: X has shape {inputs.X.shape}",
            SAY_ORIENTATION,
        )
    return found[0]


def _sizes(inputs: Inputs, convention: Convention) -> tuple[int, ...] | None:
    return convention.sizes([W.shape for W in inputs.W])


def _W_fit(inputs: Inputs, convention: Convention) -> bool:
    sizes = _sizes(inputs, convention)
    return sizes is not None and convention.samples_of(inputs.X.shape)[0] == sizes[0]


def _b_fit(inputs: Inputs, convention: Convention) -> bool:
    sizes = _sizes(inputs, convention) or ()
    return all(
        b.size == n and max(b.shape, default=1) == n
        for b, n in zip(inputs.b, sizes[1:], strict=True)
    )


def _Y_fits(inputs: Inputs, convention: Convention) -> bool:
    """One output may be stored as (m,), (m, 1) or (1, m) whatever the orientation."""
    n, (_, m) = (_sizes(inputs, convention) or (0,))[-1], convention.samples_of(inputs.X.shape)
    if n == 1:
        return inputs.Y.size == m and max(inputs.Y.shape, default=1) == m
    return inputs.Y.ndim == 2 and convention.samples_of(inputs.Y.shape) == (n, m)


def _W_complaint(inputs: Inputs, _: Convention, orientation: Orientation | None) -> FileError:
    shapes = [f"X {inputs.X.shape}"]
    shapes += [f"W{l} {W.shape}" for l, W in enumerate(inputs.W, start=1)]
    where = f" with samples in {orientation}" if orientation else ""
    return FileError(
        f"the shapes do not fit together{where}: {', '.join(shapes)}",
        "W1 takes the features of X, each other W the units of the W before it",
    )


def _b_complaint(inputs: Inputs, convention: Convention, _: Orientation | None) -> FileError:
    sizes = (_sizes(inputs, convention) or ())[1:]
    l = next(
        l
        for l, (b, n) in enumerate(zip(inputs.b, sizes, strict=True), start=1)
        if b.size != n or max(b.shape, default=1) != n
    )
    return FileError(
        f"b{l} has shape {inputs.b[l - 1].shape} beside W{l} {inputs.W[l - 1].shape}",
        f"it needs one number for each of {sizes[l - 1]} units",
    )


def _Y_complaint(inputs: Inputs, convention: Convention, _: Orientation | None) -> FileError:
    n = (_sizes(inputs, convention) or (0,))[-1]
    m = convention.samples_of(inputs.X.shape)[1]
    one_hot = inputs.Y.size == m and n > 1
    return FileError(
        f"Y has shape {inputs.Y.shape}; {m} samples of {n} output{'s' * (n > 1)} are needed",
        f"save Y with one column or row for each of {n} classes" if one_hot else "",
    )


def _gives_Z1(inputs: Inputs, convention: Convention) -> bool:
    X, W = convention.turned("X", inputs.X), convention.turned("W", inputs.W[0])
    Z1 = convention.turned("Z", inputs.Z1) if inputs.Z1 is not None else X
    Z = W @ X + inputs.b[0].reshape(-1, 1)
    return Z.shape == Z1.shape and bool(np.allclose(Z, Z1, rtol=1e-4, atol=1e-6))


_Fits = Callable[[Inputs, Convention], bool]
_Complaint = Callable[[Inputs, Convention, Orientation | None], FileError]
_CHECKS: Final[tuple[tuple[_Fits, _Complaint], ...]] = (
    (_W_fit, _W_complaint),
    (_b_fit, _b_complaint),
    (_Y_fits, _Y_complaint),
)
