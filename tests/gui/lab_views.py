"""Records of the laboratory worked by hand: a parabola, a bowl, layers with known shares."""

from dataclasses import replace
from typing import Any

import numpy as np

from model.analysis.layer_health import Advice, HealthView, Histogram, LayerHealth
from model.analysis.loss_surface import LossSurface, SurfaceRequest
from model.analysis.taylor import TaylorView


def parabola(alpha: float = 0.1, **changes: Any) -> TaylorView:
    """J = 2w² at w = 1: J 2, ∇J 4, λ 4; so J(α) = 2(1 − 4α)², best ¼, rising and 2/λ both ½."""
    alphas = np.linspace(0.0, 0.75, 31)
    losses = 2 * (1 - 4 * alphas) ** 2
    weights = (1 - 4 * 0.1) ** np.arange(11)
    view = TaylorView(
        epoch=10,
        alpha=alpha,
        loss=2.0,
        next_loss=2 * (1 - 4 * alpha) ** 2,
        squared_norm=16.0,
        curvature=4.0,
        alphas=alphas,
        actual=losses,
        promised=2 - 16 * alphas,
        quadratic=losses,
        best=0.25,
        rising=0.5,
        eigenvalue=4.0,
        bound=0.5,
        steps=np.arange(10),
        promised_steps=0.1 * (4 * weights[:-1]) ** 2,
        actual_steps=-np.diff(2 * weights**2),
        residual=0.0,
    )
    return replace(view, **changes)


def bowl(request: SurfaceRequest | None = None, **changes: Any) -> LossSurface:
    """J = x² + 4y² + 1 on 31 × 31 points from −1 to 1, reached in three steps from (−½, ½)."""
    axis = np.linspace(-1.0, 1.0, 31)
    across, up = np.meshgrid(axis, axis)
    surface = LossSurface(
        request=request or SurfaceRequest(),
        generation=1,
        iteration=30,
        x=axis,
        y=axis,
        loss=across**2 + 4 * up**2 + 1,
        path=np.array([[-0.5, 0.5], [-0.4, 0.1], [0.0, 0.0]]),
        path_epochs=np.array([0.0, 10.0, 30.0]),
        off_plane=np.zeros(3),
        x_title="distance along −∇J",
        y_title="distance along curvature λ = 8",
    )
    return replace(surface, **changes)


def histogram(low: float = -1.0, high: float = 1.0, outside: int = 0) -> Histogram:
    """Four bins with 1, 4, 9 and 16 elements."""
    return Histogram(np.array([1, 4, 9, 16]), np.linspace(low, high, 5), outside)


def layer(number: int, **changes: Any) -> LayerHealth:
    """A ReLU layer with one dead unit in five."""
    made = LayerHealth(
        layer=number,
        activation="relu",
        W=histogram(),
        A=histogram(0.0, 6.0),
        dW=histogram(-0.01, 0.02),
        norm_W=3.0,
        norm_A=40.0,
        norm_dW=0.05,
        update_ratio=5e-5,
        dead_share=0.2,
        saturated_share=float("nan"),
    )
    return replace(made, **changes)


def health(count: int = 3, advice: tuple[Advice, ...] = (), **changes: Any) -> HealthView:
    """Layers whose gradient norms are 10⁻¹, 10⁻², … and fall to a tenth over 100 epochs."""
    epochs = np.arange(101)
    norms = 10.0 ** -(1.0 + np.arange(count)[None, :] + epochs[:, None] / 100)
    layers = tuple(layer(number) for number in range(1, count + 1))
    return replace(HealthView(100, layers, advice, epochs, norms), **changes)


DEAD = Advice(
    "dead units",
    2,
    "In layer 2, 80 % of the units are 0 for every sample; from 50 % on they are lost.",
    "Lower the learning rate.",
    0.8,
    0.5,
)
