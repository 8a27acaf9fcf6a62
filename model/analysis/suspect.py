"""One suspect: a usual mistake of a hand-written backpropagation, and what can be said of a tensor.

A mistake is never guessed from a pattern: its value is computed from the same operands and compared
number by number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from model.analysis.replay import Scene
from model.arrays import Array


class Verdict(StrEnum):
    """What can be said of one tensor."""

    AGREES = "agrees"
    CONVENTION = "another convention"
    FOLLOWS = "follows"
    UNJUDGED = "not judged"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Suspect:
    """One mistake in the computation of the tensors named in `tensors`.

    `value(scene)` is what it gives in place of `scene.right`, in Backscope's layout; it may raise
    `LookupError` or `ValueError` where it is not possible, as with shapes that do not fit. Where
    `fitted`, it is a direction D instead, and the mistake gives right + c D with one number c above
    `least`. `reason` is the end of a sentence; it may speak of the name of the tensor, of l,
    k = l − 1, n = l + 1, m, c and times = 1 + c. `through` names a tensor of the layer that it goes
    through, though the operation does not: where that is wrong, what comes of it is wrong as well.
    """

    name: str
    tensors: tuple[str, ...]
    reason: str
    value: Callable[[Scene], Array]
    fitted: bool = False
    least: float = 0.0
    verdict: Verdict = Verdict.DIFFERS
    through: str = ""


def only(condition: bool) -> None:
    """Raise `ValueError` where a suspect has nothing to say."""
    if not condition:
        raise ValueError("this suspect has nothing to say here")
