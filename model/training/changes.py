"""What a change of settings means for the run under way."""

from typing import TYPE_CHECKING, Final

from model.errors import ArrayError
from model.settings import checked
from model.training.settings import RunSettings

if TYPE_CHECKING:
    from model.nn.network import Network

LIVE: Final = ("learning_rate", "epochs", "tolerance", "patience")
"""Training settings that take effect at the next iteration; any other change starts a new run."""


def same_run(before: RunSettings, after: RunSettings) -> bool:
    """Whether the run can go on with the settings `after`."""
    return _without_live(before) == _without_live(after)


def settings_for(network: "Network", settings: RunSettings) -> RunSettings:
    """`settings` with the shape and the functions of a network that comes from elsewhere."""
    architecture = network.architecture
    if architecture.sizes[-1] != 1:
        raise ArrayError(f"the network has {architecture.sizes[-1]} outputs; 1 is needed")
    *hidden, output = (activation.name for activation in architecture.activations)
    values = settings.model_dump()
    values["network"] |= {
        "layers": architecture.sizes[1:-1],
        "activation": hidden[0] if len(set(hidden)) == 1 else tuple(hidden),
        "output_activation": output,
    }
    values["training"]["loss"] = architecture.loss.name
    return checked(RunSettings, values)


def _without_live(settings: RunSettings) -> RunSettings:
    """Settings with the live ones at their defaults, to see whether the rest has changed."""
    fields = type(settings.training).model_fields
    same = {name: fields[name].default for name in LIVE}
    return settings.model_copy(update={"training": settings.training.model_copy(update=same)})
