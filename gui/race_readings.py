"""A race in the words of the status line."""

from collections import Counter
from typing import Final

from gui.race_words import start_words
from gui.readings import STATE_WORDS, Reading, Standing
from gui.widgets.numerals import grouped
from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceSnapshot
from model.training.snapshots import State

_ENDS: Final = frozenset(Fate) - {Fate.RUNNING}


def race_standing(race: RaceSnapshot) -> Standing:
    """What the status line says of a race."""
    fates = Counter(run.fate for run in race.runs)
    going = fates[Fate.RUNNING]
    word = STATE_WORDS[race.state]
    speed = race.network_epochs_per_second
    epoch = Reading(
        "in step, epoch", grouped(race.epoch), tip="Epochs that every run has done that goes on."
    )
    pace = Reading("", grouped(speed), "network-epochs/s", "Epochs of all runs together.", 1)
    return Standing(
        race.state,
        f"{word} {going}" if race.state is State.RUNNING else word,
        (epoch, pace) if speed > 0 else (epoch,),
        _explanation(race, fates),
        start_words(race),
    )


def _explanation(race: RaceSnapshot, fates: Counter[Fate]) -> str:
    """How many runs have ended, and how; before the start, how to begin."""
    ended = [f"{fates[fate]} {fate.value}" for fate in Fate if fates[fate] and fate in _ENDS]
    if race.state is State.IDLE:
        return ", ".join(["press Space to train all runs", *ended])
    return ", ".join(ended)
