import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPicture
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.network_layout import Edge, Fold, Unit
from gui.panels.network_panel import NetworkPanel
from gui.theme import DARK, LIGHT
from model.training.snapshots import Snapshot
from tests.gui.network_snapshots import made_snapshot, with_layer, with_probe


@pytest.fixture
def panel(qtbot: QtBot) -> NetworkPanel:
    panel = NetworkPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(560, 390)
    panel.show()
    return panel


def image_of(panel: NetworkPanel) -> QImage:
    image = QImage(panel.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(panel.theme.surface))
    painter = QPainter(image)
    panel.paint_figure(painter, QRectF(panel.rect()))
    painter.end()
    return image


def place(panel: NetworkPanel, part: Unit | Edge | Fold) -> QPoint:
    return panel._place_of(part)


def on_edge(panel: NetworkPanel, edge: Edge) -> QPoint:
    """A pixel where this edge runs alone: close to the unit that it leaves."""
    layout = panel._picture.layout
    points = layout.curves[layout.edges.index(edge)]
    alone = [p for p in points if layout.edge_at(*p, reach=5) == edge]
    return QPointF(*alone[len(alone) // 2]).toPoint()


def centre(panel: NetworkPanel, image: QImage, unit: Unit) -> QColor:
    return image.pixelColor(place(panel, unit))


def move_to(panel: NetworkPanel, point: QPoint) -> None:
    QTest.mouseMove(panel, point + QPoint(0, 1))
    QTest.mouseMove(panel, point)


def card_of(panel: NetworkPanel) -> str:
    return panel._card.text()


def test_without_data_it_says_what_comes(panel: NetworkPanel) -> None:
    blank = QImage(panel.size(), QImage.Format.Format_RGB32)
    blank.fill(QColor(panel.theme.surface))
    assert image_of(panel) != blank
    QTest.keyClick(panel, Qt.Key.Key_Right)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert panel.lit is None


def test_subtitle_names_the_epoch_and_the_sample(panel: NetworkPanel) -> None:
    panel.show_snapshot(made_snapshot())
    assert panel.subtitle == "epoch 412"
    panel.show_snapshot(with_probe(made_snapshot()))
    assert panel.subtitle == "epoch 412 · sample x = (0.5, −1.25), p = 0.873"


def test_bias_squares_carry_sign_and_size(panel: NetworkPanel) -> None:
    b = np.array([[2.0], [-2.0], [0.0], [1.0], [0.0]])
    panel.show_snapshot(with_layer(made_snapshot(), 2, b=b, W=np.zeros((5, 10))))
    panel.show_snapshot(
        with_layer(with_layer(panel._snapshot, 1, b=np.zeros((10, 1))), 3, b=0 * b[:1])
    )
    panel.repaint()
    image = image_of(panel)
    assert centre(panel, image, Unit(2, 0)) == QColor(LIGHT.positive)
    assert centre(panel, image, Unit(2, 1)) == QColor(LIGHT.negative)
    assert centre(panel, image, Unit(2, 2)) == QColor(LIGHT.zero)
    assert centre(panel, image, Unit(2, 3)) == LIGHT.diverging(0.5, 1)


def one_strong_edge(weight: float, gradient: float) -> Snapshot:
    """A 1-1 network, so that the one edge has the full width and colour."""
    snapshot = made_snapshot((1, 1))
    W, dW = np.array([[weight]]), np.array([[gradient]])
    return with_layer(snapshot, 1, W=W, dW=dW)


def column_of_colours(panel: NetworkPanel) -> list[str]:
    image, x = image_of(panel), panel.width() // 2
    return [image.pixelColor(x, y).name() for y in range(panel.height())]


@pytest.mark.parametrize(("weight", "role"), [(0.7, "positive"), (-0.7, "negative")])
def test_weight_and_gradient_are_seen_at_once_and_alone(
    panel: NetworkPanel, weight: float, role: str
) -> None:
    panel.show_snapshot(one_strong_edge(weight, -0.2))
    weight_colour = QColor(getattr(LIGHT, role)).name()
    both = column_of_colours(panel)
    panel.head_widgets()[0].choose("weights")
    weights = column_of_colours(panel)
    panel.head_widgets()[0].choose("gradients")
    gradients = column_of_colours(panel)
    surface = QColor(LIGHT.surface).name()
    assert weight_colour in both
    assert weight_colour in weights
    assert weight_colour not in gradients
    thickness = [sum(c != surface for c in column) for column in (both, weights)]
    assert thickness[0] > thickness[1] > 0
    assert any(QColor(c).hue() in range(265, 285) for c in gradients if c != surface)


def test_the_switch_obeys_the_keyboard_and_changes_the_legend(
    panel: NetworkPanel, qtbot: QtBot
) -> None:
    switch = panel.head_widgets()[0]
    qtbot.addWidget(switch)
    switch.show()
    switch.activateWindow()
    switch.button("both").setFocus()
    qtbot.waitUntil(switch.button("both").hasFocus)
    with qtbot.waitSignal(panel.heading_changed):
        QTest.keyClick(switch.button("both"), Qt.Key.Key_Right)
    assert switch.value == "weights"
    assert "|gradient|" not in [entry.text for entry in panel.legend()]
    QTest.keyClick(switch.button("weights"), Qt.Key.Key_Right)
    assert [entry.text for entry in panel.legend()] == ["|dW|", "bias"]


def test_hovering_an_edge_says_its_exact_numbers(panel: NetworkPanel) -> None:
    snapshot = made_snapshot()
    panel.show_snapshot(snapshot)
    panel.repaint()
    edge = Edge(3, 0, 2)
    move_to(panel, on_edge(panel, edge))
    assert panel.lit == edge
    assert panel._card.isVisible()
    text = card_of(panel)
    view = snapshot.layers[2]
    for array in (view.W, view.dW, view.update_W):
        assert repr(abs(float(array[0, 2]))) in text
    assert "W[3]" in text
    assert "unit 1 ← 3" in text
    assert "of the step 411 → 412" in text


def test_hovering_a_unit_says_its_bias_and_the_samples_activation(panel: NetworkPanel) -> None:
    snapshot = with_probe(made_snapshot())
    panel.show_snapshot(snapshot)
    panel.repaint()
    move_to(panel, place(panel, Unit(2, 3)))
    text = card_of(panel)
    view = snapshot.layers[1]
    for array in (view.b, view.db, view.update_b):
        assert repr(abs(float(array[3, 0]))) in text
    assert "+2.3" in text
    QTest.mouseMove(panel, QPoint(2, 2))
    assert not panel._card.isVisible()


def test_before_the_first_step_there_are_no_gradients(panel: NetworkPanel) -> None:
    panel.show_snapshot(made_snapshot(iteration=0))
    panel.repaint()
    move_to(panel, place(panel, Unit(2, 3)))
    assert "No step made yet" in card_of(panel)
    assert "db" not in card_of(panel)


def test_the_card_follows_the_training(panel: NetworkPanel) -> None:
    panel.show_snapshot(made_snapshot(seed=1))
    panel.repaint()
    move_to(panel, place(panel, Unit(2, 3)))
    later = made_snapshot(seed=2, iteration=413)
    panel.show_snapshot(later)
    assert repr(abs(float(later.layers[1].b[3, 0]))) in card_of(panel)
    assert "412 → 413" in card_of(panel)


@pytest.mark.parametrize(
    ("part", "wish"),
    [(Unit(2, 3), ["b", 2, 3, 0]), (Unit(0, 1), ["W", 1, -1, 1]), (Unit(3, 0), ["b", 3, 0, 0])],
)
def test_clicking_a_unit_opens_its_tensor(
    panel: NetworkPanel, qtbot: QtBot, part: Unit, wish: list
) -> None:
    panel.show_snapshot(made_snapshot())
    panel.repaint()
    with qtbot.waitSignal(panel.tensor_requested) as asked:
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place(panel, part))
    assert asked.args == wish


def test_clicking_an_edge_opens_that_weight(panel: NetworkPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(made_snapshot())
    panel.repaint()
    with qtbot.waitSignal(panel.tensor_requested) as asked:
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=on_edge(panel, Edge(3, 0, 1)))
    assert asked.args == ["W", 3, 0, 1]


def test_the_keyboard_reaches_units_and_weights(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    panel, field = NetworkPanel(LIGHT), QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(field)
    column.addWidget(panel)
    window.show()
    window.activateWindow()
    field.setFocus()
    panel.show_snapshot(made_snapshot())
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert panel.hasFocus()
    assert panel.lit == Unit(0, 0)
    QTest.keyClick(panel, Qt.Key.Key_Right)
    QTest.keyClick(panel, Qt.Key.Key_Down)
    chosen = panel.lit
    assert isinstance(chosen, Unit)
    assert chosen.layer == 1
    assert "b " in panel.accessibleDescription()
    with qtbot.waitSignal(panel.tensor_requested) as asked:
        QTest.keyClick(panel, Qt.Key.Key_Return)
    assert asked.args == ["b", 1, chosen.index, 0]
    QTest.keyClick(panel, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(panel.tensor_requested) as asked:
        QTest.keyClick(panel, Qt.Key.Key_Return)
    assert asked.args == ["W", 1, chosen.index, 0]
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.lit is None
    assert not panel._card.isVisible()


def test_non_finite_numbers_are_drawn_as_failures_counted_and_named(panel: NetworkPanel) -> None:
    snapshot = made_snapshot()
    W, b = snapshot.layers[1].W.copy(), snapshot.layers[1].b.copy()
    W[2, 4], b[0, 0], b[1, 0] = np.nan, np.inf, -np.inf
    assert QColor(LIGHT.failure).name() not in colours(panel, snapshot)
    broken = with_layer(snapshot, 2, W=W, b=b)
    assert QColor(LIGHT.failure).name() in colours(panel, broken)
    assert panel.subtitle == "epoch 412 · 3 not finite (∞, NaN)"
    for unit, word in ((Unit(2, 0), "+∞"), (Unit(2, 1), "−∞")):
        move_to(panel, place(panel, unit))
        assert word in card_of(panel)


def colours(panel: NetworkPanel, snapshot: Snapshot) -> set[str]:
    panel.show_snapshot(snapshot)
    panel.repaint()
    image = image_of(panel)
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_nan_everywhere_and_zero_everywhere_are_drawn(panel: NetworkPanel) -> None:
    snapshot = made_snapshot(zero=True)
    zero = image_of_snapshot(panel, snapshot)
    nothing = {
        name: np.full_like(getattr(snapshot.layers[1], name), np.nan)
        for name in ("W", "b", "dW", "db")
    }
    assert image_of_snapshot(panel, with_layer(snapshot, 2, **nothing)) != zero


def image_of_snapshot(panel: NetworkPanel, snapshot: Snapshot) -> QImage:
    panel.show_snapshot(snapshot)
    return image_of(panel)


def test_a_large_layer_is_folded_with_a_count_that_explains_itself(
    panel: NetworkPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(made_snapshot((64, 256, 128, 10)))
    panel.repaint()
    hidden = panel._picture.layout.columns[1].hidden
    assert panel._picture.fold_text(1) == f"⋮ {len(hidden)} more"
    assert "layer 1 · 256 · ReLU" in panel._picture.captions[1]
    move_to(panel, place(panel, Fold(1)))
    assert f"{hidden[0] + 1} to {hidden[-1] + 1}" in card_of(panel)
    with qtbot.waitSignal(panel.tensor_requested) as asked:
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place(panel, Fold(1)))
    assert asked.args == ["W", 1, hidden[0], -1]


@pytest.mark.parametrize("sizes", [(2, *[10] * 20, 1), (1, 1), (1000, 1000, 1)])
@pytest.mark.parametrize("size", [(300, 250), (120, 60), (1400, 900)])
@pytest.mark.parametrize("theme", [LIGHT, DARK.scaled(1.75)])
def test_every_shape_and_size_is_drawn(
    panel: NetworkPanel, sizes: tuple[int, ...], size: tuple[int, int], theme
) -> None:
    panel.apply_theme(theme)
    panel.resize(*size)
    panel.show_snapshot(with_probe(made_snapshot(sizes)))
    panel.repaint()
    image = image_of(panel)
    blank = QImage(image.size(), image.format())
    blank.fill(QColor(theme.surface))
    assert image != blank


def test_another_architecture_forgets_what_was_chosen(panel: NetworkPanel) -> None:
    panel.show_snapshot(made_snapshot())
    panel.repaint()
    move_to(panel, place(panel, Unit(1, 9)))
    panel.show_snapshot(made_snapshot((2, 3, 1)))
    panel.repaint()
    assert panel.lit is None
    assert not panel._card.isVisible()


def test_the_figure_is_drawn_as_vectors_into_its_area(panel: NetworkPanel) -> None:
    panel.show_snapshot(with_probe(made_snapshot()))
    record = QPicture()
    painter = QPainter(record)
    panel.paint_figure(painter, QRectF(100, 50, 1200, 800))
    painter.end()
    box = QRectF(record.boundingRect())
    assert QRectF(95, 45, 1210, 810).contains(box)
    assert box.width() > 1000
    assert record.size() > 10_000
