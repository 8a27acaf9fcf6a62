"""What the comparison of somebody's own gradients found, in words and as a table."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from model.analysis.conventions import Orientation, OwnArrays
from model.analysis.findings import PARAMETERS, Finding, OwnCheck
from model.analysis.own_functions import Functions
from model.analysis.suspect import Verdict
from model.files.atomic import write_text
from model.files.markdown import table
from model.nn.activations import ACTIVATIONS
from model.nn.losses import LOSSES

HEAD: Final = ("tensor", "shape", "relative difference", "verdict")
SIGNS: Final = {
    Verdict.AGREES: "✓",
    Verdict.CONVENTION: "✓",
    Verdict.FOLLOWS: "·",
    Verdict.UNJUDGED: "·",
    Verdict.DIFFERS: "✗",
}
"""Beside the words, never instead of them."""

AFTER_UPDATE: Final = "; are W and b in the file those from before the update?"

LATE: Final = (
    "Another convention: 1/m stands in dW and db here, and not in dA and dZ yet; both are right."
)


def opening(own: OwnArrays, functions: Functions) -> Iterator[str]:
    """What was compared, and what was inferred or assumed for it."""
    convention = own.convention
    titles = ", ".join(ACTIVATIONS[name].title for name in functions.activations)
    yield (
        f"{own.name}: {own.X.shape[1]} samples in {convention.samples}, W stored as"
        f" {convention.weights}"
    )
    yield f"Network {' → '.join(map(str, own.sizes))} ({titles}), {LOSSES[functions.loss].title}"
    if functions.assumed:
        yield (
            f"Not named in the file, so assumed: {', '.join(functions.assumed)} (--set changes it)"
        )
    if own.ignored:
        yield f"Not compared, because their names mean nothing here: {', '.join(own.ignored)}"


def rows(check: OwnCheck) -> tuple[tuple[str, ...], ...]:
    """A line under `HEAD` for each tensor of the file, in the order of computation."""
    return tuple(
        (f.given.key, str(f.given.stored.shape), _difference(f), _verdict(f, check.late))
        for f in check.findings
    )


def conclusion(own: OwnArrays, check: OwnCheck) -> Iterator[str]:
    """The first wrong tensor with its number and its reason, then the others, then the verdict."""
    for number, finding in enumerate(check.mistakes):
        title = "First wrong tensor" if number == 0 else "Also wrong in itself"
        yield f"{title}: {finding.given.key}"
        yield from (f"  {line}" for line in _details(own, finding, number))
        yield ""
    yield from _remarks(check)
    yield _numeric(check)
    yield _ending(check)


def write_report(folder: Path, own: OwnArrays, functions: Functions, check: OwnCheck) -> str:
    """Write gradients.md into an existing folder and return its name; raises `FileError`."""
    parts = (
        "# Check of gradients",
        "\n".join(f"- {line}" for line in opening(own, functions)),
        table(HEAD, rows(check)),
        _paragraphs(conclusion(own, check)),
    )
    write_text(folder / "gradients.md", "\n\n".join(parts) + "\n")
    return "gradients.md"


def _ending(check: OwnCheck) -> str:
    if check.agrees:
        return "The gradients agree."
    gradients = [f for f in check.findings if f.name.name in PARAMETERS]
    if gradients and all(f.verdict is Verdict.AGREES for f in gradients):
        keys = ", ".join(finding.given.key for finding in check.mistakes)
        return f"Every dW and db in the file agrees, but not {keys}."
    return "The gradients differ."


def _paragraphs(lines: Iterable[str]) -> str:
    """Indented lines as a list."""
    return "\n".join(f"- {line[2:]}" if line.startswith("  ") else line for line in lines)


def _difference(finding: Finding) -> str:
    if finding.difference is None:
        return "–"
    if math.isnan(finding.difference):
        return "not finite"
    return f"{finding.difference:.1e}" if finding.difference else "0"


def _verdict(finding: Finding, late: bool) -> str:
    words = {
        Verdict.AGREES: "agrees",
        Verdict.CONVENTION: _convention(finding, late),
        Verdict.FOLLOWS: f"wrong, but right for your {_keys(finding)}",
        Verdict.UNJUDGED: f"differs, not judged behind your {_keys(finding)}",
        Verdict.DIFFERS: "differs" if finding.given.fits else "has the wrong shape",
    }
    return f"{SIGNS[finding.verdict]} {words[finding.verdict]}"


def _convention(finding: Finding, late: bool) -> str:
    return "agrees, m times larger by convention" if late else "agrees, by another convention"


def _keys(finding: Finding) -> str:
    names = (f"{name.name}{name.layer or ''}" for name in finding.causes)
    return " and ".join(names) or "other tensors"


def _details(own: OwnArrays, finding: Finding, number: int) -> Iterator[str]:
    yield f"{finding.operation.formula}{_turned(own)}"
    given, worst = finding.given, finding.worst
    if not given.fits:
        yield f"its shape is {given.stored.shape}, {given.needed} is needed"
    if worst is not None:
        place = f"[{', '.join(map(str, worst.index))}]" if worst.index else ""
        is_now, should_be = _told_apart(worst.given, worst.right)
        yield f"{given.key}{place} is {is_now} in your file and should be {should_be}"
    if worst is not None and given.stored.size > 1:
        yield f"{finding.wrong} of {given.stored.size} numbers are off"
    if not finding.reason:
        yield f"none of the usual mistakes gives these numbers{AFTER_UPDATE * (number == 0)}"
    elif finding.place == finding.name:
        yield f"reason: {finding.reason}"
    else:
        yield f"reason: in {finding.place}, which is not in the file, {finding.reason}"


def _told_apart(a: float, b: float) -> tuple[str, str]:
    """Six digits each, all of them where six look the same."""
    a, b = a + 0.0, b + 0.0  # no −0
    short = f"{a:.6g}", f"{b:.6g}"
    return (repr(a), repr(b)) if short[0] == short[1] else short


def _turned(own: OwnArrays) -> str:
    return ", written for samples in columns" * (own.convention.samples is Orientation.ROWS)


def _remarks(check: OwnCheck) -> Iterator[str]:
    if check.late:
        yield LATE
    for finding in check.findings:
        if finding.verdict is Verdict.CONVENTION and finding.reason:
            yield f"Another convention in {finding.given.key}: {finding.reason}."


def _numeric(check: OwnCheck) -> str:
    numeric = check.numeric
    if numeric is None:
        return "The network is too large for a quick numeric check of Backscope's own gradients."
    worst = numeric.worst
    if numeric.agrees:
        by = "central differences" if worst.telling == worst.difference else "the complex step"
        return f"Backscope's own dW and db agree with {by} of J to {worst.telling:.0e}."
    small = ": beside J it may be too small for them" if worst.complex_step is None else ""
    return (
        f"Numeric derivatives of J do not confirm Backscope's own {worst.name} (relative difference"
        f" {worst.telling:.0e}){small}."
    )
