"""When a run ends by itself: counted epoch by epoch, and again after a jump."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.training.settings import TrainingSettings
from model.training.stop_rules import StopRules


def _rules(tolerance: float = 0.0, patience: int = 3) -> StopRules:
    return StopRules(TrainingSettings(tolerance=tolerance, patience=patience))


def _ends(rules: StopRules, losses: list[float]) -> tuple[int | None, int | None]:
    """The first epochs at which the rules say converged and grown."""
    converged = grown = None
    for epoch, loss in enumerate(losses):
        rules.observe(epoch, loss)
        if converged is None and rules.converged(epoch):
            converged = epoch
        if grown is None and rules.grown(epoch):
            grown = epoch
    return converged, grown


@pytest.mark.parametrize(
    ("losses", "converged"),
    [
        ([1.0, 0.5, 0.5, 0.5, 0.5, 0.5], 4),
        ([1.0, 1.0, 1.0, 1.0, 1.0], 3),
        ([1.0, 0.95, 0.90, 0.85], 3),
        ([1.0, 0.95, 0.90, 0.5, 0.5, 0.5, 0.5], 6),
        ([1.0, 0.8, 0.6, 0.4, 0.2, 0.0], None),
        ([1.0, 0.9, 1.0, 0.9, 1.0], None),
        ([1.0, 1.0, 1.0], None),
    ],
)
def test_converged_after_patience_changes_below_the_tolerance(
    losses: list[float], converged: int | None
) -> None:
    """Tolerance 0.1, patience 3; a change of the tolerance itself is not below it."""
    assert _ends(_rules(0.1 - 1e-9), losses)[0] == converged


def test_tolerance_zero_is_no_rule() -> None:
    assert _ends(_rules(0.0, 1), [0.5] * 50) == (None, None)


@pytest.mark.parametrize(
    ("losses", "grown"),
    [
        ([1.0, *[2.1] * 10], 10),
        ([1.0, *[2.1] * 9, 1.9, *[2.1] * 9], None),
        ([1.0, *[2.0] * 30], None),
        ([1.0, *[2.1] * 5, 0.5, *[3.0] * 10], 16),
        ([0.0, *[1e-9] * 10], 10),
    ],
)
def test_grown_after_ten_epochs_above_twice_the_first_loss(
    losses: list[float], grown: int | None
) -> None:
    assert _ends(_rules(), losses)[1] == grown


def test_first_loss_stays_the_measure_after_the_settings_change() -> None:
    """The epochs above it count from the change on, which may start another life."""
    rules = _rules(0.1)
    rules.resume(np.array([1.0, 2.1, 2.1, 2.1, 2.1]), since=5)
    for epoch in range(5, 16):
        rules.observe(epoch, 2.1)
        assert rules.grown(epoch) == (epoch >= 14)


@given(
    stretches=st.lists(
        st.tuples(st.sampled_from([0.5, 0.55, 1.0, 2.5]), st.integers(1, 11)),
        min_size=1,
        max_size=8,
    ),
    at=st.integers(0, 40),
    patience=st.integers(1, 12),
)
def test_resumed_rules_say_what_uninterrupted_ones_say(
    stretches: list[tuple[float, int]], at: int, patience: int
) -> None:
    """After a jump to `at` they end a run at the same epoch as if they had seen it all."""
    losses = [loss for loss, epochs in stretches for _ in range(epochs)]
    straight, resumed = _rules(0.1, patience), _rules(0.1, patience)
    at = min(at, len(losses))
    for epoch in range(at):
        straight.observe(epoch, losses[epoch])
        if straight.converged(epoch) or straight.grown(epoch):
            return
    resumed.resume(np.array(losses[:at]), 0)
    for epoch in range(at, len(losses)):
        for rules in (straight, resumed):
            rules.observe(epoch, losses[epoch])
        assert resumed.converged(epoch) == straight.converged(epoch)
        assert resumed.grown(epoch) == straight.grown(epoch)
