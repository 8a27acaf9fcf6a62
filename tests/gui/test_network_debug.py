import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.network_focus import focus_of, part_of
from gui.panels.network_layout import Edge, Unit
from gui.panels.network_panel import NetworkPanel
from gui.panels.panel import Mark
from gui.theme import DARK, LIGHT
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from tests.gui.debug_snapshots import stopped_at, with_tensors
from tests.gui.network_snapshots import made_snapshot, with_probe
from tests.gui.run_snapshots import shows


@pytest.fixture
def panel(qtbot: QtBot) -> NetworkPanel:
    panel = NetworkPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(560, 390)
    panel.show()
    return panel


def drawn(panel: NetworkPanel) -> QImage:
    image = QImage(panel.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(panel.theme.surface))
    painter = QPainter(image)
    panel.paint_figure(painter, QRectF(panel.rect()))
    painter.end()
    return image


def ringed(panel: NetworkPanel, layer: int) -> bool:
    """Whether the layer's first unit has a ring in the accent colour."""
    column, radius = panel._picture.layout.columns[layer], panel._picture.layout.radius
    above = QPointF(column.x, column.y[0] - radius - 2)
    return shows(drawn(panel), panel.theme.accent, above, 3)


STOPS = [
    (("Z", 2), {1, 2}, 2, 1),
    (("A", 1), {1}, 1, 1),
    (("Z", 1), {0, 1}, 1, 1),
    (("J", 0), {3}, None, 1),
    (("dA", 3), {3}, 3, -1),
    (("dA", 2), {2, 3}, 2, -1),
    (("dW", 2), {1, 2}, None, -1),
    (("dW", 1), {0, 1}, None, -1),
    (("db", 1), {1}, 1, -1),
    (("update_W", 2), set(), None, 0),
    (("b", 2), {2}, 2, 0),
]


def test_an_updated_weight_is_drawn_and_not_its_update(panel: NetworkPanel) -> None:
    panel.set_debugging(True)
    panel.show_snapshot(stopped_at("W", 2))
    assert panel.focus.line == TensorName("W", 2)
    panel.show_snapshot(stopped_at("update_W", 2))
    assert (panel.focus.line, panel.focus.band) == (TensorName("update_W", 2), TensorName("dW", 2))
    assert [entry.text for entry in panel.legend()] == ["−", "+ ΔW[2]", "dW[2]"]
    panel.show_snapshot(stopped_at("dA", 1))
    assert panel.focus.line == TensorName("W", 2)
    assert [entry.text for entry in panel.legend()] == ["dA[1]", "operands", "bias"]


def test_the_element_that_is_explained_stands_out(panel: NetworkPanel) -> None:
    snapshot = stopped_at("dW", 2)
    panel.show_snapshot(snapshot)
    panel.grab()
    edge = Edge(2, 4, 1)
    middle = panel._place_of(edge)
    panel.mark(part_of(Element(TensorName("dW", 2), 4, 1), 3))
    assert panel.lit == edge
    assert shows(panel.grab().toImage(), LIGHT.accent, QPointF(middle), 4)
    assert part_of(Element(TensorName("X"), 1, 7), 3) == Unit(0, 1)
    assert part_of(Element(TensorName("dZ", 3), 0, 7), 3) == Unit(3, 0)
    assert part_of(Element(TensorName("J"), 0, 0), 3) is None
    panel.show_snapshot(stopped_at("dW", 1, (2, 3, 1)))
    assert panel.lit is None


@pytest.mark.parametrize(("stop", "columns", "result", "direction"), STOPS)
def test_operands_and_result_stand_out(
    panel: NetworkPanel,
    stop: tuple[str, int],
    columns: set[int],
    result: int | None,
    direction: int,
) -> None:
    panel.set_debugging(True)
    panel.show_snapshot(stopped_at(*stop))
    panel.repaint()
    focus = panel.focus
    assert focus.columns == columns
    assert focus.result_column == result
    assert focus.direction == direction
    assert {layer for layer in range(4) if ringed(panel, layer)} == columns
    assert panel.subtitle == f"{TensorName(*stop)} just computed"


@pytest.mark.parametrize(
    ("stop", "gap"), [(("Z", 2), 2), (("dW", 2), 2), (("dA", 2), 3), (("dA", 3), 4), (("J", 0), 4)]
)
def test_the_flow_is_drawn_where_the_numbers_are_handed_on(
    panel: NetworkPanel, stop: tuple[str, int], gap: int
) -> None:
    panel.set_debugging(True)
    panel.show_snapshot(stopped_at(*stop))
    panel.repaint()
    assert panel.focus.gap == gap
    picture = panel._picture
    columns = picture.layout.columns
    right = columns[gap].x if gap < len(columns) else picture.width
    y = picture.captions_top - panel.theme.px(6)
    image = drawn(panel)
    places = np.linspace(columns[gap - 1].x + 15, right - 4, 60)
    assert any(shows(image, LIGHT.accent, QPointF(x, y)) for x in places)


def test_edges_of_the_gradient_are_violet_and_the_others_faint(panel: NetworkPanel) -> None:
    snapshot = with_tensors(stopped_at("dW", 3))
    panel.set_debugging(True)
    panel.show_snapshot(snapshot)
    panel.repaint()
    layout = panel._picture.layout
    image = drawn(panel)

    def strongest(layer: int) -> int:
        curves = [c for e, c in zip(layout.edges, layout.curves, strict=True) if e.layer == layer]
        points = [QPointF(*curve[8]).toPoint() for curve in curves]
        return max(image.pixelColor(point).hsvSaturation() for point in points)

    assert strongest(3) > 2 * strongest(1)
    assert [(e.mark, e.text) for e in panel.legend()] == [
        (Mark.BAR, "dW[3]"),
        (Mark.RING, "operands"),
    ]


def test_between_two_iterations_and_in_training_the_network_looks_as_ever(
    panel: NetworkPanel,
) -> None:
    panel.show_snapshot(made_snapshot())
    plain, legend = drawn(panel), panel.legend()
    panel.set_debugging(True)
    assert drawn(panel) == plain
    assert panel.subtitle == "epoch 412"
    panel.show_snapshot(stopped_at("dW", 2))
    assert drawn(panel) != plain
    panel.set_debugging(False)
    assert drawn(panel) == plain
    assert panel.legend() == legend


@pytest.mark.parametrize(
    ("stop", "edge", "element"),
    [
        (("dW", 2), Edge(2, 4, 1), Element(TensorName("dW", 2), 4, 1)),
        (("update_W", 2), Edge(2, 4, 1), Element(TensorName("update_W", 2), 4, 1)),
        (("Z", 2), Edge(2, 4, 1), Element(TensorName("Z", 2), 4, 0)),
        (("dA", 1), Edge(2, 4, 1), Element(TensorName("dA", 1), 1, 0)),
        (("dW", 2), Edge(1, 3, 1), None),
        (("J", 0), Edge(3, 0, 1), None),
        (("db", 2), Unit(2, 3), Element(TensorName("db", 2), 3, 0)),
        (("db", 2), Unit(1, 3), None),
    ],
)
def test_a_part_stands_for_an_element_of_the_current_result(
    stop: tuple[str, int], edge: Edge | Unit, element: Element | None
) -> None:
    assert focus_of(stopped_at(*stop)).element_at(edge) == element


def test_clicking_an_edge_asks_for_the_element(panel: NetworkPanel, qtbot: QtBot) -> None:
    panel.set_debugging(True)
    panel.show_snapshot(stopped_at("dW", 3))
    panel.repaint()
    layout, edge = panel._picture.layout, Edge(3, 0, 1)
    points = layout.curves[layout.edges.index(edge)]
    alone = [p for p in points if layout.edge_at(*p, reach=5) == edge]
    place = QPointF(*alone[len(alone) // 2]).toPoint()
    with qtbot.waitSignals([panel.tensor_requested, panel.element_requested]):
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place)
    elements: list[Element] = []
    panel.element_requested.connect(elements.append)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place)
    assert elements == [Element(TensorName("dW", 3), 0, 1)]


@pytest.mark.parametrize("sizes", [(1, 1), (64, 256, 10), (2, *[10] * 12, 1)])
@pytest.mark.parametrize("theme", [LIGHT, DARK.scaled(1.75)])
def test_every_operation_of_every_network_is_drawn(
    panel: NetworkPanel, sizes: tuple[int, ...], theme
) -> None:
    panel.apply_theme(theme)
    panel.set_debugging(True)
    panel.resize(300, 250)
    last = len(sizes) - 1
    for name in ("Z", "J", "dA", "dW", "update_W", "W", "b"):
        snapshot = stopped_at(name, 0 if name == "J" else last, sizes, samples=3)
        panel.show_snapshot(with_probe(snapshot))
        panel.repaint()
        assert not panel.grab().isNull()
