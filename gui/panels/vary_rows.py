"""The rows of "What varies": one setting or two with their values, and the seeds."""

from typing import Any, Final

from gui.race_words import fields, setting_titles
from gui.theme import Theme
from gui.widgets.fields.entry_field import EntryField
from gui.widgets.fields.form_row import FormRow
from gui.widgets.fields.grouped_choice_field import GroupedChoiceField
from gui.widgets.fields.values_field import ValuesField
from model.lab.race import MOST
from model.limits import Kind, Limits
from model.settings_fields import FieldDescription, group_titles
from model.training.settings import RunSettings

NOTHING: Final = "nothing"
FIRST: Final = "training.learning_rate"
"""What a lab compares first."""
_SET: Final = "data.name"
_MEMORY: Final = "training.timeline_memory"
"""How far back one can go is the same for all runs: there is nothing to compare."""
_VALUES: Final = (
    "Values with commas between them: numbers, names or, in brackets, layers: 0.1, 1 or"
    " Tanh, ReLU or [5], [10, 5]."
)


def setting_row(theme: Theme, title: str, *, optional: bool) -> FormRow:
    """The row that chooses a setting, or none where it is `optional`."""
    help = (
        "A second setting that varies as well: all combinations."
        if optional
        else ("The setting that differs between the runs; all others are those of the Train view.")
    )
    groups = _groups()
    if optional:
        groups = {"": {NOTHING: NOTHING}, **groups}
    field = GroupedChoiceField(groups, theme)
    return FormRow(_description(title, help, Kind.TEXT, FIRST), field, theme)


def values_row(theme: Theme) -> FormRow:
    """The row for the values of a setting."""
    description = _description("Values", _VALUES, Kind.TEXT, "")
    return FormRow(description, ValuesField(description, theme), theme)


def seeds_row(theme: Theme) -> FormRow:
    """The row for the number of seeds."""
    description = _description(
        "Seeds",
        "Runs of each value: one with the seed of the settings, or so many with the seeds from 0"
        " on. Runs of one seed start alike and take the batches in the same order.",
        Kind.WHOLE,
        1,
        Limits(1, MOST),
    )
    return FormRow(description, EntryField(description, theme), theme)


def _groups() -> dict[str, dict[str, str]]:
    """Every setting that has more than one value, under the titles of the groups."""
    shown = {path: f for path, f in fields().items() if len(f.choices) != 1 and path != _MEMORY}
    return {
        title: {path: _title(field) for path, field in shown.items() if field.group == group}
        for group, title in group_titles(RunSettings).items()
    }


def _title(field: FieldDescription) -> str:
    """Where only some variants have the setting, with their names: "Inner radius (Circles)"."""
    title = setting_titles()[field.path]
    owners = [fields()[_SET].choices[name] for name in field.only]
    return f"{title} ({', '.join(owners)})" if owners else title


def _description(
    title: str, help: str, kind: Kind, default: Any, bounds: Limits | None = None
) -> FieldDescription:
    bounds = bounds or Limits()
    return FieldDescription(
        path=title.lower(),
        title=title,
        help=help,
        kind=kind,
        optional=False,
        unit="",
        step=1.0 if kind is Kind.WHOLE else None,
        bounds=bounds,
        limits=bounds.text(),
        choices={},
        default=default,
    )
