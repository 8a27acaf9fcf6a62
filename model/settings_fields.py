"""Every setting described for whoever offers it to a user: forms, `--help`, tables."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pydantic.fields import FieldInfo

from model.errors import SettingsError
from model.limits import Kind, Limits, is_optional, kind_of, limits_of, limits_text
from model.settings import S, Settings, checked, choices_of, group_of, variants_of

FLAG_CHOICES = {"true": "On", "false": "Off"}


@dataclass(frozen=True)
class FieldDescription:
    """One setting in the user's words.

    `path` is its name ("training.learning_rate"), `limits` says what is allowed ("above 0"),
    `step` is one press of an arrow key (None: a factor), `choices` maps each allowed word to its
    title. `empty` is the word for None, `zero` for 0. `only` names the variants of its group that
    have it, and is empty where all do. What is `rare` is seldom changed.
    """

    path: str
    title: str
    help: str
    kind: Kind
    optional: bool
    unit: str
    step: float | None
    bounds: Limits
    limits: str
    choices: dict[str, str]
    default: Any
    empty: str = ""
    zero: str = ""
    only: tuple[str, ...] = ()
    rare: bool = False

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def group(self) -> str:
        """The path of the group it is in."""
        return self.path.rpartition(".")[0]


def describe(settings: Settings | type[Settings]) -> tuple[FieldDescription, ...]:
    """All fields in their order, groups opened.

    A class is described with the fields of all variants, an object with those that it has.
    """
    kind = settings if isinstance(settings, type) else type(settings)
    return tuple(_described(kind, None if isinstance(settings, type) else settings, ""))


def group_titles(settings: type[Settings]) -> dict[str, str]:
    """The groups of a settings class and their titles."""
    return {
        name: field.title or name
        for name, field in settings.model_fields.items()
        if group_of(field) is not None
    }


def value_at(settings: Settings, path: str) -> Any:
    """The value of one setting."""
    value: Any = settings
    for part in path.split("."):
        value = getattr(value, part)
    return value


def changed_paths(before: Settings, after: Settings) -> tuple[str, ...]:
    """The settings in which `after` differs, those that only one of them has included."""
    old, new = _flat(before.model_dump()), _flat(after.model_dump())
    paths = dict.fromkeys([*old, *new])
    return tuple(p for p in paths if p not in old or p not in new or old[p] != new[p])


def with_changes(settings: S, changes: Mapping[str, Any]) -> S:
    """`settings` with the values of some paths replaced, checked as a whole.

    Choosing another variant of a group (another data set) keeps what the variants share and takes
    the variant's own defaults for the rest. Raises `SettingsError`.
    """
    values = settings.model_dump()
    for path, value in changes.items():
        *groups, name = path.split(".")
        kind: type[Settings] = type(settings)
        inner = values
        for group in groups:
            field = kind.model_fields[group]
            variants = variants_of(field)
            if variants is not None and name == variants.key and inner[group][name] != value:
                inner[group] = {shared: inner[group][shared] for shared in variants.shared}
            kind = group_of(field, inner[group]) or kind
            inner = inner[group]
        inner[name] = value
    return checked(type(settings), values)


def remedy(settings: Settings, changes: Mapping[str, Any]) -> tuple[FieldDescription, str] | None:
    """One other choice that makes the changes possible: its setting and its word, None if none."""
    for field in describe(settings):
        for word in field.choices if field.path not in changes else ():
            with suppress(SettingsError):
                with_changes(settings, {**changes, field.path: word})
                return field, word
    return None


def _described(
    kind: type[Settings], settings: Settings | None, prefix: str
) -> Iterator[FieldDescription]:
    for name, field in kind.model_fields.items():
        inner = group_of(field)
        value = None if settings is None else getattr(settings, name)
        if inner is None:
            yield _description(kind, name, prefix)
        elif variants_of(field) is None or value is not None:
            path = f"{prefix}{name}."
            own = inner if value is None else type(value)
            yield from _keyed(field, _described(own, value, path))
        else:
            yield from _keyed(field, _of_all_variants(field, f"{prefix}{name}."))


def _of_all_variants(field: FieldInfo, prefix: str) -> Iterator[FieldDescription]:
    """Each field once, as the first variant that has it declares it."""
    variants = variants_of(field)
    assert variants is not None
    owners: dict[str, list[str]] = {}
    for variant, kind in variants.classes.items():
        for name in kind.model_fields:
            owners.setdefault(name, []).append(variant)
    for name, having in owners.items():
        only = () if len(having) == len(variants.classes) else tuple(having)
        yield _description(variants.classes[having[0]], name, prefix, only)


def _keyed(field: FieldInfo, found: Iterator[FieldDescription]) -> Iterator[FieldDescription]:
    """The key of a group with variants is a choice between them."""
    variants = variants_of(field)
    for entry in found:
        if variants is not None and entry.name == variants.key:
            yield replace(entry, choices=dict(variants.titles))
        else:
            yield entry


def _description(
    kind: type[Settings], name: str, prefix: str, only: tuple[str, ...] = ()
) -> FieldDescription:
    field = kind.model_fields[name]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    step = extra.get("step")
    flag = kind_of(field) is Kind.FLAG
    return FieldDescription(
        path=prefix + name,
        title=field.title or name,
        help=field.description or "",
        kind=kind_of(field),
        optional=is_optional(field),
        unit=str(extra.get("unit", "")),
        step=float(step) if isinstance(step, int | float) else None,
        bounds=limits_of(field),
        limits=limits_text(field),
        choices=dict(FLAG_CHOICES) if flag else choices_of(kind, name),
        default=field.get_default(call_default_factory=True),
        empty=str(extra.get("empty", "")),
        zero=str(extra.get("zero", "")),
        only=only,
        rare=bool(extra.get("rare")),
    )


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested values by their paths."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
