"""How a session stands: its state, and what brought it there."""

from dataclasses import dataclass

from model.training.debug_views import Diagnosis, Hit
from model.training.snapshots import Failure, State


@dataclass(frozen=True)
class Standing:
    """A state with its reasons, as far as there are any.

    `failure` and `diagnosis` belong to a failed session, `hit` to one that a breakpoint has
    paused or would have paused where it failed, `finished_because` to one that a rule has ended.
    """

    state: State
    failure: Failure | None = None
    diagnosis: Diagnosis | None = None
    hit: Hit | None = None
    finished_because: str = ""
