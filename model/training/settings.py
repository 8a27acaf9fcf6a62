"""The settings of a run: network, training and the whole, field by field."""

from typing import Annotated, Any

from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

from model.data.datasets import DATA_SETS, DataSettings
from model.limits import Limits
from model.nn.activations import ACTIVATIONS
from model.nn.initializers import BIAS_INITIALIZERS, INITIALIZERS
from model.nn.losses import LOSSES
from model.nn.optimizers import OPTIMIZERS
from model.settings import Settings, Variants, as_settings_error, one_of, setting, titles

MOST_LAYERS = 20
MOST_UNITS = 1000

DATA_VARIANTS = Variants(
    "name", {name: entry.settings for name, entry in DATA_SETS.items()}, titles(DATA_SETS)
)


class NetworkSettings(Settings):
    """Shape, activations and first weights of the network."""

    layers: tuple[Annotated[int, Limits(1, MOST_UNITS)], ...] = setting(
        (10, 5),
        "Hidden layers",
        "Units of each hidden layer, from the input's side; the output has one unit.",
        min_length=1,
        max_length=MOST_LAYERS,
    )
    activation: str | tuple[str, ...] = setting(
        "relu",
        "Activation",
        "Activation of the hidden layers: one for all, or one for each.",
        choices=titles(ACTIVATIONS),
    )
    output_activation: str = setting(
        "sigmoid",
        "Output activation",
        "Activation of the output unit; binary cross-entropy needs sigmoid.",
        choices=titles(ACTIVATIONS),
    )
    initializer: str = setting(
        "he",
        "Weights",
        "How the first weights are drawn.",
        choices=titles(INITIALIZERS),
    )
    bias_initializer: str = setting(
        "zeros", "Biases", "How the first biases are drawn.", choices=titles(BIAS_INITIALIZERS)
    )
    seed: int = setting(
        14,
        "Seed",
        "Draws the first weights and the order of the batches; the same seed gives the same run.",
        step=1,
        ge=0,
        le=2**32 - 1,
    )
    dtype: str = setting(
        "float64",
        "Precision",
        "Type of every number in the network.",
        choices={"float64": "64 bits", "float32": "32 bits"},
        rare=True,
    )

    _known = one_of("output_activation", "initializer", "bias_initializer", "dtype")

    @field_validator("layers")
    @classmethod
    def _units_in_limits(cls, layers: tuple[int, ...]) -> tuple[int, ...]:
        for number, units in enumerate(layers, start=1):
            if not 1 <= units <= MOST_UNITS:
                raise ValueError(f"layer {number} has {units} units; allowed are 1 to {MOST_UNITS}")
        return layers

    @field_validator("activation")
    @classmethod
    def _activation_known(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for name in (value,) if isinstance(value, str) else value:
            if name not in ACTIVATIONS:
                raise ValueError(f"{name!r} is unknown; allowed are {', '.join(ACTIVATIONS)}")
        return value

    @model_validator(mode="after")
    def _one_activation_a_layer(self) -> "NetworkSettings":
        if not isinstance(self.activation, str) and len(self.activation) != len(self.layers):
            raise ValueError(
                f"activation names {len(self.activation)} layers, but there are {len(self.layers)}"
                " hidden layers: give one name, or one for each hidden layer"
            )
        return self

    @property
    def activations(self) -> tuple[str, ...]:
        """One name for each layer, the output's last."""
        hidden = (
            (self.activation,) * len(self.layers)
            if isinstance(self.activation, str)
            else self.activation
        )
        return (*hidden, self.output_activation)


class TrainingSettings(Settings):
    """What is minimised, how, and when to stop."""

    loss: str = setting(
        "binary_cross_entropy", "Loss", "What training makes smaller.", choices=titles(LOSSES)
    )
    optimizer: str = setting(
        "gradient_descent",
        "Optimiser",
        "How a gradient becomes an update.",
        choices=titles(OPTIMIZERS),
    )
    learning_rate: float = setting(
        0.01, "Learning rate", "Length of a step, α in W ← W − α dW.", unit="α", gt=0
    )
    batch_size: int | None = setting(
        None,
        "Batch",
        "Samples in one iteration; empty for all of them (the full batch).",
        unit="samples",
        step=1,
        empty="full",
        ge=1,
    )
    epochs: int = setting(
        1000, "Epochs", "A run finishes after this many.", step=100, ge=1, le=100_000_000
    )
    tolerance: float = setting(
        0.0,
        "Stop when flat",
        "Converged when the training loss changes by less than this for the epochs of patience;"
        " 0 never stops early.",
        unit="J",
        zero="off",
        ge=0,
    )
    patience: int = setting(
        10,
        "Patience",
        "Epochs for which the loss must stay flat before the run stops.",
        rare=True,
        unit="epochs",
        step=1,
        ge=1,
    )

    timeline_memory: int = setting(
        64,
        "Timeline",
        "Memory for kept states, with which any past epoch can be gone back to.",
        rare=True,
        unit="MB",
        step=16,
        ge=1,
        le=4096,
    )

    _known = one_of("loss", "optimizer")


class RunSettings(Settings):
    """Everything that determines a run; without arguments, the lab's own experiment."""

    data: Annotated[SerializeAsAny[DataSettings], DATA_VARIANTS] = Field(
        default_factory=DATA_SETS["moons"].settings, title="Data", validate_default=False
    )
    network: NetworkSettings = Field(default_factory=NetworkSettings, title="Network")
    training: TrainingSettings = Field(default_factory=TrainingSettings, title="Training")

    def __init__(self, **values: Any) -> None:
        """Raises `SettingsError`: the first bad setting, its value and what is allowed."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise as_settings_error(error, type(self), values) from error

    @field_validator("data", mode="wrap")
    @classmethod
    def _data_by_name(cls, value: Any, handler: Any) -> DataSettings:
        """The settings class of the named data set checks the rest."""
        if isinstance(value, DataSettings):
            return value
        if not isinstance(value, dict):
            raise ValueError(f"{value!r} is not allowed; allowed is a group of settings")
        name = value.get("name", "moons")
        known = DATA_SETS.get(name) if isinstance(name, str) else None
        return (known.settings if known else DataSettings).model_validate(value)

    @model_validator(mode="after")
    def _loss_fits_output(self) -> "RunSettings":
        only = LOSSES[self.training.loss].only
        if only and self.network.output_activation not in only:
            raise ValueError(
                f"training.loss {self.training.loss} needs network.output_activation"
                f" {' or '.join(only)}, not {self.network.output_activation}"
            )
        return self
