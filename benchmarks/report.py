"""How a measured row reads: what, how much, beside what, the target, and whether it is reached."""

from dataclasses import dataclass

from benchmarks.rounds import Comparison


@dataclass(frozen=True)
class Row:
    """One line of the table; `measured` is compared with `target`, both shown with `unit`."""

    what: str
    measured: float
    unit: str
    target: float
    at_least: bool = True
    detail: str = ""

    @property
    def reached(self) -> bool:
        """Whether the number is on the right side of its target; NaN is not."""
        if self.at_least:
            return self.measured >= self.target
        return self.measured <= self.target

    def text(self) -> str:
        """The line, its detail below it."""
        sign = "≥" if self.at_least else "≤"
        target = f"{sign} {shown(self.target, self.unit)}"
        verdict = "reached" if self.reached else "missed"
        measured = shown(self.measured, self.unit)
        return f"{self.what:<50} {measured:>10}   {target:<10} {verdict}\n    {self.detail}"


def shown(number: float, unit: str) -> str:
    """A number at the precision that its unit deserves."""
    if unit == "×":
        return f"{number:.2f}×"
    return f"{number:.0f} {unit}" if number >= 100 else f"{number:.1f} {unit}"


def ratio_row(
    what: str, comparison: Comparison, target: float, units: str, peer: str, scale: float = 1.0
) -> Row:
    """A row of speeds in `units`; `scale` turns iterations into them."""
    ours, others = _median(comparison.ours) * scale, _median(comparison.peer) * scale
    low, high = comparison.spread
    rounds = len(comparison.ours)
    detail = (
        f"{ours:,.0f} beside {others:,.0f} {units} ({peer});"
        f" {rounds} rounds, half of them {low:.2f}× to {high:.2f}×"
    )
    return Row(what, comparison.ratio, "×", target, detail=detail)


def _median(values: tuple[float, ...]) -> float:
    return sorted(values)[len(values) // 2]
