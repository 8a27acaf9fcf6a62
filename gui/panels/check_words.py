"""What the Check panel says, as text: marks, differences, places, and whole reports to copy."""

import math
from typing import TYPE_CHECKING, Final

from gui.panels.inspector_tensors import KINDS, Shape
from gui.widgets.numerals import MINUS, grouped, named, rounded
from model.errors import BackscopeError
from model.nn.gradcheck import TOLERANCE, TensorCheck

if TYPE_CHECKING:
    from model.files.own_comparison import OwnComparison
    from model.training.gradient_check import RunCheck

EMPTY: Final = (
    "Compares every gradient of this state with central differences of the loss J. Or open an"
    " .npz with X, Y, W1, b1, … and your own Z1, A1, dZ1, dW1, db1, … to find the first wrong one."
)
COPY: Final = (
    "copy",
    "Copy all that is shown here, with the element of each tensor that differs most (Ctrl+C)",
    "Copy the check",
)
CHECK_NOW: Final = "Check now"
CHECKING: Final = "Checking…"
COMPARE: Final = "Compare with my own gradients…"
COMPARING: Final = "Comparing…"
TIPS: Final = (
    "Nudge every weight and bias of this state a little both ways, and compare the change of J"
    " with its gradient.",
    "Open an .npz of your own backpropagation and find its first wrong tensor.",
    "In X each row is a sample.",
    "In X each column is a sample.",
)
RIGHT, WRONG = "✓", "✗"
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def mark(agrees: bool) -> str:
    """The sign that stands beside the words."""
    return RIGHT if agrees else WRONG


def power(value: float) -> str:
    """ "3·10⁻¹¹"; a whole 0 and a number that is none by their names."""
    if not math.isfinite(value):
        return named(value)
    if value == 0:
        return "0"
    digit, _, exponent = f"{value:.0e}".partition("e")
    return f"{digit}·10{str(int(exponent)).translate(_RAISED)}"


def title_of(tensor: TensorCheck) -> str:
    """ "W[1] 3·10⁻¹¹": the gradient goes by the name of its parameter."""
    return f"{str(tensor.name).removeprefix('d')} {power(tensor.telling)}"


def worst_of(tensor: TensorCheck) -> str:
    """The element that differs most, with both of its numbers."""
    worst, kind = tensor.worst, KINDS[tensor.name.name]
    place = kind.rows(worst.row)
    if kind.shape is Shape.WEIGHTS:
        place += f", {kind.columns(tensor.name.layer)(worst.column)}"
    numbers = f"{_full(worst.analytic)} by backpropagation, {_full(worst.numeric)} numerically"
    return f"{tensor.name} differs most at {place}: {numbers}"


def help_of(tensor: TensorCheck) -> str:
    """What the mouse is told over a mark."""
    return "\n".join(filter(None, (_central(tensor), _exactly(tensor), worst_of(tensor))))


def _central(tensor: TensorCheck) -> str:
    close = tensor.difference < TOLERANCE
    lost = "" if close or not tensor.agrees else " Beside J it is too small for such a difference."
    return (
        f"{tensor.name} {'agrees with' if close else 'differs from'} the central difference of J:"
        f" relative difference {power(tensor.difference)}, {'below' if close else 'not below'}"
        f" {power(TOLERANCE)}.{lost}"
    )


def _exactly(tensor: TensorCheck) -> str:
    """The second derivative, which decides, where there is one."""
    if tensor.complex_step is None:
        return ""
    return f"From the complex step, which is exact, it differs by {power(tensor.complex_step)}."


def footing_of(made: "RunCheck", stale: bool) -> str:
    """Below the marks: what the numbers are, of when, and of how many samples."""
    iteration = grouped(made.iteration)
    exact = [t.complex_step for t in made.check.tensors if t.complex_step is not None]
    parts = ["largest relative difference", f"of iteration {iteration}"]
    if exact:
        parts.append(f"from the complex step {power(max(exact))}")
    if made.samples < made.batch:
        parts.append(f"first {grouped(made.samples)} of {grouped(made.batch)} samples")
    if stale:
        parts.append("not of the state shown")
    return " · ".join(parts)


def failures_of(made: "RunCheck") -> str:
    """A line for each tensor that differs; empty where none does."""
    wrong = [tensor for tensor in made.check.tensors if not tensor.agrees]
    return "\n".join(f"{WRONG} {worst_of(tensor)}" for tensor in wrong)


def check_text(made: "RunCheck", stale: bool) -> str:
    """The whole check, for the clipboard."""
    lines = [
        f"{mark(tensor.agrees)} {title_of(tensor)}\t{worst_of(tensor)}"
        for tensor in made.check.tensors
    ]
    return "\n".join([f"Numeric gradients, {footing_of(made, stale)}", *lines])


def error_text(error: BackscopeError) -> str:
    """The message and its hint as one text."""
    return f"{error.message}: {error.hint}" if error.hint else error.message


def verdict_of(comparison: "OwnComparison") -> str:
    """ "✗ own.npz: The gradients differ." """
    sign, name = mark(comparison.check.agrees), comparison.own.name
    return f"{sign} {name}: {_conclusion(comparison)[-1]}"


def findings_of(comparison: "OwnComparison") -> str:
    """The first wrong tensor with its reason, the others, and remarks."""
    return "\n".join(_conclusion(comparison)[:-1]).strip()


def premises_of(comparison: "OwnComparison") -> str:
    """What was compared, and where the words came from that the file does not have."""
    from model.files.gradient_report import opening

    own = comparison.own
    lines = list(opening(own, comparison.functions))
    missing = [
        word
        for word, there in (("activations", own.activations), ("loss", own.loss))
        if there is None
    ]
    if missing and not comparison.functions.assumed:
        names = " and ".join(missing)
        lines.append(f"Not named in the file, so taken from the settings of this run: {names}")
    return "\n".join(lines)


def rows_of(comparison: "OwnComparison") -> tuple[tuple[str, ...], ...]:
    """The heading of the table and its lines."""
    from model.files.gradient_report import HEAD, rows

    return HEAD, *rows(comparison.check)


def comparison_text(comparison: "OwnComparison") -> str:
    """The whole comparison, for the clipboard; the table has tabs."""
    table = "\n".join("\t".join(row) for row in rows_of(comparison))
    parts = premises_of(comparison), table, findings_of(comparison), verdict_of(comparison)
    return "\n\n".join(filter(None, parts))


def _conclusion(comparison: "OwnComparison") -> list[str]:
    from model.files.gradient_report import conclusion

    return list(conclusion(comparison.own, comparison.check))


def _full(value: float) -> str:
    return rounded(value, 10, sign=True).replace("-", MINUS)
