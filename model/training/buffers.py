"""A run's buffers: one set for each size of batch, and one for all samples together."""

from model.arrays import Array
from model.nn.backprop import Backprop
from model.nn.network import Network
from model.nn.optimizers import Optimizer
from model.nn.tensors import BatchTensors, GradientTensors
from model.training.batches import Batches


class Buffers:
    """A network bound to the batches it sees, all of them over the same `gradients`.

    `overview` holds the training samples with the test samples behind them, for forward passes;
    `frozen` are the layers that updates leave out.
    """

    def __init__(
        self,
        network: Network,
        batches: Batches,
        learning_rate: Array,
        optimizer: Optimizer,
        frozen: set[int],
    ) -> None:
        self._network, self._batches = network, batches
        self._learning_rate, self._optimizer, self._frozen = learning_rate, optimizer, frozen
        self.gradients = GradientTensors(network.architecture)
        self._bound: dict[int, Backprop] = {}
        self.overview = self._backprop(self._all_samples(backward=False))

    def of(self, iteration: int) -> Backprop:
        """The buffers for the batch of an iteration; a short last batch has its own.

        The test samples ride along in a full batch, so that one forward pass serves both.
        """
        size = self._batches.size_of(iteration)
        if size not in self._bound:
            full, architecture = self._batches.full, self._network.architecture
            tensors = self._all_samples() if full else BatchTensors(architecture, size)
            self._bound[size] = self._backprop(tensors)
        return self._bound[size]

    def _all_samples(self, backward: bool = True) -> BatchTensors:
        """Buffers with the training samples first, the test samples behind them."""
        batches = self._batches
        tensors = BatchTensors(
            self._network.architecture, batches.n_train, batches.n_test, backward
        )
        batches.load_all(tensors)
        return tensors

    def _backprop(self, tensors: BatchTensors) -> Backprop:
        bound = Backprop(
            self._network, tensors, self.gradients, self._learning_rate, self._optimizer
        )
        bound.frozen = self._frozen
        return bound
