"""The buffers of one batch and of one gradient: every named tensor has its own."""

from collections.abc import Sequence

import numpy as np

from model.arrays import Array, packed
from model.nn.network import Architecture


class BatchTensors:
    """X, Y, Z, A, J, dA and dZ for batches of m samples.

    Item 0 of `A` is X, (…, n_0, m); item l of `Z`, `A`, `dA`, `dZ` is layer l's, (…, n_l, m); item
    0 of the other three is unused. `J` is (…). The forward pass covers `extra` further columns,
    samples that are only looked at: `every_Z` and `every_A` have m + extra columns, the first m of
    which are `Z` and `A`; their losses stand in `every_loss`. `inputs[l]` (…, n_l + 1, m + extra)
    is `every_A[l]` with a row of ones below it, against which a bias can be multiplied. Without
    `backward` there are no dA and dZ.
    """

    def __init__(
        self, architecture: Architecture, m: int, extra: int = 0, backward: bool = True
    ) -> None:
        self.m = m
        sizes, stack, dtype = architecture.sizes, architecture.stack, architecture.dtype
        columns = m + extra
        self._prepare = architecture.loss.prepare

        def buffers(columns: int) -> list[Array]:
            return [np.zeros(0, dtype), *(np.zeros((*stack, n, columns), dtype) for n in sizes[1:])]

        leading = ((), *[stack] * (len(sizes) - 1))
        self.inputs: Sequence[Array] = [
            np.ones((*axes, n + 1, columns), dtype) for axes, n in zip(leading, sizes, strict=True)
        ]
        self.every_Z: Sequence[Array] = buffers(columns)
        self.every_A: Sequence[Array] = [rows[..., :-1, :] for rows in self.inputs]
        self.Z = [Z[..., :m] for Z in self.every_Z]
        self.A = [A[..., :m] for A in self.every_A]
        self.every_Y = np.zeros((sizes[-1], columns), dtype)
        self.Y = self.every_Y[..., :m]
        self.every_loss = np.zeros((*stack, sizes[-1], columns), dtype)
        self.scratch = np.zeros_like(self.every_loss)
        self.J = np.zeros(stack, dtype)
        self.dA = buffers(m) if backward else []
        self.dZ = buffers(m) if backward else []
        for A in self.every_A:
            A.fill(0.0)
        self.load(self.every_A[0], self.every_Y)

    def load(self, X: Array, Y: Array) -> None:
        """Take over X (n_0, m + extra) and Y (n_L, m + extra)."""
        self.every_A[0][...] = X
        self.every_Y[...] = Y
        self.every_targets = self._prepare(self.every_Y)
        self.targets = tuple(target[..., : self.m] for target in self.every_targets)


class GradientTensors:
    """dW, db and the update ΔW, Δb of each layer; item 0 is layer 1.

    `gradient` and `update` are flat vectors in the order of a network's `parameters`.
    """

    def __init__(self, architecture: Architecture) -> None:
        shapes = architecture.parameter_shapes
        self.gradient, gradients = packed(shapes, architecture.dtype)
        self.update, updates = packed(shapes, architecture.dtype)
        self.dW, self.db = gradients[0::2], gradients[1::2]
        self.update_W, self.update_b = updates[0::2], updates[1::2]
