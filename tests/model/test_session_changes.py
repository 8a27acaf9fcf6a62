"""Other settings on the way: what goes on in the same run, and what begins another."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from model import RunSettings, Session

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], dict[str, object]]


def _changed(settings: RunSettings, group: str, **values: Any) -> RunSettings:
    return RunSettings.model_validate(
        {**settings.model_dump(), group: {**getattr(settings, group).model_dump(), **values}}
    )


def test_change_of_learning_rate_takes_effect_at_the_next_iteration(
    small_settings: Settings,
) -> None:
    settings = small_settings(training={"learning_rate": 0.5})
    session = Session(settings)
    session.run(epochs=3)
    generation = session.generation
    session.edit(_changed(settings, "training", learning_rate=0.125))
    assert (session.generation, session.epoch, session.state) == (generation, 3, "paused")
    session.step()
    np.testing.assert_array_equal(session.tensor("update_W", 1), -0.125 * session.tensor("dW", 1))
    session.back()
    np.testing.assert_array_equal(session.tensor("update_W", 1), -0.5 * session.tensor("dW", 1))


def test_change_of_learning_rate_within_an_iteration_waits_for_its_end(
    small_settings: Settings,
) -> None:
    settings = small_settings(training={"learning_rate": 0.5})
    session = Session(settings)
    session.step("operation")
    session.edit(_changed(settings, "training", learning_rate=0.125))
    session.step("iteration")
    np.testing.assert_array_equal(session.tensor("update_b", 2), -0.5 * session.tensor("db", 2))
    session.step("iteration")
    np.testing.assert_array_equal(session.tensor("update_b", 2), -0.125 * session.tensor("db", 2))


def test_change_while_running_goes_on_running(small_settings: Settings) -> None:
    settings = small_settings()
    session = Session(settings)
    session.begin()
    session.advance(60.0, epochs=4)
    session.edit(_changed(settings, "training", learning_rate=0.01, epochs=6))
    assert (session.state, session.epoch) == ("running", 4)
    session.advance(60.0)
    assert (session.state, session.epoch) == ("finished", 6)


def test_fewer_epochs_than_were_run_finish_and_more_go_on(small_settings: Settings) -> None:
    settings = small_settings()
    session = Session(settings)
    session.run(epochs=8)
    session.edit(_changed(settings, "training", epochs=5))
    assert (session.state, session.epoch) == ("finished", 8)
    session.edit(_changed(settings, "training", epochs=10))
    assert session.state == "paused"
    assert session.finished_because == ""
    session.run()
    assert (session.state, session.epoch) == ("finished", 10)


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("network", {"layers": [6]}),
        ("network", {"activation": "relu"}),
        ("network", {"initializer": "uniform"}),
        ("network", {"seed": 77}),
        ("training", {"loss": "half_squared_error"}),
        ("training", {"batch_size": 12}),
        ("data", {"noise": 0.05}),
    ],
)
def test_other_changes_start_a_run_from_the_beginning(
    group: str, values: dict[str, Any], small_settings: Settings, everything: Everything
) -> None:
    """It is the run that a session with these settings would make."""
    settings = small_settings()
    session = Session(settings)
    session.run(epochs=5)
    generation, changed = session.generation, _changed(settings, group, **values)
    session.edit(changed)
    assert (session.state, session.epoch, len(session.history.loss)) == ("idle", 0, 0)
    assert session.generation == generation + 1
    assert session.settings == changed
    assert everything(session) == everything(Session(changed))


def test_other_changes_while_running_start_over_and_go_on_running(
    small_settings: Settings,
) -> None:
    settings = small_settings()
    session = Session(settings)
    session.begin()
    session.advance(60.0, epochs=4)
    session.edit(_changed(settings, "network", layers=[6]))
    assert (session.state, session.epoch) == ("running", 0)
    session.advance(60.0, epochs=4)
    assert session.epoch == 4
