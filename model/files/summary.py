"""summary.md: what a run was, how it went and what can be said of it."""

from pathlib import Path
from typing import Any, Final

from model.data.dataset import Dataset
from model.data.datasets import DATA_SETS
from model.files.atomic import write_text
from model.files.epoch_table import TITLES, table_epochs, table_row
from model.files.lab_sheet import HEAD, beside_the_sheet, differences
from model.files.markdown import table
from model.files.number_text import auc_text, loss_text, percent_text
from model.files.observations import observations
from model.nn.activations import ACTIVATIONS
from model.settings_fields import FieldDescription, describe, group_titles, value_at
from model.training.settings import RunSettings
from model.training.snapshots import State
from model.training.train import Result

FIGURES: Final = {"loss": "Loss", "boundary": "Decision boundary", "roc": "ROC curve"}

SCORES: Final = ("", "loss", "accuracy", "AUC")

FILES: Final = {
    "settings.json": "the settings; `backscope train --settings settings.json` repeats the run",
    "history.csv": "losses and accuracies of every epoch, digit for digit",
    "metrics.json": "loss, accuracy and AUC of the last state; `null` where not defined",
    "weights.npz": "W1, b1, …, the mean and scale of the inputs, activations and loss",
    "loss, boundary, roc": "the figures as `.png` and `.svg`",
}


def write_summary(path: Path, result: Result) -> None:
    """Write the summary; raises `FileError`."""
    write_text(path, summary(result))


def summary(result: Result) -> str:
    """The summary as Markdown."""
    sections = (
        ("# Summary of a run", _opening(result)),
        ("## Result", _scores(result)),
        ("## Loss", _losses(result)),
        ("## Figures", "\n\n".join(f"![{t}]({name}.png)" for name, t in FIGURES.items())),
        ("## Observations", "\n".join(f"- {text}" for text in observations(result))),
        ("## Beside the lab's sheet", _sheet(result)),
        ("## Settings", _settings(result.settings)),
        ("## Scaling of the inputs", _scaling(result)),
        ("## Files", table(("file", "what it holds"), FILES.items())),
    )
    return "\n\n".join(f"{title}\n\n{text}" for title, text in sections) + "\n"


def headline(result: Result) -> str:
    """How the run ended, in one line."""
    if result.failure is not None:
        return f"Diverged at epoch {result.failure.epoch}: {result.failure.reason}"
    reason = result.finished_because
    return reason[:1].upper() + reason[1:] if reason else f"Stands at epoch {result.history.epoch}"


def described(settings: RunSettings, data: Dataset) -> str:
    """Data, network and step of a run, in one line."""
    sizes = (data.X_train.shape[1], *settings.network.layers, 1)
    titles = ", ".join(ACTIVATIONS[name].title for name in settings.network.activations)
    return (
        f"{DATA_SETS[data.name].title}, {len(data.X_train)} training and {len(data.X_test)} test"
        f" points; network {' → '.join(map(str, sizes))} ({titles}); learning rate"
        f" {settings.training.learning_rate:g}; seed {settings.network.seed}"
    )


def score_rows(result: Result) -> tuple[tuple[str, ...], ...]:
    """A line for each share of the data under `SCORES`."""
    return tuple(
        (share, loss_text(m["loss"]), percent_text(m["accuracy"]), auc_text(m["auc"]))
        for share, m in result.metrics.items()
    )


def _opening(result: Result) -> str:
    return f"**{headline(result)}.** {described(result.settings, result.data)}."


def _scores(result: Result) -> str:
    note = "Of the state after the last update"
    if result.state is State.FAILED:
        note = "Of the last finite weights of a run that diverged"
    return f"{table(SCORES, score_rows(result), numbers=True)}\n\n{note}."


def _losses(result: Result) -> str:
    history = result.history
    rows = [table_row(history, epoch) for epoch in table_epochs(history.epoch)]
    if not rows:
        return "No epoch was completed."
    note = "Epoch k is the state after k complete epochs: epoch 0 are the first weights."
    return f"{table(TITLES, rows, numbers=True)}\n\n{note}"


def _sheet(result: Result) -> str:
    changed = differences(result.settings)
    if changed:
        return (
            "The settings are not the lab's own, so the sheet's numbers are no yardstick here;"
            f" other than in the lab are {', '.join(f'`{path}`' for path in changed)}."
        )
    if result.history.epoch != result.settings.training.epochs:
        return "The run did not reach its end, so there is nothing to set beside the sheet."
    compared = table(HEAD, (line.cells for line in beside_the_sheet(result)))
    return (
        f"{compared}\n\nThe sheet's weights were drawn without a seed. With 200 seeds the same"
        " settings give the percentiles; each of the three numbers lies between them for nine"
        " seeds in ten."
    )


def _settings(settings: RunSettings) -> str:
    titles = group_titles(type(settings))
    rows = [
        (f"{titles[field.group]}: {field.title}", _value(field, settings), f"`{field.path}`")
        for field in describe(settings)
    ]
    return table(("setting", "value", "name"), rows)


def _value(field: FieldDescription, settings: RunSettings) -> str:
    value = value_at(settings, field.path)
    if isinstance(value, tuple):
        return ", ".join(_word(field, item) for item in value)
    return field.empty if value is None else _word(field, value)


def _word(field: FieldDescription, value: Any) -> str:
    return field.choices.get(str(value), str(value))


def _scaling(result: Result) -> str:
    data = result.data
    if data.scaling == "none":
        return "None: the network sees the features as they are."
    columns = (data.feature_names, map(repr, data.mean.tolist()), map(repr, data.scale.tolist()))
    numbers = table(("feature", "mean", "scale"), zip(*columns, strict=True))
    return f"The network sees (raw − mean) / scale, found over all points.\n\n{numbers}"
