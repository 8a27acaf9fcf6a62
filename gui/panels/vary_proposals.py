"""Values worth comparing, proposed when a setting is chosen."""

from typing import Final

from gui.race_words import fields
from gui.widgets.fields.values import plain, stepped
from model.limits import Kind
from model.settings_fields import FieldDescription

PROPOSALS: Final = {
    "training.learning_rate": "0.001, 0.01, 0.1, 1, 8",
    "training.batch_size": "null, 200, 50, 10",
    "training.epochs": "200, 500, 1000, 2000",
    "training.tolerance": "0, 1e-6, 1e-5, 1e-4",
    "network.layers": "[5], [10,5], [20,20], [10,10,10]",
    "network.seed": "0, 1, 2, 3, 4",
    "data.n_samples": "200, 500, 1000, 2000",
    "data.noise": "0.1, 0.2, 0.3, 0.4",
    "data.seed": "0, 1, 2, 3, 4",
    "data.split_seed": "0, 1, 2, 3, 4",
}
_FURTHER: Final = (0, 1, 2)
"""Presses of ↑ from the default, for settings that have no proposal of their own."""


def proposal(path: str) -> str:
    """All choices of a setting, or a few values that show what it does."""
    if path in PROPOSALS:
        return PROPOSALS[path]
    field = fields()[path]
    if field.choices:
        return ", ".join(field.choices)
    return ", ".join(plain(value) for value in _ladder(field))


def _ladder(field: FieldDescription) -> list[object]:
    if field.kind not in (Kind.NUMBER, Kind.WHOLE) or field.default is None:
        return [field.default]
    return list(dict.fromkeys(stepped(field, field.default, presses) for presses in _FURTHER))
