"""What all groups of settings share: frozen, closed to unknown names, described by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from model.errors import SettingsError
from model.limits import Kind, allowed_text, annotations_of, item_kind, kind_of

_NUMBERS = (Kind.WHOLE, Kind.NUMBER)
_ENDLESS = ("nan", "inf", "-inf")
"""Words for numbers that JSON does not know; without quotes, as the numbers themselves."""


class Settings(BaseModel):
    """A frozen, validated group of settings; forms, `--help` and JSON are derived from it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _only_numbers_are_numbers(cls, value: Any, info: ValidationInfo) -> Any:
        """Python counts true as 1, and pydantic "7" as 7; a setting that is a number does not."""
        field = cls.model_fields[str(info.field_name)]
        if isinstance(value, bool) and field.annotation is not bool:
            raise ValueError(f"{str(value).lower()} is not allowed; it is neither on nor off")
        if isinstance(value, str) and kind_of(field) in _NUMBERS:
            raise ValueError(f"{_shown(value)} is not allowed; {allowed_text(field)}")
        if isinstance(value, list | tuple) and item_kind(field) in _NUMBERS:
            wrong = next((item for item in value if isinstance(item, bool | str)), None)
            if wrong is not None:
                raise ValueError(f"{_shown(wrong)} is not allowed; allowed are {item_kind(field)}s")
        return value


class Titled(Protocol):
    """An entry of a table."""

    @property
    def title(self) -> str:
        """Its name in the user's words."""


S = TypeVar("S", bound=Settings)


def setting(
    default: Any,
    title: str,
    help: str,
    *,
    unit: str = "",
    step: float | None = None,
    choices: dict[str, str] | None = None,
    empty: str = "",
    zero: str = "",
    rare: bool = False,
    **limits: Any,
) -> Any:
    """A field with what a form needs to know of it.

    `unit` is shown behind the value, `step` is one press of an arrow key (None: a factor, for
    values that span decades), `choices` maps each allowed word to its title, `empty` is the word
    for None and `zero` the one for 0, `rare` keeps it apart from what most people change; `limits`
    are pydantic's own (ge, gt, le, lt, min_length, max_length).
    """
    extra: dict[str, Any] = {"unit": unit, "step": step, "empty": empty, "zero": zero, "rare": rare}
    if choices is not None:
        extra["choices"] = choices
    return Field(default, title=title, description=help, json_schema_extra=extra, **limits)


def titles(table: Mapping[str, Titled]) -> dict[str, str]:
    """The choices that a table offers."""
    return {name: entry.title for name, entry in table.items()}


def choices_of(settings: type[Settings], field: str) -> dict[str, str]:
    """The allowed words of a field and their titles; empty where it is no choice."""
    extra = settings.model_fields[field].json_schema_extra
    choices = extra.get("choices") if isinstance(extra, dict) else None
    return dict(choices) if isinstance(choices, dict) else {}  # type: ignore[arg-type]


def one_of(*fields: str) -> Any:
    """A validator: these fields hold one of their choices."""

    def check(cls: type[Settings], value: str, info: Any) -> str:
        allowed = choices_of(cls, info.field_name)
        if value not in allowed:
            raise ValueError(f"{value!r} is unknown; allowed are {', '.join(allowed)}")
        return value

    return field_validator(*fields)(classmethod(check))


@dataclass(frozen=True)
class Variants:
    """Marks a group of settings whose class depends on one of its own fields, `key`.

    `classes` and `titles` are by the key's value; the first one is the default.
    """

    key: str
    classes: Mapping[str, type[Settings]]
    titles: Mapping[str, str]

    def chosen(self, values: Any) -> type[Settings]:
        """The class that plain values ask for, the default one where they ask for none."""
        name = values.get(self.key) if isinstance(values, Mapping) else None
        first = next(iter(self.classes.values()))
        return self.classes.get(name, first) if isinstance(name, str) else first

    @property
    def shared(self) -> tuple[str, ...]:
        """The fields that have one meaning and one default in all variants."""
        first, *others = self.classes.values()
        return tuple(
            name
            for name, field in first.model_fields.items()
            if all(
                name in other.model_fields and other.model_fields[name].default == field.default
                for other in others
            )
        )


def variants_of(field: FieldInfo) -> Variants | None:
    """The variants of a field that is a group of settings, None where it has one class."""
    return next((entry for entry in field.metadata if isinstance(entry, Variants)), None)


def group_of(field: FieldInfo, values: Any = None) -> type[Settings] | None:
    """The settings class behind a field that is a group, chosen by its plain values."""
    variants = variants_of(field)
    if variants is not None:
        return variants.chosen(values)
    kind = annotations_of(field)[0]
    return kind if isinstance(kind, type) and issubclass(kind, Settings) else None


def checked(settings: type[S], values: Mapping[str, Any]) -> S:
    """`settings` made from plain values.

    Raises `SettingsError` that names the first bad field, its value and what is allowed.
    """
    try:
        return settings.model_validate(values)
    except ValidationError as error:
        raise as_settings_error(error, settings, values) from error


def as_settings_error(
    error: ValidationError, settings: type[Settings], values: Mapping[str, Any]
) -> SettingsError:
    """The first complaint of pydantic's in the user's words."""
    detail = error.errors()[0]
    path, group, field = _located(settings, values, detail["loc"])
    words = _words(detail, group, field)
    hint = f"There are {', '.join(group.model_fields)}." if field is None and path else ""
    return SettingsError(": ".join(filter(None, (path, words))), hint, path)


def _located(
    settings: type[Settings], values: Any, location: tuple[int | str, ...]
) -> tuple[str, type[Settings], FieldInfo | None]:
    """The path of a setting, the group it is in and its declaration, None where it is unknown.

    Items of a list and branches of a union belong to their setting.
    """
    path: list[str] = []
    group, field = settings, None
    for part in map(str, location):
        path.append(part)
        field = group.model_fields.get(part)
        values = values.get(part) if isinstance(values, Mapping) else None
        inner = group_of(field, values) if field is not None else None
        if inner is None or len(path) == len(location):
            break
        group = inner
    return ".".join(path), group, field


def _words(detail: ErrorDetails, group: type[Settings], field: FieldInfo | None) -> str:
    """What is wrong with a value and what is allowed."""
    if detail["type"] == "value_error":
        return str(detail.get("ctx", {})["error"])
    if detail["type"] == "extra_forbidden":
        return "there is no such setting"
    is_item = field is not None and isinstance(detail["loc"][-1], int)
    return f"{_shown(detail['input'])} is not allowed; {_allowed(group, field, is_item)}"


def _allowed(group: type[Settings], field: FieldInfo | None, is_item: bool) -> str:
    """The end of a message about a value, or about one item of a list."""
    if field is None:
        return "allowed is a group of settings"
    if is_item:
        return f"allowed are {item_kind(field)}s"
    name = next(name for name, entry in group.model_fields.items() if entry is field)
    choices = choices_of(group, name)
    return f"allowed are {', '.join(choices)}" if choices else allowed_text(field)


def _shown(value: Any) -> str:
    """A value as typed, cut where it is long."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, str) and value in _ENDLESS:
        return value
    text = repr(_as_lists(value))
    return text if len(text) <= 60 else text[:57] + "…"


def _as_lists(value: Any) -> Any:
    """Tuples in the brackets in which lists are typed."""
    return list(map(_as_lists, value)) if isinstance(value, list | tuple) else value
