"""What the Taylor view says in words: the numbers of one step, and what they mean."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gui.widgets.numerals import grouped, named, rounded
from gui.widgets.plain_numbers import plain
from gui.widgets.ticks import number
from model.analysis.taylor import TaylorView

EMPTY: Final = (
    "Press Run or Step: then the loss along −∇J, from the present weights, is drawn here."
)
NO_STEPS_YET: Final = (
    "No step has been made yet. Press Run or Step to compare what each one promised and gave."
)
MINI_BATCHES: Final = (
    "With mini-batches a step follows the gradient of its own batch, so its promise says nothing"
    " about the loss of the whole training set. Set Batch to “Full” to compare them."
)
NOT_RECORDED: Final = (
    "Nothing was recorded for single steps: no step has been made yet, or the run takes"
    " mini-batches, whose steps promise nothing for the whole training set."
)

UNKNOWN: Final = "λ, and so 2/λ, is not known here."
"""The weights are too large for differences of gradients, or products did not suffice yet."""

_FAR: Final = 0.1
"""Below this part of the best step each step gains little."""
_NEAR: Final = (0.5, 1.25)
"""Between these parts of the best step nothing much can be gained by another one."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_JOINED: Final = "\N{WORD JOINER}"
_RECENT: Final = 100
"""Steps over which promise and decrease are compared."""
_KEPT: Final = (
    (0.9, "the straight line holds, so a larger rate would gain more in each step."),
    (0.5, "curvature takes a part of it, as it does up to the best step on each line."),
    (0.0, "curvature takes more than the half that it takes at the best step: α overshoots it."),
    (-math.inf, "most steps went uphill: α is too large."),
)
"""The least kept part of a promise and what it means; on a quadratic the best step keeps half."""


@dataclass(frozen=True)
class Rule:
    """A sentence for the states in which it `holds`."""

    name: str
    holds: Callable[[TaylorView], bool]
    say: Callable[[TaylorView], str]


def sentence(view: TaylorView) -> str:
    """What the numbers mean for the learning rate, from the first rule that holds."""
    said = rule_of(view).say(view)
    unknown = math.isfinite(view.squared_norm) and math.isnan(view.bound)
    return f"{said} {UNKNOWN}" if unknown else said


def rule_of(view: TaylorView) -> Rule:
    """The first rule that holds."""
    return next(rule for rule in RULES if rule.holds(view))


def numbers_line(view: TaylorView) -> str:
    """The numbers behind the picture; only between them the line may break."""
    whole = (part.replace(" ", _NO_BREAK).replace("/", f"/{_JOINED}") for part in _numbers(view))
    return f"{_NO_BREAK}· ".join(whole)


def steps_sentence(view: TaylorView) -> str:
    """How far the last steps kept what they promised; empty where none is known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = (view.actual_steps / view.promised_steps)[-_RECENT:]
    known = np.isfinite(kept)
    if not known.any():
        return ""
    share = float(np.median(kept[known]))
    meaning = next(words for least, words in _KEPT if share >= least)
    first = grouped(float(view.steps[-_RECENT:][known][0]))
    steps = f"steps from epoch {first} on" if known.sum() > 1 else f"step from epoch {first}"
    median = " (median)" if known.sum() > 1 else ""
    return f"The {steps} gave {rounded(100 * share, 3)} % of the promise{median}: {meaning}"


def rate(alpha: float) -> str:
    """A step size as it is written everywhere here."""
    return plain(alpha, 3)


def promised_of(view: TaylorView) -> float:
    """The decrease α‖∇J‖² that the present step promises."""
    return view.alpha * view.squared_norm


def gained(view: TaylorView) -> float:
    """The decrease that the present step gives."""
    return view.loss - view.next_loss


def _numbers(view: TaylorView) -> list[str]:
    promised, gain = promised_of(view), gained(view)
    share = f" ({rounded(100 * gain / promised, 3)} %)" if 0 <= gain <= 10 * promised > 0 else ""
    bend = [] if math.isnan(view.curvature) else [f"curvature along ∇J {plain(view.curvature, 3)}"]
    return [
        f"J {number(view.loss)}",
        f"‖∇J‖² {plain(view.squared_norm, 3)}",
        *bend,
        *_eigenvalues(view),
        f"this step promises {plain(promised, 3)}",
        f"gives {plain(gain, 3)}{share}",
    ]


def _eigenvalues(view: TaylorView) -> list[str]:
    """The largest, and the highest where that is another one, which alone has a 2/λ."""
    value, bound = view.eigenvalue, view.bound
    if math.isnan(bound):
        largest = [] if math.isnan(value) else [f"largest |λ| {plain(value, 3)}"]
        return [*largest, f"{'highest ' if largest else ''}λ not known here"]
    if math.isinf(bound):
        largest = [] if math.isnan(value) else [f"λ {plain(value, 3)}"]
        return [*largest, "no 2/λ, as no λ > 0"]
    if value > 0:
        return [f"λ {plain(value, 3)}", f"2/λ {rate(bound)}"]
    highest = f"highest λ {plain(2 / bound, 3)}" if bound else "highest λ +∞"
    size = "not known here" if math.isnan(value) else plain(value, 3)
    return [f"largest |λ| {size}", highest, f"2/λ {rate(bound)}"]


def _possible(view: TaylorView) -> float:
    """The most that a step on this line can gain, as far as it was looked at."""
    finite = view.actual[np.isfinite(view.actual)]
    lowest = min(float(finite.min(initial=view.loss)), view.next_loss)
    return view.loss - lowest


def _share(view: TaylorView) -> str:
    """The part of it that the present step gains."""
    return f"{rounded(100 * gained(view) / _possible(view), 2)} %"


def _say_uphill(view: TaylorView) -> str:
    change = f"J goes from {number(view.loss)} to {number(view.next_loss)}"
    if not math.isfinite(view.rising):
        return f"A step with α = {rate(view.alpha)} goes uphill: {change}."
    return (
        f"α = {rate(view.alpha)} lies beyond {rate(view.rising)}, from where a step from here"
        f" goes uphill: {change}."
    )


def _say_overflow(view: TaylorView) -> str:
    limit = f" A step from here must stay below {rate(view.rising)} to lower J."
    return (
        f"After a step with α = {rate(view.alpha)} the loss is {named(view.next_loss)}."
        f"{limit if math.isfinite(view.rising) else ''}"
    )


def _say_unstable(view: TaylorView) -> str:
    return (
        f"α = {rate(view.alpha)} is above 2/λ = {rate(view.bound)}: this step still lowers J, but"
        " steps along the steepest curvature swing to and fro and grow."
    )


def _say_beyond(view: TaylorView) -> str:
    return (
        f"α = {rate(view.alpha)} overshoots the best step {rate(view.best)} on this line: it gains"
        f" {_share(view)} of what is possible here."
    )


def _say_falling(view: TaylorView) -> str:
    return (
        f"The loss still falls as far as was looked on this line: no best step limits"
        f" α = {rate(view.alpha)} here."
    )


def _say_near(view: TaylorView) -> str:
    return (
        f"α = {rate(view.alpha)} is close to the best step {rate(view.best)} on this line: it gains"
        f" {_share(view)} of what is possible here."
    )


def _say_far(view: TaylorView) -> str:
    return (
        f"α = {rate(view.alpha)} is far below the best step {rate(view.best)} on this line: each"
        f" step gains little, this one {_share(view)} of what is possible here."
    )


def _say_below(view: TaylorView) -> str:
    return (
        f"α = {rate(view.alpha)} is below the best step {rate(view.best)} on this line: it gains"
        f" {_share(view)} of what is possible here. A larger one would gain more."
    )


RULES: Final = (
    Rule(
        "broken",
        lambda view: not (math.isfinite(view.loss) and math.isfinite(view.squared_norm)),
        lambda view: "J or its gradient is not finite here: there is no direction to step in.",
    ),
    Rule(
        "flat",
        lambda view: view.squared_norm == 0,
        lambda view: "The gradient is 0 here: no step of any size changes the weights.",
    ),
    Rule("overflow", lambda view: not math.isfinite(view.next_loss), _say_overflow),
    Rule("uphill", lambda view: view.next_loss > view.loss, _say_uphill),
    Rule("unstable", lambda view: view.alpha > view.bound, _say_unstable),
    Rule(
        "no gain",
        lambda view: not (view.best > 0 and _possible(view) > 0),
        lambda view: "No step along −∇J that was tried lowers J: the loss is as good as flat here.",
    ),
    Rule("falling", lambda view: math.isinf(view.best), _say_falling),
    Rule("beyond", lambda view: view.alpha > _NEAR[1] * view.best, _say_beyond),
    Rule("near", lambda view: view.alpha >= _NEAR[0] * view.best, _say_near),
    Rule("far", lambda view: view.alpha < _FAR * view.best, _say_far),
    Rule("below", lambda view: True, _say_below),
)
"""In the order in which they are asked: what is wrong before what could be better."""
