"""The rows of a sweep: how many seeds, how many processes, and which cluster if one."""

from typing import Any, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics

from gui.theme import Theme
from gui.widgets.fields.box import PADDING
from gui.widgets.fields.entry_field import EntryField
from gui.widgets.fields.form_row import FormRow
from model.lab.cluster_address import is_address
from model.limits import Kind, Limits
from model.settings_fields import FieldDescription

SEEDS: Final = FieldDescription(
    path="seeds",
    title="Seeds",
    help="Runs of each value: their first weights are drawn with the seeds from 0 on.",
    kind=Kind.WHOLE,
    optional=False,
    unit="",
    step=1.0,
    bounds=Limits(1, 1_000_000),
    limits="1 to 1 000 000",
    choices={},
    default=20,
)
PROCESSES: Final = FieldDescription(
    path="processes",
    title="Processes",
    help="Runs trained at the same time on this machine; empty stands for all cores.",
    kind=Kind.WHOLE,
    optional=True,
    unit="",
    step=1.0,
    bounds=Limits(1, 256),
    limits="1 to 256, or empty",
    choices={},
    default=None,
    empty="all cores",
)
CLUSTER: Final = FieldDescription(
    path="cluster",
    title="Cluster",
    help="The scheduler of a Dask cluster that trains the runs, as in tcp://HOST:8786; none for"
    " this machine.",
    kind=Kind.TEXT,
    optional=True,
    unit="",
    step=None,
    bounds=Limits(),
    limits="none, or tcp://HOST:PORT",
    choices={},
    default=None,
    empty="none",
)


class AddressField(EntryField):
    """As wide as its text, so that its row puts it below the label where both do not fit."""

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        wide = QFontMetrics(self.theme.font(13)).horizontalAdvance(self.text())
        return QSize(max(size.width(), wide + self.theme.px(2 * PADDING + 4)), size.height())


def rows(theme: Theme) -> tuple[FormRow, FormRow, FormRow]:
    """The rows for seeds, processes and cluster."""
    return (
        FormRow(SEEDS, EntryField(SEEDS, theme), theme),
        FormRow(PROCESSES, EntryField(PROCESSES, theme), theme),
        FormRow(CLUSTER, AddressField(CLUSTER, theme), theme),
    )


def taken(field: FieldDescription, raw: Any) -> Any:
    """What an entry means; `ValueError` with what is wrong with it."""
    return (_address if field is CLUSTER else _count)(field, raw)


def _count(field: FieldDescription, raw: Any) -> int | None:
    if raw is None and field.optional:
        return None
    low, high = int(field.bounds.minimum or 0), int(field.bounds.maximum or 0)
    if not (isinstance(raw, int) and low <= raw <= high):
        raise ValueError(f"{raw or 'Nothing'} is not allowed: enter {field.limits}.")
    return raw


def _address(field: FieldDescription, raw: Any) -> str | None:
    text = "" if raw is None else str(raw).strip()
    if text.lower() in ("", field.empty):
        return None
    if not is_address(text):
        raise ValueError(f"“{text}” is no address: enter tcp://HOST:8786, or none.")
    return text
