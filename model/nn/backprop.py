"""Forward, loss, backward and update: one implementation, a generator of elementary operations.

Training exhausts it and looks at nothing; a debugger stops at each yield. Samples are columns,
every tensor has a buffer of its own, and arrays may carry leading axes for a stack of networks.
"""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Final

import numpy as np

from model.arrays import Array
from model.nn.network import Network
from model.nn.operations import Operation, TensorName, program
from model.nn.optimizers import OPTIMIZERS, Optimizer
from model.nn.tensors import BatchTensors, GradientTensors

GRADIENT_DESCENT = OPTIMIZERS["gradient_descent"]

FEW: Final = 50
"""Up to so many weights of a layer, one dot product for each is faster than BLAS's packing."""


class Backprop:
    """One network bound to the buffers of a batch and of its gradients.

    What each operation needs is looked up here, once, so that an operation costs little more than
    its arithmetic. `learning_rate` is an array that broadcasts against every parameter, () or (…,
    1, 1); it may be written to between two iterations.
    """

    def __init__(
        self,
        network: Network,
        batch: BatchTensors,
        gradients: GradientTensors,
        learning_rate: Array,
        optimizer: Optimizer = GRADIENT_DESCENT,
    ) -> None:
        self.network, self.batch, self.gradients = network, batch, gradients
        self.learning_rate, self.optimizer = learning_rate, optimizer
        self._descent, self._still = np.empty_like(learning_rate), np.zeros_like(learning_rate)
        self.frozen: set[int] = set()
        self._m = np.array(batch.m, network.architecture.dtype)
        self._product: Callable[..., object] = (
            np.matmul if network.architecture.stack else np.dot  # np.dot starts faster
        )
        self.program = program(network.architecture, optimizer)
        self._describe = {operation.result: operation for operation in self.program}
        self._losses = batch.every_loss[..., : batch.m]
        self._forward = [self._forward_layer(l) for l in network.architecture.layers]
        if batch.dZ:
            self._backward = [
                self._backward_layer(l) for l in reversed(network.architecture.layers)
            ]
            self._update = [self._update_layer(l) for l in network.architecture.layers]

    def iteration(self) -> Iterator[Operation]:
        """One step of training on the batch, an operation at a time."""
        return chain(self.forward(), self.loss(), self.backward(), self.update())

    def forward(self) -> Iterator[Operation]:
        """Z[l] = W[l] A[l-1] + b[l] and A[l] = g(Z[l]) for l = 1 … L."""
        product = self._product
        for W, W_copy, b, b_copy, both, before, Z, A, activate, Z_done, A_done in self._forward:
            W_copy[...] = W
            b_copy[...] = b
            product(both, before, out=Z)
            yield Z_done
            activate(Z, A)
            yield A_done

    def loss(self) -> Iterator[Operation]:
        """J: summed over the outputs, mean over the batch."""
        self.evaluate_losses()
        J = self.batch.J
        np.add.reduce(self._losses, axis=(-2, -1), out=J)
        np.divide(J, self._m, out=J)
        yield self._describe[TensorName("J")]

    def evaluate_losses(self) -> None:
        """The loss of each output and sample, the columns that are only looked at included."""
        batch = self.batch
        self.network.architecture.loss.value(
            batch.every_Z[-1],
            batch.every_A[-1],
            batch.every_targets,
            batch.every_loss,
            batch.scratch,
        )

    def backward(self) -> Iterator[Operation]:
        """dA[l], dZ[l], dW[l] and db[l] for l = L … 1."""
        for fill_dA, fill_dZ, fill_dW, fill_db, done in self._backward:
            fill_dA()
            yield done[0]
            fill_dZ()
            yield done[1]
            fill_dW()
            yield done[2]
            fill_db()
            yield done[3]

    def update(self) -> Iterator[Operation]:
        """ΔW[l], Δb[l], then W[l] and b[l], for l = 1 … L; a frozen layer stays as it is."""
        descent, update = self._descent, self.optimizer.update
        np.negative(self.learning_rate, out=descent)
        for W, b, dW, db, update_W, update_b, done in self._update:
            step = self._still if done[0].layer in self.frozen else descent
            update(dW, step, update_W)
            yield done[0]
            update(db, step, update_b)
            yield done[1]
            np.add(W, update_W, out=W)
            yield done[2]
            np.add(b, update_b, out=b)
            yield done[3]

    def tensor(self, name: TensorName) -> Array:
        """The buffer of that name; raises KeyError where the network has none."""
        return self._tensors()[name]

    def _tensors(self) -> dict[TensorName, Array]:
        batch, grads, network = self.batch, self.gradients, self.network
        per_layer = {
            "W": network.W,
            "b": network.b,
            "Z": batch.Z[1:],
            "A": batch.A[1:],
            "dA": batch.dA[1:],
            "dZ": batch.dZ[1:],
            "dW": grads.dW,
            "db": grads.db,
            "update_W": grads.update_W,
            "update_b": grads.update_b,
        }
        named = {TensorName("X"): batch.A[0], TensorName("Y"): batch.Y, TensorName("J"): batch.J}
        for name, arrays in per_layer.items():
            named.update({TensorName(name, l): array for l, array in enumerate(arrays, start=1)})
        return named

    def _done(self, l: int, *names: str) -> tuple[Operation, ...]:
        return tuple(self._describe[TensorName(name, l)] for name in names)

    def _forward_layer(self, l: int) -> "_Forward":
        """With W and b side by side against A over a row of ones, Z is a single product.

        That takes half the time of a product and a sum that broadcasts b.
        """
        network, batch = self.network, self.batch
        W, b = network.W[l - 1], network.b[l - 1]
        both = np.concatenate([W, b], axis=-1)
        parameters = W, both[..., :-1], b, both[..., -1:], both
        activate = network.architecture.activations[l - 1].forward
        tensors = batch.inputs[l - 1], batch.every_Z[l], batch.every_A[l]
        Z_done, A_done = self._done(l, "Z", "A")
        return *parameters, *tensors, activate, Z_done, A_done

    def _backward_layer(self, l: int) -> "_Backward":
        last = l == len(self.network.architecture.layers)
        fill_dA = self._head_dA() if last else self._hidden_dA(l)
        fill_dZ = self._head_dZ() if last and self.network.architecture.fused else self._dZ(l)
        done = self._done(l, "dA", "dZ", "dW", "db")
        return fill_dA, fill_dZ, self._dW(l), self._db(l), done

    def _update_layer(self, l: int) -> "_Update":
        network, grads, i = self.network, self.gradients, l - 1
        done = self._done(l, "update_W", "update_b", "W", "b")
        parameters = network.W[i], network.b[i], grads.dW[i], grads.db[i]
        return *parameters, grads.update_W[i], grads.update_b[i], done

    def _head_dA(self) -> "_Fill":
        """dA[L] = ∂J/∂A[L], the 1/m included."""
        batch, gradient = self.batch, self.network.architecture.loss.gradient
        Z, A, m, out = batch.Z[-1], batch.A[-1], self._m, batch.dA[-1]
        scratch = batch.scratch[..., : batch.m]
        return lambda: gradient(Z, A, batch.targets, m, out, scratch)

    def _head_dZ(self) -> "_Fill":
        """dZ[L] = (A[L] − Y)/m, for a canonical pair."""
        A, Y, m, out = self.batch.A[-1], self.batch.Y, self._m, self.batch.dZ[-1]

        def fill() -> None:
            np.subtract(A, Y, out=out)
            np.divide(out, m, out=out)

        return fill

    def _hidden_dA(self, l: int) -> "_Fill":
        """dA[l] = W[l+1]ᵀ dZ[l+1]."""
        W, dZ, out = self.network.W[l].mT, self.batch.dZ[l + 1], self.batch.dA[l]
        if self.network.architecture.stack and W.shape[-1] == 1:
            return partial(np.multiply, W, dZ, out=out)
        return partial(self._product, W, dZ, out=out)

    def _dZ(self, l: int) -> "_Fill":
        """dZ[l] = dA[l] ⊙ g′(Z[l])."""
        batch, backward = self.batch, self.network.architecture.activations[l - 1].backward
        return partial(backward, batch.dA[l], batch.Z[l], batch.A[l], batch.dZ[l])

    def _dW(self, l: int) -> "_Fill":
        """dW[l] = dZ[l] A[l-1]ᵀ."""
        dZ, before, out = self.batch.dZ[l], self.batch.A[l - 1], self.gradients.dW[l - 1]
        rows, columns = out.shape[-2:]
        if rows > 1 and rows * columns <= FEW:
            return partial(np.vecdot, dZ[..., :, None, :], before[..., None, :, :], out=out)
        return partial(np.matmul, dZ, before.mT, out=out)

    def _db(self, l: int) -> "_Fill":
        """db[l] = Σ dZ[l], as a product with ones, which BLAS sums faster than NumPy."""
        dZ = self.batch.dZ[l]
        ones = np.ones((dZ.shape[-1], 1), dZ.dtype)
        return partial(self._product, dZ, ones, out=self.gradients.db[l - 1])


_Fill = Callable[[], object]
_Activate = Callable[[Array, Array], None]
_Forward = tuple[
    Array, Array, Array, Array, Array, Array, Array, Array, _Activate, Operation, Operation
]
_Backward = tuple[_Fill, _Fill, _Fill, _Fill, tuple[Operation, ...]]
_Update = tuple[Array, Array, Array, Array, Array, Array, tuple[Operation, ...]]


def exhaust(operations: Iterator[Operation]) -> None:
    """Run to the end and look at nothing."""
    deque(operations, maxlen=0)


def outputs(network: Network, X: Array) -> list[Array]:
    """A[0] … A[L], each (…, n_l, m), for X (n_0, m)."""
    batch = BatchTensors(network.architecture, X.shape[-1], backward=False)
    batch.load(X, batch.every_Y)
    with np.errstate(all="ignore"):
        exhaust(_bound(network, batch).forward())
    return list(batch.A)


def gradients(network: Network, X: Array, Y: Array) -> tuple[float, list[Array], list[Array]]:
    """J, dW and db for X (n_0, m) and Y (n_L, m); the parameters stay."""
    batch = BatchTensors(network.architecture, X.shape[-1])
    batch.load(X, Y)
    bound = _bound(network, batch)
    with np.errstate(all="ignore"):
        for part in (bound.forward, bound.loss, bound.backward):
            exhaust(part())
    return float(batch.J), bound.gradients.dW, bound.gradients.db


def loss_of(network: Network, X: Array, Y: Array) -> Callable[[], complex]:
    """A function that gives J for X (n_0, m) and Y (n_L, m) under the network's present parameters.

    The parameters may be complex: J is then analytic in them wherever the network's functions are.
    """
    batch = BatchTensors(network.architecture, X.shape[-1], backward=False)
    batch.load(X, Y)
    bound = _bound(network, batch)

    def loss() -> complex:
        with np.errstate(all="ignore"):
            exhaust(bound.forward())
            exhaust(bound.loss())
        return complex(batch.J)

    return loss


def _bound(network: Network, batch: BatchTensors) -> Backprop:
    tensors = GradientTensors(network.architecture)
    return Backprop(network, batch, tensors, np.zeros((), network.architecture.dtype))
