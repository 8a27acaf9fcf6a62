"""Snapshots of a short run for the panels that draw curves, and what their tests share."""

from dataclasses import replace
from functools import cache

import numpy as np
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from gui.theme import LIGHT
from model.arrays import Array
from model.data.datasets import DATA_SETS
from model.training.history_part import HistoryPart
from model.training.metrics import scores
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import Snapshot, View


@cache
def lab_snapshot(epochs: int = 30, threshold: float = 0.5, test_share: float = 0.2) -> Snapshot:
    """The lab's run after some epochs, with a grid of 41 × 41 and both ROC curves."""
    data = DATA_SETS["moons"].settings(n_samples=200, test_share=test_share)
    session = Session(RunSettings(data=data))
    session.run(epochs=epochs)
    return session.snapshot(View(threshold=threshold, grid=41, roc=True))


def with_test(snapshot: Snapshot, probability: Array, y: Array) -> Snapshot:
    """The same state with other outputs and classes in its test set."""
    X = np.zeros((len(y), 2))
    loss = snapshot.test.loss if len(y) else float("nan")
    made = scores(probability, y, loss, snapshot.threshold, True)
    return replace(snapshot, data=replace(snapshot.data, X_test=X, y_test=y), test=made)


def with_history(snapshot: Snapshot, loss: Array, test_loss: Array) -> Snapshot:
    """The same run with these losses, the last of which are the present ones."""
    rows = np.column_stack([loss, test_loss, np.ones(len(loss)), np.ones(len(loss))])[:-1]
    return replace(
        snapshot,
        epoch=len(rows),
        history=HistoryPart(0, rows),
        train=replace(snapshot.train, loss=float(loss[-1])),
        test=replace(snapshot.test, loss=float(test_loss[-1])),
    )


def picture_of(widget: QWidget) -> QImage:
    """What the widget shows, on the light surface."""
    return widget.grab().toImage()


def darkest(image: QImage) -> int:
    """The lightness (0 … 255) of the darkest pixel: below 200 something is written on a surface."""
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return min(image.pixelColor(x, y).lightness() for x, y in places)


def shows(image: QImage, colour: str, at: QPointF, radius: int = 2) -> bool:
    """Whether a pixel around a place has about this colour, which smoothing may have softened."""
    x, y = round(at.x()), round(at.y())
    reach = range(-radius, radius + 1)
    return any(_apart(image.pixelColor(x + i, y + j), colour) < 140 for i in reach for j in reach)


def _apart(one: QColor, other: str) -> int:
    """The sum of the channels' differences."""
    pairs = zip(one.getRgb()[:3], QColor(other).getRgb()[:3], strict=True)
    return sum(abs(a - b) for a, b in pairs)


def differs_from_surface(image: QImage) -> bool:
    """Whether anything at all was drawn."""
    surface = QColor(LIGHT.surface)
    points = (QPoint(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return any(image.pixelColor(point) != surface for point in points)
