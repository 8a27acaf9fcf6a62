"""Array types and the few helpers that every room shares."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from model.errors import ArrayError

Array = NDArray[np.floating[Any]]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
DType = np.dtype[np.floating[Any]]
Shape = tuple[int, ...]


def frozen(array: Array) -> Array:
    """A read-only copy, safe to hand to another thread."""
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def numbers_of(array: ArrayLike, name: str, dtype: DTypeLike = np.float64) -> Array:
    """`array` as numbers of a type; `ArrayError` names it where it holds none or is ragged."""
    try:
        return np.asarray(array, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise ArrayError(f"{name} is no rectangular array of numbers") from error


def packed(shapes: Sequence[Shape], dtype: DTypeLike) -> tuple[Array, list[Array]]:
    """One zeroed flat vector and a view of it for each shape, in order.

    Copying the vector copies them all; each view is C-contiguous.
    """
    sizes = [int(np.prod(shape)) for shape in shapes]
    flat = np.zeros(sum(sizes), dtype=dtype)
    return flat, unpacked(flat, shapes)


def unpacked(flat: Array, shapes: Sequence[Shape]) -> list[Array]:
    """The views of `packed` over an existing flat vector."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [
        flat[end - int(np.prod(shape)) : end].reshape(shape)
        for end, shape in zip(ends, shapes, strict=True)
    ]
