"""What the lab's sheet reports, and how far its recipe scatters from seed to seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from model.files.number_text import auc_text, loss_text, percent_text
from model.settings_fields import changed_paths
from model.training.settings import RunSettings
from model.training.train import Result

SHEET_LOSSES: Final = {0: 0.8247, 100: 0.5036, 500: 0.3927, 999: 0.3441}
SHEET_ACCURACY: Final = 0.86
SHEET_AUC: Final = 0.917

LOSS_BAND: Final = (0.260, 0.360)
ACCURACY_BAND: Final = (0.83, 0.885)
AUC_BAND: Final = (0.919, 0.965)
"""5th and 95th percentile over 200 seeds of the first weights; the loss is that of epoch 999."""

HEAD: Final = ("", "this run", "the sheet", "5th to 95th percentile", "place")


@dataclass(frozen=True)
class Compared:
    """One number beside the sheet's, with the band in which nine seeds in ten lie, or none."""

    title: str
    run: str
    sheet: str
    band: str = ""
    verdict: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The line under `HEAD`."""
        return self.title, self.run, self.sheet, self.band, self.verdict


def differences(settings: RunSettings) -> tuple[str, ...]:
    """The settings in which a run is not the lab's own; another seed of the weights is none."""
    changed = changed_paths(RunSettings(), settings)
    return tuple(path for path in changed if path != "network.seed")


def beside_the_sheet(result: Result) -> Iterator[Compared]:
    """The numbers of a complete run of the lab's own settings beside the sheet's."""
    losses, test = result.history.loss, result.metrics["test"]
    last = max(SHEET_LOSSES)
    for epoch, sheet in SHEET_LOSSES.items():
        title, loss = f"training loss, epoch {epoch}", float(losses[epoch])
        if epoch == last:
            band = f"{LOSS_BAND[0]:.3f} to {LOSS_BAND[1]:.3f}"
            yield Compared(title, loss_text(loss), loss_text(sheet), band, _place(loss, LOSS_BAND))
        else:
            yield Compared(title, loss_text(loss), loss_text(sheet))
    yield Compared(
        "test accuracy",
        percent_text(test["accuracy"]),
        percent_text(SHEET_ACCURACY),
        " to ".join(map(percent_text, ACCURACY_BAND)),
        _place(test["accuracy"], ACCURACY_BAND),
    )
    yield Compared(
        "AUC on the test set",
        auc_text(test["auc"]),
        auc_text(SHEET_AUC),
        " to ".join(map(auc_text, AUC_BAND)),
        _place(test["auc"], AUC_BAND),
    )


def _place(value: float, band: tuple[float, float]) -> str:
    low, high = band
    return "below" if value < low else "above" if value > high else "inside"
