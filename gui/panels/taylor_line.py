"""The loss along −∇J in the coordinates of a plot: curves, uprights and the present step."""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF

from gui.panels import taylor_range as reach
from gui.widgets.plot import PlotWidget
from model.analysis.taylor import TaylorView
from model.arrays import Array

SMOOTH: Final = 200
"""Points of the two predictions, which are formulas and not samples."""


class Curve(NamedTuple):
    """A curve's name, the role of its colour and its dashes."""

    name: str
    role: str
    dashes: tuple[float, ...]
    width: float = 1.5


CURVES: Final = (
    Curve("actual", "text", (), 1.8),
    Curve("with curvature", "gradient", (5.0, 3.0)),
    Curve("promised", "secondary", (1.0, 2.5)),
)


class Upright(NamedTuple):
    """A line at one step size: its label before the number, role, dashes, whether it is below."""

    words: str
    value: Callable[[TaylorView], float]
    role: str
    dashes: tuple[float, ...]
    low: bool = False


UPRIGHTS: Final = (
    Upright("best", lambda view: view.best, "accent", ()),
    Upright("rises from", lambda view: view.rising, "failure", (4.0, 3.0)),
    Upright("2/λ =", lambda view: view.bound, "gradient", (1.0, 2.5), low=True),
)


class TaylorLine:
    """One view on the axes of a plot, which it brings into range; with `log`, x is log₁₀ α."""

    def __init__(self, plot: PlotWidget, view: TaylorView, log: bool) -> None:
        self.view, self.log = view, log
        self._plot = plot
        span = reach.log_reach(view) if log else reach.linear_reach(view)
        loss = reach.loss_reach(view, (0.0, 10.0 ** span[1]) if log else span)
        self.unit = reach.unit_of(loss)
        plot.axes.log_x, plot.axes.unit = log, self.unit
        plot.set_range(span, (loss[0] / self.unit, loss[1] / self.unit))
        plot.lay_out()

    def alpha_at(self, pixel: QPointF) -> float:
        """The step size under a pixel."""
        x = self._plot.position(pixel)[0]
        return 10.0**x if self.log else x

    def samples(self) -> Array:
        """The step sizes at which the actual loss is known and which the axis shows."""
        alphas, _ = reach.alphas_of(self.view)
        (low, high), _ = self._plot.ranges()
        x = self._x(alphas)
        return alphas[(x >= low) & (x <= high)]

    def losses(self, alpha: float) -> tuple[float, float, float]:
        """Actual, quadratic and linear, in the order of `CURVES`."""
        view = self.view
        alphas, actual = reach.alphas_of(view)
        promised = view.loss - alpha * view.squared_norm
        quadratic = promised + 0.5 * alpha**2 * view.curvature * view.squared_norm
        return float(actual[int(np.argmin(np.abs(alphas - alpha)))]), quadratic, promised

    def across(self, alpha: float) -> float:
        """The pixel of a step size, ±∞ where it has none."""
        x = float(self._x(np.array([alpha]))[0])
        return self._plot.pixel(x, 0).x() if math.isfinite(x) else math.copysign(math.inf, x)

    def up(self, loss: float) -> float:
        """The pixel of a loss."""
        return self._plot.pixel(0, loss / self.unit).y()

    def number_of(self, alpha: float) -> int:
        """The place of the nearest of `samples`."""
        return int(np.argmin(np.abs(self.samples() - alpha)))

    def nearest(self, alpha: float) -> float | None:
        """The sampled step size nearest on the axis."""
        samples = self.samples()
        if not len(samples):
            return None
        apart = np.abs(self._x(samples) - self._x(np.array([alpha])))
        return float(samples[int(np.argmin(apart))])

    def present(self) -> QPointF:
        """Where the step with the present rate ends, at the frame where it is not in view."""
        rect = self._plot.rect_of_plot
        across, up = self.across(self.view.alpha), self.up(self.view.next_loss)
        up = up if math.isfinite(up) else rect.top()
        across = max(rect.left(), min(rect.right(), across))
        return QPointF(across, max(rect.top(), min(rect.bottom(), up)))

    def points(self) -> list[tuple[Array, Array]]:
        """Each curve of `CURVES` in the coordinates of the axes."""
        view, ((low, high), _) = self.view, self._plot.ranges()
        x = np.linspace(low, high, SMOOTH)
        smooth = 10.0**x if self.log else x
        alphas, actual = reach.alphas_of(view)
        if self.log:
            # A line that is straight between two samples is bent on a logarithmic axis.
            at = np.union1d(smooth, alphas[alphas > 0])
            alphas, actual = at, np.interp(at, alphas, actual, right=math.nan)
        promised = view.loss - smooth * view.squared_norm
        quadratic = promised + 0.5 * smooth**2 * view.curvature * view.squared_norm
        lines = ((self._x(alphas), actual), (x, quadratic), (x, promised))
        return [(across, up / self.unit) for across, up in lines]

    def _x(self, alphas: Array) -> Array:
        if not self.log:
            return np.asarray(alphas, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(alphas > 0, np.log10(alphas), np.nan)
