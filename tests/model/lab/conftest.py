"""What the tests of the laboratory share: a single run, as whoever compares expects it."""

from collections.abc import Callable

import numpy as np
import pytest

from model import RunSettings, Session
from model.lab.outcome import Fate
from model.training.snapshots import State
from model.training.train import Result, result_of


@pytest.fixture(scope="session")
def alone() -> Callable[[RunSettings], Result]:
    """What becomes of a run that no other runs beside."""

    def train(settings: RunSettings) -> Result:
        session = Session(settings)
        session.run()
        return result_of(session)

    return train


@pytest.fixture(scope="session")
def agrees() -> Callable[..., None]:
    """That a run of a comparison is a single run, bit for bit."""

    def check(result: Result, fate: Fate, reason: str, epochs: int, curves: np.ndarray) -> None:
        if result.failure is not None:
            expected = Fate.DIVERGED, result.failure.reason
        else:
            assert result.state is State.FINISHED
            converged = result.finished_because.startswith("converged")
            expected = Fate.CONVERGED if converged else Fate.FINISHED, result.finished_because
        assert (fate, reason) == expected
        assert epochs == len(result.history.rows) == len(curves)
        assert curves.tobytes() == np.ascontiguousarray(result.history.rows).tobytes()

    return check
