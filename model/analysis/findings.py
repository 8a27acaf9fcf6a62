"""What is found when somebody's own tensors are set beside Backscope's: frozen records."""

from dataclasses import dataclass
from typing import Final

from model.analysis.conventions import Given
from model.analysis.suspect import Verdict
from model.nn.gradcheck import GradientCheck
from model.nn.network import Network
from model.nn.operations import Operation, TensorName

PARAMETERS: Final = ("dW", "db")


@dataclass(frozen=True)
class Worst:
    """The number that is furthest off; `index` is where it stands in the user's own array."""

    index: tuple[int, ...]
    given: float
    right: float


@dataclass(frozen=True)
class Finding:
    """One tensor of the user's.

    `difference` is ‖a − n‖ / (‖a‖ + ‖n‖) against Backscope's own, None for a wrong shape; `wrong`
    of its numbers are off by what its operation makes of the user's own operands, and `worst` is
    one of them. `mistake` is the name of the suspect that explains it, `reason` its words; it lies
    in `place`: the tensor itself, or one that is not in the file. `causes` are operands that are
    wrong already. `odd` says that the tensor is not what its operation makes of the user's own
    operands, even where it is right.
    """

    operation: Operation
    given: Given
    difference: float | None
    verdict: Verdict
    wrong: int = 0
    worst: Worst | None = None
    place: TensorName | None = None
    mistake: str = ""
    reason: str = ""
    causes: tuple[TensorName, ...] = ()
    odd: bool = False

    @property
    def name(self) -> TensorName:
        """That of the tensor."""
        return self.operation.result


@dataclass(frozen=True)
class OwnCheck:
    """All tensors of a file; `late` where 1/m stands in dW and db rather than in dA and dZ."""

    network: Network
    findings: tuple[Finding, ...]
    late: bool
    numeric: GradientCheck | None

    @property
    def mistakes(self) -> tuple[Finding, ...]:
        """What is wrong in itself, the first one in the order of computation first."""
        return tuple(f for f in self.findings if f.verdict is Verdict.DIFFERS)

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong; another convention is not."""
        return not self.mistakes
