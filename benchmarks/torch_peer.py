"""The peer: PyTorch eager, a sequence of layers with the usual SGD step."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rounds import Work

if TYPE_CHECKING:
    import torch


def torch_work(sizes: tuple[int, ...], X: np.ndarray, Y: np.ndarray, learning_rate: float) -> Work:
    """Forward, backward and step on one batch; X (m, n_0) and Y (m, n_L) give the precision."""
    import torch

    model = _model(sizes).to(torch.from_numpy(X).dtype)
    criterion = torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    inputs, targets = torch.from_numpy(X.copy()), torch.from_numpy(Y.copy())

    def work(count: int) -> None:
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()

    return work


def _model(sizes: tuple[int, ...]) -> "torch.nn.Sequential":
    """Linear layers with ReLU between them; the sigmoid is in the loss."""
    import torch

    torch.manual_seed(0)
    layers: list[torch.nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])
