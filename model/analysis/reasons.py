"""Which mistake explains a tensor: every suspect is computed and compared number by number."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.analysis.replay import Replay, Scene
from model.analysis.suspect import Suspect, Verdict
from model.analysis.suspects import COMBINED, FOLLOWING, SUSPECTS
from model.arrays import Array
from model.nn.gradcheck import relative_difference
from model.nn.operations import TensorName

FEW: Final = 2
"""Fewer numbers than this are proportional to anything."""

AS_WELL: Final[tuple[tuple[Callable[[int], float], str], ...]] = (
    (float, "and 1/m is missing"),
    (lambda m: 1.0 / m, "and 1/m stands twice"),
    (lambda m: -1.0, "and the sign is flipped"),
)
"""Factors, by the number of samples, that come together with another mistake."""


@dataclass(frozen=True)
class Reason:
    """`text` is the end of a sentence about `place`, which holds `value` by this mistake.

    `through` are tensors that it goes through beside the operands of the operation.
    """

    mistake: str
    place: TensorName
    text: str
    value: Array
    verdict: Verdict
    through: tuple[TensorName, ...] = ()


@dataclass(frozen=True)
class Agreement:
    """When two tensors are the same: relative difference below `tolerance`.

    A difference within `floor` of any element is rounding, as where a sum cancels.
    """

    tolerance: float
    floor: float = 0.0

    def __call__(self, a: Array, n: Array) -> bool:
        """Whether `a` is `n`: NaN where that is NaN, and anything where that is infinite."""
        a, n = _alike(a, n)
        if a.shape != n.shape or not np.array_equal(np.isnan(a), np.isnan(n)):
            return False
        told = np.isfinite(n)
        if not np.isfinite(a[told]).all():
            return False
        rounding = bool((np.abs(a[told] - n[told]) <= self.floor).all())
        return rounding or difference_of(a, n) < self.tolerance


def difference_of(a: Array, n: Array) -> float:
    """‖a − n‖ / (‖a‖ + ‖n‖) over what is finite in n; NaN where a is not finite there."""
    told = np.isfinite(n)
    a, n = a[told], n[told]
    largest = max(np.abs(a).max(initial=0.0), np.abs(n).max(initial=0.0))
    if not np.isfinite(largest):
        return float("nan")
    return relative_difference(a / largest, n / largest) if largest else 0.0


def reason_for(
    replay: Replay,
    name: TensorName,
    given: Mapping[TensorName, Array],
    replaced: Mapping[TensorName, Array],
    agreement: Agreement,
) -> Reason | None:
    """Why `given[name]` is not what its operation makes of the tensors in `replaced`.

    Where the tensors just before it are not given, the mistake may be in one of those; of several
    explanations that is taken which accounts for most of what comes later.
    """
    if not np.isfinite(given[name]).all():
        return _not_finite(replay, name, given[name])
    found: dict[TensorName, Reason] = {}
    with np.errstate(all="ignore"):
        for place in _places(replay, name, given):
            reason = next(_explaining(replay, place, name, given, replaced, agreement), None)
            if reason is not None:
                found[place] = reason
    if len(found) < 2:
        return next(iter(found.values()), None)
    return max(
        found.values(), key=lambda r: _accounted(replay, name, r, given, replaced, agreement)
    )


def _not_finite(replay: Replay, name: TensorName, given: Array) -> Reason:
    """A tensor with NaN in it would be the same by many mistakes."""
    bad = int(given.size - np.isfinite(given).sum())
    which = f"{bad} of its {given.size} numbers are" if given.size > 1 else "it is"
    text = f"{which} NaN or infinite, from operands that are not"
    last = len(replay.architecture.layers)
    A = replay.backprop.tensor(TensorName("A", last))
    at_output = name.name == "J" or (name.layer == last and name.name in ("dA", "dZ"))
    if at_output and bool(((A == 0.0) | (A == 1.0)).any()):
        text += f"; A[{last}] is exactly 0 or 1 somewhere: take (A − Y)/m for dZ[{last}] directly"
    return Reason("not finite", name, text, given, Verdict.DIFFERS)


def _places(
    replay: Replay, name: TensorName, given: Mapping[TensorName, Array]
) -> Iterator[TensorName]:
    """The tensor itself, then those before it up to one that is given, backwards."""
    order = [operation.result for operation in replay.operations]
    at = order.index(name)
    yield name
    for place in reversed(order[:at]):
        if place in given:
            return
        if place.name != "J":
            yield place


def _explaining(
    replay: Replay,
    place: TensorName,
    name: TensorName,
    given: Mapping[TensorName, Array],
    replaced: Mapping[TensorName, Array],
    agreement: Agreement,
) -> Iterator[Reason]:
    local = replay.computed(replaced)
    scene = Scene(replay.backprop, place, local)
    table = (*FOLLOWING, *SUSPECTS) if place == name else SUSPECTS
    values = _values(table, scene)
    for suspect, value in values:
        if place == name:
            effect = value
        elif value.shape == scene.right.shape:
            effect = replay.computed({**replaced, place: value})[name]
        else:
            continue
        yield from _matching(suspect, value, effect, local[name], scene, given[name], agreement)
    if place == name:
        yield from _combined(values, scene, given[name], agreement)


def _combined(
    values: Sequence[tuple[Suspect, Array]], scene: Scene, given: Array, agreement: Agreement
) -> Iterator[Reason]:
    """Two mistakes in one tensor: one of them a factor."""
    for factor, words in AS_WELL:
        for suspect, value in values:
            both = factor(scene.m) * value
            if suspect in COMBINED and agreement(given, both):
                yield _reason(suspect, scene, both, words)


def _values(table: Iterable[Suspect], scene: Scene) -> Sequence[tuple[Suspect, Array]]:
    """What each suspect gives, all of them while the buffers stand."""
    values = []
    for suspect in table:
        if scene.place.name not in suspect.tensors:
            continue
        try:
            value = suspect.value(scene)
        except (LookupError, ValueError):
            continue
        if suspect.fitted and value.shape == scene.right.shape:
            value = scene.right + value
        values.append((suspect, np.array(value)))
    return values


def _matching(
    suspect: Suspect,
    value: Array,
    effect: Array,
    right: Array,
    scene: Scene,
    given: Array,
    agreement: Agreement,
) -> Iterator[Reason]:
    """The reason that the suspect gives where its effect is the given tensor."""
    if suspect.fitted:
        c = _fitted(given, right, effect)
        if c is not None and c > suspect.least and agreement(given, right + c * (effect - right)):
            yield _reason(suspect, scene, scene.right + c * (value - scene.right), c=c)
        return
    if agreement(given, effect):
        yield _reason(suspect, scene, value)


def _fitted(given: Array, right: Array, effect: Array) -> float | None:
    """c with given = right + c (effect − right), by least squares."""
    if not given.shape == right.shape == effect.shape or given.size < FEW:
        return None
    direction = effect - right
    square = float((direction * direction).sum())
    c = float(((given - right) * direction).sum()) / square if square > 0 else np.nan
    return c if np.isfinite(c) else None


def _reason(
    suspect: Suspect, scene: Scene, value: Array, words: str = "", c: float = 0.0
) -> Reason:
    l = scene.place.layer
    name = scene.place.name
    text = suspect.reason.format(name=name, l=l, k=l - 1, n=l + 1, m=scene.m, c=c, times=1.0 + c)
    through = (TensorName(suspect.through, l),) if suspect.through else ()
    text = " ".join(filter(None, (text, words)))
    return Reason(suspect.name, scene.place, text, value, suspect.verdict, through)


def _accounted(
    replay: Replay,
    name: TensorName,
    reason: Reason,
    given: Mapping[TensorName, Array],
    replaced: Mapping[TensorName, Array],
    agreement: Agreement,
) -> int:
    """How many of the other tensors are as they must be when the mistake is this one."""
    predicted = replay.computed({**replaced, name: given[name], reason.place: reason.value})
    return sum(
        agreement(array, predicted[other]) for other, array in given.items() if other != name
    )


def _alike(a: Array, n: Array) -> tuple[Array, Array]:
    """Vectors are compared whatever their axes."""
    if a.shape != n.shape and max(a.size, 1) == max(a.shape, default=1) == n.size:
        return a.reshape(-1), n.reshape(-1)
    return a, n
