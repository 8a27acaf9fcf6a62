"""From where on a network is unwell: limits between the runs that fail and those that learn.

Measured by `python -m benchmarks.health_limits`, at every epoch: the lab's default settings with 50
seeds, 32 other networks that learn with 5 each, 29 that fail with 20 each. Beside each limit stand
the farthest that any healthy run goes and what the mildest of the failing ones reaches; the
folklore is of no use here (in the lab one ReLU in five is dead and ‖ΔW‖/‖W‖ falls to 2e-5).
"""

from typing import Final

DIFFERENCE: Final = 1e-3
"""‖rows − their mean‖/‖rows‖ of W and b of a hidden layer: 0.74 at least, and 2e-16 after zeros."""

RISE: Final = 2.0
"""Highest loss of late over the first: 1.6 at most (tanh, α = 1; 1 in the lab), and 3.3 at α = 30.

At α = 10 one seed in twenty dies without a rise; its dead units tell. The same limit as in
`model.training.stop_rules`.
"""

GRADIENT: Final = 100.0
"""Largest norm of a layer's gradient: 5.6 at most (linear, α = 0.3; 3.5 in the lab), and 3900
with the weights of a deep network taken four times."""

VANISHING: Final = 1.5e-4
"""dZ of layer 1 beside that of the last, where the slopes alone are below it too: the larger of the
two is 0.0021 at least (four layers of sigmoid; 0.16 in the lab), and 7e-5 eight layers deep for as
long as they are stuck. Five and six layers lie between, and learn with a large learning rate."""

FROZEN: Final = 1.0
"""Share of the layers that are frozen: while one is free, it learns."""

DEAD_FROM: Final = 10
"""Epoch from which dead units behind the first layer are told: of eight layers of ReLU that learn,
four seeds in fifteen begin with half a layer dead."""

DEAD: Final = 0.5
"""Share of a layer's ReLUs that are 0 for all samples: 0.4 at most in the lab, and 0.8 where α = 10
kills. Half a layer is told in any case: one deep network in 160 others learns in spite of 0.6."""

SATURATED: Final = 0.35
"""Share of a hidden layer's outputs where its slope is under 1 %: 0.14 at most (tanh, α = 1), and
0.61 where tanh has five times the weights of He."""

SPREAD: Final = 1e-4
"""Standard deviation of the outputs: 3.5e-4 at least (two layers of sigmoid, before the first step;
0.018 in the lab), and 2.4e-6 with small normal weights."""

PACE: Final = 0.02
"""Share of the loss that the gradient promises to take away in a thousand epochs, while the loss is
above 0.9 of its first and the run has not settled: 0.057 at least (four layers of sigmoid; 0.82 in
the lab), and 0.0081 at α = 1e-6."""
