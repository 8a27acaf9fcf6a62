"""Which activations and which loss somebody's own arrays were computed with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from model.analysis.conventions import OwnArrays
from model.errors import SettingsError
from model.nn.activations import ACTIVATIONS, Activation
from model.nn.losses import LOSSES, Loss
from model.settings_fields import with_changes
from model.training.assignments import path_of, split_assignment, value_of
from model.training.settings import RunSettings

ALLOWED: Final = (
    "network.activation",
    "network.output_activation",
    "training.loss",
)
"""All that a comparison needs to know beside the arrays."""


@dataclass(frozen=True)
class Functions:
    """Names from the tables; `assumed` says that neither the file nor the user named them."""

    activations: tuple[str, ...]
    loss: str
    assumed: tuple[str, ...]


def functions_of(
    own: OwnArrays, settings: RunSettings | None, assignments: Sequence[str]
) -> Functions:
    """What an assignment says, else the file, else the settings, else the lab's own.

    Raises `SettingsError` for another setting, an unknown name and a pair that does not go
    together.
    """
    changes = dict(_assignment(text) for text in assignments)
    for path in sorted(set(changes) - set(ALLOWED)):
        raise SettingsError(
            f"{path} means nothing to a comparison", f"it takes {', '.join(ALLOWED)}", path
        )
    stated = _stated(own)
    chosen = with_changes(settings or RunSettings(), _layers(own) | stated | changes)
    named = set(ALLOWED) if settings is not None else set(stated) | set(changes)
    return Functions(
        chosen.network.activations[-len(own.W) :],
        chosen.training.loss,
        tuple(path.rpartition(".")[2] for path in _needed(own) if path not in named),
    )


def _assignment(text: str) -> tuple[str, Any]:
    name, value = split_assignment(text)
    return path_of(name, RunSettings), value_of(value)


def _needed(own: OwnArrays) -> tuple[str, ...]:
    """Without hidden layers there is no activation of theirs."""
    return ALLOWED if len(own.W) > 1 else ALLOWED[1:]


def _layers(own: OwnArrays) -> dict[str, Any]:
    """As many hidden layers as the file has, one where it has none; their width is no matter."""
    return {"network.layers": (1,) * max(1, len(own.W) - 1)}


def _stated(own: OwnArrays) -> dict[str, Any]:
    """What the file itself says."""
    stated: dict[str, Any] = {}
    if own.loss is not None:
        stated["training.loss"] = _known(own.loss, LOSSES)
    if own.activations is None:
        return stated
    if len(own.activations) != len(own.W):
        raise SettingsError(
            f"{own.name} names {len(own.activations)} activations for {len(own.W)} layers",
            "one for each layer is needed, the output's last",
        )
    names = tuple(_known(word, ACTIVATIONS) for word in own.activations)
    if len(own.W) > 1:
        stated["network.activation"] = names[:-1]
    return stated | {"network.output_activation": names[-1]}


def _known(word: str, table: Mapping[str, Activation] | Mapping[str, Loss]) -> str:
    """The name of an entry that goes by this name, title or sign, in whatever letters."""

    def plain(text: str) -> str:
        return re.sub(r"[\s_-]", "", text).casefold()

    for entry in table.values():
        if plain(word) in map(plain, (entry.name, entry.title, entry.short)):
            return entry.name
    return word
