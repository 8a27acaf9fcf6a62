"""The session as a debugger: stops, the diagnosis of a failure, and what it shows."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from model import RunSettings, Session
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from model.training.conditions import EpochReached, LossLimit
from model.training.interventions import set_element
from model.training.snapshots import View

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], Any]


def _index(session: Session, name: str, layer: int = 0) -> int:
    wanted = TensorName(name, layer)
    return next(o.index for o in session.current_run.program if o.result == wanted)


def test_an_operation_stops_every_iteration_right_behind_it(small_settings: Settings) -> None:
    session = Session(small_settings())
    at = _index(session, "dW", 2)
    session.toggle_breakpoint(at)
    for iteration in range(3):
        session.run()
        assert (session.state, session.iteration, session.operation) == (
            "paused",
            iteration,
            at + 1,
        )
        assert session.hit is not None
        assert "dW[2]" in session.hit.text
    session.toggle_breakpoint(at)
    session.run(epochs=2)
    assert session.hit is None


def test_a_stop_and_running_on_change_no_number(
    small_settings: Settings, everything: Everything
) -> None:
    session, straight = Session(small_settings()), Session(small_settings())
    session.toggle_breakpoint(_index(session, "Z", 1))
    session.toggle_breakpoint(_index(session, "b", 1))
    straight.run(epochs=3)
    while session.iteration < 3:
        session.run()
    session.go_to(3)
    assert everything(session) == everything(straight)


def test_a_condition_stops_where_it_becomes_true_and_not_before(small_settings: Settings) -> None:
    straight = Session(small_settings())
    straight.run(epochs=20)
    limit = float(straight.history.loss[7])
    session = Session(small_settings())
    session.add_breakpoint(LossLimit(side="below", limit=np.nextafter(limit, 1)))
    session.run()
    assert session.state == "paused"
    assert session.iteration == 7
    assert session.operation == _index(session, "J") + 1
    assert session.tensor("J") == limit


def test_an_epoch_stops_at_its_start(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.add_breakpoint(EpochReached(epoch=5))
    session.run()
    assert (session.epoch, session.operation, session.state) == (5, 0, "paused")
    session.run(epochs=1)
    assert session.epoch == 6


def test_a_disabled_breakpoint_does_not_stop(small_settings: Settings) -> None:
    session = Session(small_settings())
    number = session.add_breakpoint(EpochReached(epoch=5))
    session.enable_breakpoint(number, False)
    session.run(epochs=8)
    assert session.epoch == 8
    session.enable_breakpoint(number, True)
    session.remove_breakpoint(number)
    session.run(epochs=2)
    assert session.epoch == 10


def test_breakpoints_survive_reset(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.add_breakpoint(EpochReached(epoch=4))
    session.run()
    session.reset()
    session.run()
    assert session.epoch == 4


def test_a_failure_is_diagnosed(small_settings: Settings) -> None:
    session = Session(small_settings(network={"activation": "relu"}))
    for layer in (1, 2):
        session.intervene(set_element(session.network, "W", layer, 0, 0, 1e200))
    session.run()
    assert session.state == "failed"
    assert session.diagnosis is not None
    assert session.diagnosis.operation.result == TensorName("Z", 2)
    assert session.diagnosis.good == session.iteration
    session.back() if session.iteration else session.reset()
    assert session.diagnosis is None


def test_a_snapshot_shows_tensors_expansion_branches_and_future(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.run(epochs=6)
    session.go_to(3)
    session.intervene(set_element(session.network, "W", 1, 0, 0, 0.5))
    session.run(epochs=2)
    session.go_to(4)
    wanted = (TensorName("dW", 1), TensorName("W", 1), TensorName("X"), TensorName("Z", 9))
    element = Element(TensorName("dW", 1), 0, 1)
    snapshot = session.snapshot(View(tensors=wanted, element=element))
    dW, W, X = snapshot.tensors
    assert (dW.iteration, W.iteration, X.iteration) == (3, 3, None)
    np.testing.assert_array_equal(W.array, session.network.W[0])
    np.testing.assert_array_equal(W.before + session.tensor("update_W", 1), W.array)
    assert snapshot.expansion is not None
    listed = sum(term.value for term in snapshot.expansion.terms) + snapshot.expansion.rest
    assert listed == pytest.approx(dW.array[0, 1], rel=1e-9)
    assert [branch.number for branch in snapshot.branches] == [0]
    assert snapshot.branch == 1
    assert snapshot.future is not None
    assert snapshot.future.start == 4
    assert len(snapshot.future.rows) == 1
    assert snapshot.undo == "W[1] 1,1 = 0.5"


def test_a_snapshot_in_the_middle_of_an_iteration_tells_old_from_new(
    small_settings: Settings,
) -> None:
    session = Session(small_settings())
    session.run(epochs=2)
    session.go_to(2, _index(session, "dZ", 2) + 1)
    wanted = (TensorName("Z", 1), TensorName("dW", 1), TensorName("W", 1))
    snapshot = session.snapshot(View(tensors=wanted, element=Element(TensorName("dW", 1), 0, 0)))
    assert [tensor.iteration for tensor in snapshot.tensors] == [2, 1, 1]
    assert snapshot.operation == session.operation
    assert snapshot.expansion is None


def test_an_edited_weight_is_not_explained_by_numbers_that_do_not_give_it(
    small_settings: Settings,
) -> None:
    session = Session(small_settings())
    session.run(epochs=1)
    assert overtaken(session, "W", 1) == ""
    session.set_element(TensorName("W", 1), 0, 0, 2.5)
    assert overtaken(session, "W", 1) == "W[1] 1,1 = 2.5: changed after W[1] was computed"
    session.step()
    assert overtaken(session, "W", 1) == ""


def overtaken(session: Session, name: str, layer: int) -> str:
    """The change since, after which the first element's terms no longer give it."""
    expansion = session.snapshot(View(element=Element(TensorName(name, layer), 0, 0))).expansion
    assert expansion is not None
    return expansion.overtaken


def test_an_edit_amid_an_iteration_names_itself_where_it_came_too_late(
    small_settings: Settings,
) -> None:
    """What is computed after it has taken it in; Z[1] has nothing to do with it."""
    session = Session(small_settings())
    session.go_to(2, 3)
    session.set_element(TensorName("W", 2), 0, 0, -3.0)
    assert overtaken(session, "Z", 2) == "W[2] 1,1 = -3: changed after Z[2] was computed"
    assert overtaken(session, "Z", 1) == ""
    session.step("phase", 3)
    for name, layer in (("dA", 1), ("dZ", 1), ("dW", 2)):
        assert overtaken(session, name, layer) == ""
    session.step()
    W = session.snapshot(View(element=Element(TensorName("W", 2), 0, 0))).expansion
    assert W is not None
    assert not W.overtaken
    assert W.terms[0].value == -3.0


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda s: s.change_layer("freeze", 2), "update_W"),
        (lambda s: s.change_layer("zero", 2), "W"),
        (
            lambda s: s.edit(RunSettings.model_validate({"training": {"learning_rate": 5}})),
            "update_b",
        ),
    ],
)
def test_other_changes_between_two_iterations_are_named_as_well(
    change: Callable[[Session], None], name: str
) -> None:
    session = Session()
    session.run(epochs=2)
    change(session)
    title = session.undoable
    made = TensorName(name, 2)
    assert overtaken(session, name, 2) == f"{title}: changed after {made} was computed"
    assert overtaken(session, "dW", 2) == ""
