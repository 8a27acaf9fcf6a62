"""The gradient check of a run: green wherever a correct engine stands."""

import pytest

from model import RunSettings, Session
from model.training.gradient_check import checked_gradients


def assert_green(session: Session) -> None:
    check = checked_gradients(session.current_run).check
    assert check.agrees, f"iteration {session.iteration}: {check.worst}"
    assert check.worst.difference < 1e-6
    assert all(tensor.complex_step < 1e-12 for tensor in check.tensors)


@pytest.mark.parametrize("seed", range(30))
def test_the_lab_s_first_state_is_right_for_every_seed(seed: int) -> None:
    assert_green(Session(RunSettings.model_validate({"network": {"seed": seed}})))


def test_the_lab_s_run_is_right_all_along() -> None:
    """Closely at first, where most units cross their kinks, then here and there up to the end."""
    session = Session()
    for iteration in (*range(16), 22, 35, 58, 103, 208, 416, 999):
        session.go_to(iteration)
        assert_green(session)
