"""What the surface panel says: planes, elements, where the surface stands, what a place holds."""

from typing import Final

import numpy as np

from gui.widgets.numerals import exact, grouped, rounded
from gui.widgets.plain_numbers import plain
from model.analysis.loss_surface import LossSurface, Plane

EMPTY: Final = (
    "Press R, or “refresh” above, to see the loss around the present weights and the path that led"
    " there."
)
COMPUTING: Final = "Computing the loss over this plane…"
OTHER_PLANE: Final = "another plane is chosen — R computes it"
NOTHING_FINITE: Final = "The loss is not finite anywhere on this plane. Try a smaller reach."
PLANES: Final = {
    "gradient and curvature": Plane.GRADIENT_CURVATURE,
    "two weights": Plane.TWO_WEIGHTS,
    "random": Plane.RANDOM,
}
"""The planes by the words on the button."""
REFRESH: Final = ("refresh", "Compute the surface of the present state (R)", "Refresh the surface")
FOLLOW: Final = (
    "follow",
    "Compute it again whenever the run pauses or stands at another state (F)",
    "Follow the present state",
)
AGAIN: Final = (
    "new directions",
    "Draw two other random directions (N)",
    "New random directions",
)


def epoch_of(surface: LossSurface) -> int | None:
    """The epoch of its state, which is the last of the path."""
    return int(surface.path_epochs[-1]) if len(surface.path_epochs) else None


def stale_text(surface: LossSurface, now: int) -> str:
    """ "state of epoch 120, now 412 — R refreshes"."""
    epoch = epoch_of(surface)
    of = "an earlier state" if epoch is None else f"state of epoch {grouped(epoch)}"
    return f"{of}, now {grouped(now)} — R refreshes"


def range_text(surface: LossSurface) -> str:
    """The least and the largest loss on the plane, and what is not finite."""
    finite = surface.loss[np.isfinite(surface.loss)]
    if not finite.size:
        return NOTHING_FINITE
    text = f"J {plain(finite.min(), 3)} … {plain(finite.max(), 3)}"
    missing = surface.loss.size - finite.size
    return f"{text} · {missing} of {surface.loss.size} not finite (hatched)" if missing else text


def path_text(surface: LossSurface) -> str:
    """How far the drawn path is from the true one; empty where there is none."""
    if len(surface.path) < 2:
        return ""
    if _leaves(surface):
        return "the path comes from beyond this picture"
    far = float(np.max(surface.off_plane, initial=0.0))
    scale = float(np.max(np.linalg.norm(surface.path, axis=1), initial=0.0))
    if far <= 1e-9 * max(scale, 1e-300):
        return "the path lies in this plane"
    return f"the path is seen from above: up to {plain(far, 2)} off this plane"


def _leaves(surface: LossSurface) -> bool:
    """Whether a state of the path lies beyond the axes."""
    low = np.array([surface.x[0], surface.y[0]])
    high = np.array([surface.x[-1], surface.y[-1]])
    return bool(((surface.path < low) | (surface.path > high)).any())


def place_lines(surface: LossSurface, column: int, row: int) -> list[tuple[str, str]]:
    """Loss and position of one node of the grid."""
    return [
        (f"J {exact(surface.loss[row, column], sign=False)}", "text"),
        (f"x {rounded(surface.x[column], 3, sign=True)}", "secondary"),
        (f"y {rounded(surface.y[row], 3, sign=True)}", "secondary"),
    ]
