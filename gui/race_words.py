"""A race in words: settings by title, runs by what they vary, and how each of them stands."""

from collections import Counter
from functools import cache
from typing import Any, Final

from gui.readings import STATE_WORDS
from gui.widgets.glyphs import Glyph
from gui.widgets.numerals import grouped, rounded
from gui.widgets.ticks import number
from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceRun, RaceSnapshot
from model.lab.variants import SEED, Axis, Variant
from model.settings_fields import FLAG_CHOICES, FieldDescription, describe, group_titles
from model.training.settings import RunSettings
from model.training.snapshots import State

BETWEEN: Final = " · "
"""Between what varies at once; labels leave out what is behind it where there is no room."""

FATE_GLYPHS: Final = {
    Fate.CONVERGED: Glyph.TICK,
    Fate.FINISHED: Glyph.TICK,
    Fate.DIVERGED: Glyph.WARNING,
    Fate.REFUSED: Glyph.CROSS,
}
"""The shape of every end."""

FAILED: Final = frozenset({Fate.DIVERGED, Fate.REFUSED})


@cache
def fields() -> dict[str, FieldDescription]:
    """Every setting by its path."""
    return {field.path: field for field in describe(RunSettings)}


@cache
def setting_titles() -> dict[str, str]:
    """The title of each setting by its path; where two share one, with its group: "Data seed"."""
    groups = group_titles(RunSettings)
    shared = Counter(field.title for field in fields().values())
    return {
        path: field.title
        if shared[field.title] == 1
        else f"{groups[field.group]} {field.title.lower()}"
        for path, field in fields().items()
    }


def value_text(path: str, value: Any) -> str:
    """A value as a table shows it: "0.01", "Leaky ReLU", "10, 5", "full"."""
    field = fields()[path]
    if value is None:
        return field.empty or "none"
    if isinstance(value, tuple | list):
        return ", ".join(value_text(path, item) for item in value)
    if isinstance(value, bool):
        return FLAG_CHOICES[str(value).lower()].lower()
    return rounded(value, 6) if isinstance(value, float) else field.choices.get(value, str(value))


def setting_text(path: str, value: Any) -> str:
    """A value with what it is of: "α = 0.01", "batch 50"; a choice is its own name: "ReLU"."""
    field, text = fields()[path], value_text(path, value)
    if field.choices:
        return text
    if len(field.unit) == 1 and not field.unit.isascii():
        return f"{field.unit} = {text}"
    return f"{'seed' if path == SEED else setting_titles()[path].lower()} {text}"


def long_label(race: RaceSnapshot, run: RaceRun) -> str:
    """A run by all that tells it from the others: "α = 0.01, seed 3"."""
    words = [setting_text(path, value) for path, value in run.variant.varied]
    seed = seed_of(run.variant)
    told = any(path == SEED for path, _ in run.variant.varied)
    if seed is not None and not told and (several_seeds(race) or not words):
        words.append(setting_text(SEED, seed))
    return ", ".join(words)


def short_label(race: RaceSnapshot, run: RaceRun) -> str:
    """The same without saying of what: "0.01 · seed 3"."""
    parts = [value_text(path, value) for path, value in run.variant.varied]
    seed = [f"seed {seed_of(run.variant)}"] if several_seeds(race) else []
    return BETWEEN.join((*parts, *seed)) or long_label(race, run)


def seed_of(variant: Variant) -> int | None:
    """The seed of the first weights, None where the settings are refused."""
    return None if variant.settings is None else variant.settings.network.seed


def several_seeds(race: RaceSnapshot) -> bool:
    """Whether the same values are run from several seeds."""
    if any(axis.path == SEED for axis in race.axes):
        return False
    return len({seed_of(run.variant) for run in race.runs} - {None}) > 1


def seed_words(race: RaceSnapshot) -> str:
    """The one seed of all runs: "seed 14"; "one seed each" where the seed is what varies."""
    seeds = {seed_of(run.variant) for run in race.runs} - {None}
    return f"seed {seeds.pop()}" if len(seeds) == 1 else "one seed each"


def state_text(race: RaceSnapshot, run: RaceRun) -> str:
    """How a run stands: "running", "diverged at epoch 3", "refused"."""
    if run.fate is Fate.RUNNING:
        return STATE_WORDS[race.state].lower() if race.state is not State.FAILED else "stopped"
    if run.fate in (Fate.CONVERGED, Fate.DIVERGED):
        return f"{run.fate.value} at epoch {grouped(run.epoch)}"
    return run.fate.value


def loss_text(loss: float) -> str:
    """A loss as a caption shows it: three decimals where that is enough."""
    return f"{loss:.3f}" if 0.01 <= abs(loss) < 1000 else number(loss)


def axes_words(axes: tuple[Axis, ...]) -> str:
    """What varies: "learning rate and activation"."""
    return " and ".join(setting_titles()[axis.path].lower() for axis in axes)


def start_words(race: RaceSnapshot) -> str:
    """What all runs have in common."""
    settings = [run.variant.settings for run in race.runs if run.variant.settings is not None]
    seeds = {one.network.seed for one in settings}
    if len(seeds) > 1:
        return f"{len(seeds)} seeds, each with its own batch order"
    if any(one.data != settings[0].data for one in settings):
        return "same seed, each with its own data"
    if any(one.training.batch_size != settings[0].training.batch_size for one in settings):
        return "same seed, each with its own batches"
    return "same seed, same batch order"
