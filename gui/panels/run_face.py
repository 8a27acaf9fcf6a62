"""What a thumbnail says of a run."""

import math

from PySide6.QtGui import QColor

from gui.panels.thumbnail_picture import RunFace
from gui.race_words import BETWEEN, FAILED, FATE_GLYPHS, long_label, loss_text, state_text
from gui.readings import percent
from gui.widgets.numerals import grouped
from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceRun, RaceSnapshot


def face_of(race: RaceSnapshot, run: RaceRun, colour: QColor) -> RunFace:
    """The run as it stands."""
    label, state = long_label(race, run), state_text(race, run)
    scores = _scores(run)
    tip = "\n".join(
        filter(None, (label, state, run.reason, scores, "Double-click to open it in Debug."))
    )
    return RunFace(
        label=label,
        captions=_captions(run, state, scores),
        tip=tip,
        colour=colour,
        glyph=FATE_GLYPHS.get(run.fate),
        failed=run.fate in FAILED,
        grid=run.grid,
        data=run.data,
        message=_message(run),
    )


def _captions(run: RaceRun, state: str, scores: str) -> tuple[str, ...]:
    """How the run stands; where there is little room its sign says how it ended, and this when."""
    if run.fate is Fate.REFUSED:
        return (state,)
    tested = scores.partition(BETWEEN)[0]
    if run.fate not in (Fate.CONVERGED, Fate.DIVERGED):
        return scores, tested
    epoch = grouped(run.epoch)
    return BETWEEN.join((state, scores)), state, f"epoch {epoch}", epoch


def _scores(run: RaceRun) -> str:
    """ "test 80.0 % · loss 0.543"; nothing of a run that never began."""
    if run.fate is Fate.REFUSED:
        return ""
    tested = not math.isnan(run.test_accuracy)
    accuracy = run.test_accuracy if tested else run.train_accuracy
    share = f"{'test' if tested else 'train'} {percent(accuracy)}"
    return f"{share}{BETWEEN}loss {loss_text(run.train_loss)}"


def _message(run: RaceRun) -> str:
    """Why there is no picture."""
    if run.fate is Fate.REFUSED:
        return run.reason
    if run.data is not None and run.data.X_train.shape[1] != 2:
        count = run.data.X_train.shape[1]
        features = "feature" if count == 1 else "features"
        return f"Drawn over two features; these data have {count} {features}."
    return ""
