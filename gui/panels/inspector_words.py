"""What the inspector says about a tensor: its name, its time, its size, its norm."""

from html import escape
from typing import Final

from gui.panels.inspector_reading import Moment, Part
from gui.panels.inspector_tensors import Kind
from gui.widgets.numerals import grouped, named, rounded
from gui.widgets.tensor_numbers import Facts, norm_of
from model.arrays import Array
from model.nn.operations import Phase, TensorName
from model.training.debug_views import TensorView
from model.training.snapshots import LayerView, Snapshot

NO_STEP: Final = "No step has been made yet: press Step (F10) or Run (Space)"
NOT_COMPUTED: Final = "{} has not been computed yet: press Step into (F11) until it is"

_PACES: Final = (
    (1e-6, "hardly moves"),
    (1e-4, "slow"),
    (3e-2, "healthy"),
    (float("inf"), "very large"),
)
"""Upper ends of ‖ΔW‖ / ‖W‖; about 1e-3 is the usual rule of thumb."""


def shape_text(array: Array) -> str:
    """5 × 10."""
    return " × ".join(map(grouped, array.shape))


def followed_time(kind: Kind, snapshot: Snapshot) -> str:
    """ "epoch 412" or "step 411 → 412", between two iterations."""
    return step_words(snapshot.iteration - 1) if kind.of_step else f"epoch {snapshot.epoch}"


def step_words(iteration: int) -> str:
    """ "step 411 → 412"."""
    return f"step {iteration} → {iteration + 1}"


def time_of(view: TensorView, kind: Kind, snapshot: Snapshot, moment: Moment) -> str:
    """Of which step a tensor is, and on which side of the update."""
    if view.iteration is None:
        return "as drawn, before any step" if kind.name in ("W", "b") else "of the batch"
    step = step_words(view.iteration)
    if not kind.of_step:
        return {
            Moment.AFTER: f"after the {step}",
            Moment.BEFORE: f"before the {step}",
            Moment.DIFFERENCE: f"difference made by the {step}",
        }[moment]
    if snapshot.operation == 0:
        return f"of the {step}"
    if view.iteration < snapshot.iteration:
        return f"of the last {step}"
    updating = snapshot.program[snapshot.operation - 1].phase is Phase.UPDATE
    return f"of the {step}" if updating else f"before the update, {step}"


def part_words(part: Part, numbers: tuple[int, ...]) -> str:
    """ "sample 17", empty for all of them."""
    return f"sample {numbers[0]}" if part.sample and numbers else ""


def file_stem(name: TensorName, part: Part, numbers: tuple[int, ...]) -> str:
    """dW2, or dZ1-sample17."""
    after = "" if part.moment is Moment.AFTER else f"-{part.moment.value}"
    sample = part_words(part, numbers).replace(" ", "")
    return "-".join(filter(None, (f"{name.name}{name.layer or ''}{after}", sample)))


def extremes(array: Array, facts: Facts) -> list[str]:
    """Shape and range, as items of one line."""
    return [
        shape_text(array),
        f"min {_number(facts.low)}",
        f"max {_number(facts.high)}",
        f"mean {_number(facts.mean)}",
    ]


def norm(symbol: str, facts: Facts) -> str:
    """ "‖dW‖ 0.0289"."""
    return f"‖{symbol}‖ {rounded(facts.norm, 3)}"


def spread(symbol: str, facts: Facts) -> list[str]:
    """Deviation, norm and zeros."""
    zeros = f"{100 * facts.zero_share:.3g} % zeros" if facts.zeros else "no zeros"
    return [f"std {rounded(facts.std, 3)}", norm(symbol, facts), zeros]


def pace(kind: Kind, view: LayerView) -> list[str]:
    """For a gradient or an update of weights the length of the step beside the weights."""
    if kind.name not in ("dW", "update_W") or view.update_W is None:
        return []
    return [_pace(kind.symbol, view.update_W, view.W)]


def broken(facts: Facts) -> str:
    """How many elements are not finite and of which kind; empty where all are."""
    kinds = [(facts.nans, "NaN"), (facts.infinities, "∞")]
    named_kinds = ", ".join(f"{count} {word}" for count, word in kinds if count)
    return f"{facts.non_finite} not finite: {named_kinds}" if named_kinds else ""


def first_broken(facts: Facts, name: TensorName, numbers: tuple[int, ...] = ()) -> str:
    """Where the first element is that is not finite, counted from 1 as the headings are."""
    if facts.first is None:
        return ""
    row, column = facts.first
    return f"first at {name} ({row + 1}, {numbers[column] if numbers else column + 1})"


def summary(symbol: str, name: TensorName, facts: Facts, numbers: tuple[int, ...]) -> str:
    """One line for a small card; what is not finite comes first."""
    items = [broken(facts), first_broken(facts, name, numbers)]
    items += [f"min {_number(facts.low)}", f"max {_number(facts.high)}", *spread(symbol, facts)]
    return " · ".join(filter(None, items))


def line(items: list[str]) -> str:
    """Items that may stand on several lines, but are not divided themselves."""
    return "&nbsp; ".join(escape(item).replace(" ", "&nbsp;") for item in items if item)


def _pace(symbol: str, update: Array, weights: Array) -> str:
    """‖ΔW‖ / ‖W‖ with a word; for plain descent ΔW is −α dW."""
    label = "‖α dW‖ / ‖W‖" if symbol == "dW" else "‖ΔW‖ / ‖W‖"
    length = norm_of(weights)
    if length == 0:
        return f"{label} not defined, W = 0"
    ratio = norm_of(update) / length
    if named(ratio):
        return f"{label} {named(ratio)}"
    word = "stands still" if ratio == 0 else next(word for end, word in _PACES if ratio < end)
    return f"{label} {rounded(ratio, 2)} {word}"


def _number(value: float) -> str:
    return rounded(value, 3, sign=True)
