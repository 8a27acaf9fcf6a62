"""Where a step of each kind ends, in the lab's 31 operations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Network
from model.errors import SettingsError, StateError
from model.nn.operations import Operation, program
from model.nn.optimizers import OPTIMIZERS
from model.training.boundaries import KINDS, Position, back_target, step_target

PER_EPOCH = 4

# Z A, Z A, Z A | J | dA dZ dW db, three times | ΔW Δb W b, three times
STARTS = {
    "operation": list(range(31)),
    "layer": [0, 2, 4, 6, 7, 11, 15, 19, 23, 27],
    "phase": [0, 6, 7, 19],
    "iteration": [0],
    "epoch": [0],
}


def _program() -> tuple[Operation, ...]:
    network = Network.build((2, 10, 5, 1), ("relu", "relu", "sigmoid"))
    return program(network.architecture, OPTIMIZERS["gradient_descent"])


LAB = _program()
POSITIONS = st.tuples(st.integers(0, 11), st.integers(0, 30))


def _boundaries(kind: str) -> list[Position]:
    """All boundaries of the first 13 iterations, written down without looking at the code."""
    return [
        (iteration, start)
        for iteration in range(14)
        if kind != "epoch" or iteration % PER_EPOCH == 0
        for start in STARTS[kind]
    ] + [(16, 0)]


def test_kinds_go_from_small_to_large() -> None:
    assert tuple(STARTS) == KINDS


@pytest.mark.parametrize("kind", KINDS)
@given(position=POSITIONS)
def test_step_ends_at_the_next_boundary(kind: str, position: Position) -> None:
    wanted = next(b for b in _boundaries(kind) if b > position)
    assert step_target(kind, position, LAB, PER_EPOCH) == wanted


@pytest.mark.parametrize("kind", KINDS)
@given(position=POSITIONS)
def test_back_ends_at_the_boundary_before(kind: str, position: Position) -> None:
    if position == (0, 0):
        with pytest.raises(StateError, match="beginning"):
            back_target(kind, position, LAB, PER_EPOCH)
    else:
        wanted = [b for b in _boundaries(kind) if b < position][-1]
        assert back_target(kind, position, LAB, PER_EPOCH) == wanted


@pytest.mark.parametrize("target", [step_target, back_target])
@pytest.mark.parametrize("position", [(0, 0), (3, 7)])
def test_unknown_kind_is_refused(target: object, position: Position) -> None:
    with pytest.raises(SettingsError, match="'batch' is unknown"):
        target("batch", position, LAB, PER_EPOCH)  # type: ignore[operator]
