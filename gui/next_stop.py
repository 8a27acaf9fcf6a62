"""Where a run that goes on will stop next, as far as its breakpoints can tell."""

from model.training.debug_views import BreakpointView
from model.training.snapshots import Snapshot, State


def next_stop(snapshot: Snapshot) -> str:
    """ "dZ[1]", the next operation with a breakpoint, else "when loss above 1".

    Empty while it runs, and where nothing would stop it.
    """
    if snapshot.state not in (State.IDLE, State.PAUSED):
        return ""
    lines, conditions = _lines(snapshot), _conditions(snapshot)
    if lines:
        ahead = [line for line in lines if line >= snapshot.operation]
        return str(snapshot.program[min(ahead or lines)].result)
    if len(conditions) > 1:
        return f"at the first of {len(conditions)} conditions"
    return f"when {conditions[0].text}" if conditions else ""


def kind_of_stop(snapshot: Snapshot) -> str:
    """ "(breakpoint)" behind an operation, and how many conditions may come before it."""
    if not next_stop(snapshot) or not _lines(snapshot):
        return ""
    count = len(_conditions(snapshot))
    if not count:
        return "(breakpoint)"
    return f"(breakpoint), or before at {'a condition' if count == 1 else f'{count} conditions'}"


def _lines(snapshot: Snapshot) -> list[int]:
    """The operations with a breakpoint."""
    views = _awake(snapshot)
    return [view.operation for view in views if view.operation is not None]


def _conditions(snapshot: Snapshot) -> list[BreakpointView]:
    return [view for view in _awake(snapshot) if view.operation is None]


def _awake(snapshot: Snapshot) -> list[BreakpointView]:
    """Those that can stop this run."""
    return [view for view in snapshot.breakpoints if view.enabled and not view.asleep]
