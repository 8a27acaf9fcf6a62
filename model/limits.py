"""What a field allows, read from its declaration: its kind, its limits, and both in words."""

from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo


class Kind(StrEnum):
    """What a field holds; the value is the word for it in messages."""

    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "yes or no"
    TEXT = "word"
    LIST = "list"
    GROUP = "group of settings"


_KINDS: dict[type, Kind] = {
    bool: Kind.FLAG,
    int: Kind.WHOLE,
    float: Kind.NUMBER,
    str: Kind.TEXT,
    tuple: Kind.LIST,
    list: Kind.LIST,
}


@dataclass(frozen=True)
class Limits:
    """Bounds of a number, or of the length of a list; None where there is none."""

    minimum: float | None = None
    maximum: float | None = None
    minimum_excluded: bool = False
    maximum_excluded: bool = False

    def text(self) -> str:
        """ "0 to 10", "above 0", "1 or more"; empty where everything is allowed."""
        low, high = self.minimum, self.maximum
        if low is None and high is None:
            return ""
        if low is None:
            return f"below {_shown(high)}" if self.maximum_excluded else f"{_shown(high)} or less"
        if high is None:
            return f"above {_shown(low)}" if self.minimum_excluded else f"{_shown(low)} or more"
        if not (self.minimum_excluded or self.maximum_excluded):
            return f"{_shown(low)} to {_shown(high)}"
        start = f"above {_shown(low)}" if self.minimum_excluded else f"at least {_shown(low)}"
        end = f"below {_shown(high)}" if self.maximum_excluded else f"at most {_shown(high)}"
        return f"{start} and {end}"

    @property
    def closed(self) -> bool:
        """Whether both ends are allowed themselves."""
        open_end = self.minimum_excluded or self.maximum_excluded
        return None not in (self.minimum, self.maximum) and not open_end


def annotations_of(field: FieldInfo) -> tuple[Any, ...]:
    """The types of a field, without None."""
    annotation = field.annotation
    if get_origin(annotation) in (Union, UnionType):
        return tuple(part for part in get_args(annotation) if part is not NoneType)
    return (annotation,)


def is_optional(field: FieldInfo) -> bool:
    """Whether a field may be left empty."""
    return NoneType in get_args(field.annotation)


def kind_of(field: FieldInfo) -> Kind:
    """What a field holds; the first type counts where there are several."""
    first = annotations_of(field)[0]
    return _KINDS.get(get_origin(first) or first, Kind.GROUP)


def limits_of(field: FieldInfo) -> Limits:
    """The limits declared on a field."""
    found: dict[str, Any] = {}
    for entry in field.metadata:
        for name in ("ge", "gt", "le", "lt", "min_length", "max_length"):
            if getattr(entry, name, None) is not None:
                found[name] = getattr(entry, name)
    return Limits(
        minimum=_first(found, "ge", "gt", "min_length"),
        maximum=_first(found, "le", "lt", "max_length"),
        minimum_excluded="gt" in found,
        maximum_excluded="lt" in found,
    )


def limits_text(field: FieldInfo) -> str:
    """What a field allows in a few words: "0 to 10", "1 to 20 whole numbers, each 1 to 1000"."""
    text = limits_of(field).text()
    if kind_of(field) is not Kind.LIST:
        return text
    each = item_limits(field).text()
    items = f"{text} {item_kind(field)}s" if text else ""
    return ", ".join(filter(None, (items, each and f"each {each}")))


def allowed_text(field: FieldInfo) -> str:
    """A clause for messages: "allowed are 0 to 10", "allowed is a number above 0"."""
    kind, limits, text = kind_of(field), limits_of(field), limits_text(field)
    if kind is Kind.LIST:
        clause = f"allowed is a list of {text or f'any {item_kind(field)}s'}{_example(field)}"
    elif kind is Kind.NUMBER and limits.closed:
        clause = f"allowed are {text}"
    elif kind is Kind.WHOLE and limits.closed:
        clause = f"allowed are whole numbers from {text}"
    elif text:
        clause = f"allowed is a {kind} {'of ' if text.endswith('or more') else ''}{text}"
    else:
        clause = f"allowed is a {kind}" if kind is not Kind.FLAG else "allowed are true and false"
    return f"{clause}, or nothing" if is_optional(field) else clause


def item_kind(field: FieldInfo) -> Kind:
    """What the items of a list are."""
    kind, _ = _item(field)
    return _KINDS.get(kind, Kind.GROUP)


def item_limits(field: FieldInfo) -> Limits:
    """The limits of the items of a list: `Limits` in their annotation."""
    _, metadata = _item(field)
    return next((entry for entry in metadata if isinstance(entry, Limits)), Limits())


def _item(field: FieldInfo) -> tuple[type, tuple[Any, ...]]:
    """The type of the items of a list, and what is annotated on it."""
    arguments = get_args(annotations_of(field)[0])
    item = arguments[0] if arguments else str
    if get_origin(item) is Annotated:
        kind, *metadata = get_args(item)
        return kind, tuple(metadata)
    return item, ()


def _example(field: FieldInfo) -> str:
    """The default of a list as it is typed."""
    if not isinstance(field.default, tuple):
        return ""
    return f", as in [{','.join(map(str, field.default))}]"


def _first(found: dict[str, Any], *names: str) -> float | None:
    return next((found[name] for name in names if name in found), None)


def _shown(number: float | None) -> str:
    """A limit without a superfluous ".0"."""
    return repr(int(number)) if number is not None and number == int(number) else repr(number)
