"""One run among those that are trained together: when it ends, and why."""

from dataclasses import dataclass

from model.lab.outcome import Fate
from model.nn.operations import TensorName
from model.training.failures import grown, nonfinite
from model.training.settings import RunSettings
from model.training.stop_rules import StopRules, converged_words, reached_words


@dataclass(frozen=True)
class End:
    """How a run ended, with `epochs` complete ones, when its block had `seen` of them.

    One more where something became infinite or not a number in the epoch after.
    """

    fate: Fate
    reason: str
    epochs: int
    seen: int


@dataclass
class Member:
    """One run of a block, with its end as soon as that was seen; `seconds` as in `Outcome`."""

    settings: RunSettings
    rules: StopRules
    end: End | None = None
    seconds: float = 0.0

    def runs_at(self, epoch: int) -> bool:
        """Whether it goes on when its block has `epoch` complete ones."""
        return self.end is None or epoch < self.end.seen

    def observe(self, epoch: int, loss: float) -> None:
        """Take note of the loss of an epoch that is complete, and of the end if that is one."""
        rules, training, done = self.rules, self.settings.training, epoch + 1
        rules.observe(epoch, loss)
        if rules.grown(epoch):
            why = grown(done, training.learning_rate).reason
            self.end = End(Fate.DIVERGED, why, done, done)
        elif rules.converged(epoch):
            self.end = End(Fate.CONVERGED, converged_words(done, training), done, done)
        elif done >= training.epochs:
            self.end = End(Fate.FINISHED, reached_words(training.epochs), done, done)

    def fail(self, epoch: int, tensor: TensorName) -> None:
        """Take note that a tensor became infinite or not a number after `epoch` epochs."""
        why = nonfinite(epoch, tensor, self.settings.training.learning_rate).reason
        self.end = End(Fate.DIVERGED, why, epoch, epoch + 1)
