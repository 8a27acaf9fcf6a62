"""One forward and backward pass of the generator in which some tensors are somebody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from model.arrays import Array
from model.nn.activations import Activation
from model.nn.backprop import Backprop
from model.nn.network import Architecture, Network
from model.nn.operations import Operation, Phase, TensorName
from model.nn.tensors import BatchTensors, GradientTensors

Tensors = dict[TensorName, Array]


class Replay:
    """A network bound to one batch X (n_0, m), Y (n_L, m).

    `operations` are those of a pass without the update.
    """

    def __init__(self, network: Network, X: Array, Y: Array) -> None:
        architecture = network.architecture
        batch = BatchTensors(architecture, X.shape[1])
        batch.load(X, Y)
        rate = np.zeros((), architecture.dtype)
        self.architecture = architecture
        self.backprop = Backprop(network, batch, GradientTensors(architecture), rate)
        self.operations: tuple[Operation, ...] = tuple(
            operation for operation in self.backprop.program if operation.phase is not Phase.UPDATE
        )
        self._buffers = {
            operation.result: self.backprop.tensor(operation.result)
            for operation in self.operations
        }

    def computed(self, replaced: Mapping[TensorName, Array]) -> Tensors:
        """Each tensor as its operation gives it, the operands being replaced as soon as computed.

        With nothing replaced that is Backscope's own pass. Afterwards the buffers hold the
        replacements.
        """
        found: Tensors = {}
        passes = chain(self.backprop.forward(), self.backprop.loss(), self.backprop.backward())
        with np.errstate(all="ignore"):
            for operation in passes:
                buffer = self._buffers[operation.result]
                found[operation.result] = buffer.copy()
                if operation.result in replaced:
                    buffer[...] = replaced[operation.result]
        return found


@dataclass(frozen=True)
class Scene:
    """One operation after a pass: its operands as they stand in the buffers.

    `place` is the tensor that it computes, `computed` what each operation of the pass gives.
    """

    backprop: Backprop
    place: TensorName
    computed: Tensors

    def __call__(self, name: str, offset: int = 0) -> Array:
        """The tensor of that name `offset` layers further; A of layer 0 is X.

        Raises `LookupError` where there is none.
        """
        layer = self.place.layer + offset
        if name == "A" and layer == 0:
            return self.backprop.tensor(TensorName("X"))
        return self.backprop.tensor(TensorName(name, layer))

    @property
    def right(self) -> Array:
        """What the operation gives."""
        return self.computed[self.place]

    def result(self, offset: int) -> Array:
        """The same tensor as its operation gives it so many layers further.

        Raises `LookupError` where there is none.
        """
        return self.computed[self.place._replace(layer=self.place.layer + offset)]

    @property
    def architecture(self) -> Architecture:
        """That of the network."""
        return self.backprop.network.architecture

    @property
    def activation(self) -> Activation:
        """That of this layer."""
        return self.architecture.activations[self.place.layer - 1]

    @property
    def is_output(self) -> bool:
        """Whether this is the last layer."""
        return self.place.layer == len(self.architecture.layers)

    @property
    def X(self) -> Array:
        """The inputs (n_0, m)."""
        return self.backprop.batch.A[0]

    @property
    def Y(self) -> Array:
        """The targets (n_L, m)."""
        return self.backprop.batch.Y

    @property
    def m(self) -> int:
        """Samples in the batch."""
        return self.backprop.batch.m

    def backward(self, dA: Array, Z: Array, A: Array, activation: Activation) -> Array:
        """dA ⊙ g′, with another Z, A or g than this layer's own, broadcast as NumPy does."""
        if dA.shape != Z.shape:
            return np.asarray(dA * self.backward(np.ones_like(Z), Z, A, activation))
        out = np.empty_like(dA)
        activation.backward(dA, Z, A, out)
        return out
