"""With mini-batches a sample is called by its number in the training set, wherever it is shown."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.panels.formula_rows import rows_of
from gui.panels.formula_words import subtitle
from gui.panels.inspector_panel import InspectorPanel
from gui.panels.pinned_panel import PinnedPanel
from gui.theme import LIGHT
from gui.widgets.diagnosis_card import facts_of
from model import RunSettings, Session
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from model.training.snapshots import Snapshot, View

DZ = TensorName("dZ", 2)


def session_of(batch_size: int | None, **training: object) -> Session:
    training = {"batch_size": batch_size, **training}
    return Session(RunSettings.model_validate({"data": {"n_samples": 40}, "training": training}))


def stopped(batch_size: int | None, element: Element | None = None) -> Snapshot:
    """In the second iteration, right behind dW[1]."""
    session = session_of(batch_size)
    session.step("iteration")
    program = session.current_run.program
    dW = next(o.index for o in program if o.result == TensorName("dW", 1))
    session.go_to(1, dW + 1)
    wanted = (DZ, TensorName("X"), TensorName("W", 1))
    return session.snapshot(View(tensors=wanted, element=element))


def numbers_in(snapshot: Snapshot, name: TensorName) -> list[int]:
    """The samples behind the columns, found by their features."""
    X = next(view.array for view in snapshot.tensors if view.name == TensorName("X"))
    same = (snapshot.data.X_train[:, None, :] == X.T[None, :, :]).all(axis=2)
    return [int(np.flatnonzero(column)[0]) + 1 for column in same.T]


def headings(table, count: int) -> list[str]:
    model, across = table.model(), Qt.Orientation.Horizontal
    return [model.headerData(at, across, Qt.ItemDataRole.DisplayRole) for at in range(count)]


@pytest.fixture
def inspector(qtbot: QtBot) -> InspectorPanel:
    panel = InspectorPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.set_debugging(True)
    panel.resize(600, 400)
    return panel


@pytest.mark.parametrize("batch_size", [None, 12])
def test_headings_of_tables_name_the_training_samples(
    inspector: InspectorPanel, qtbot: QtBot, batch_size: int | None
) -> None:
    snapshot = stopped(batch_size)
    expected = [f"sample {number}" for number in numbers_in(snapshot, DZ)]
    if batch_size is None:
        assert expected == [f"sample {place + 1}" for place in range(32)]
    inspector.show_snapshot(snapshot)
    inspector.show_tensor("dZ", 2)
    assert headings(inspector._table, len(expected)) == expected
    pinned = PinnedPanel(LIGHT)
    qtbot.addWidget(pinned)
    pinned.pin(DZ)
    pinned.show_snapshot(snapshot)
    assert headings(pinned._cards[DZ].table, len(expected)) == expected


def test_one_column_is_chosen_by_its_place_and_called_by_its_sample(
    inspector: InspectorPanel,
) -> None:
    snapshot = stopped(12)
    number = numbers_in(snapshot, DZ)[4]
    inspector.show_snapshot(snapshot)
    inspector.show_tensor("dZ", 2)
    inspector._controls.sample.setValue(5)
    assert inspector._controls.sample.text() == "column 5"
    assert headings(inspector._table, 1) == [f"sample {number}"]
    assert f"sample {number}" in inspector.sheet.title
    dialog = inspector.ask_where_to_save()
    assert dialog.selectedFiles()[0].endswith(f"dZ2-sample{number}.npy")
    dialog.reject()
    inspector.show_snapshot(stopped(None))
    assert inspector._controls.sample.text() == "sample 5"


@pytest.mark.parametrize("batch_size", [None, 12])
def test_terms_of_a_sum_over_samples_name_them(batch_size: int | None) -> None:
    snapshot = stopped(batch_size, Element(TensorName("dW", 1), 0, 1))
    numbers = numbers_in(snapshot, DZ)
    rows = rows_of(snapshot.expansion, snapshot)
    listed = [row[0].text for row in rows.cells if row[0].spoken.startswith("sample")]
    assert listed == [str(numbers[term.index]) for term in snapshot.expansion.terms]


def test_an_element_of_a_sample_is_called_by_it() -> None:
    snapshot = stopped(12, Element(DZ, 2, 4))
    assert subtitle(snapshot) == f"unit 3, sample {numbers_in(snapshot, DZ)[4]} selected"
    assert subtitle(stopped(None, Element(DZ, 2, 4))) == "element (3, 5) selected"


def test_a_diagnosis_names_the_sample() -> None:
    session = session_of(12, learning_rate=1e100)
    session.run()
    diagnosis = session.diagnosis
    assert diagnosis.operation.result.name in ("Z", "A")
    column = diagnosis.element[1]
    batch = session.current_run.batches.samples(session.iteration)
    assert f"sample {batch[column] + 1} " in dict(facts_of(diagnosis))["First element"]
