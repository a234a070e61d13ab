"""What can't be stored: half a surrogate pair, which JSON's escapes allow and UTF-8 does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")


def storable(value: T) -> T:
    """The same record with pairs of surrogates joined and lone ones replaced by U+FFFD, however deep they stand."""
    return cast("T", _storable(value))


def _storable(value: Any) -> Any:
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case tuple():
            return tuple(map(_storable, value))
        case Mapping():
            return {_storable(key): _storable(inner) for key, inner in value.items()}
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return dataclasses.replace(value, **{field.name: _storable(getattr(value, field.name)) for field in dataclasses.fields(value)})
        case _:
            return value


async def mended(write: Callable[[Sequence[T]], Awaitable[R]], records: Sequence[T]) -> R:
    """Write records; when they can't be stored as they are, write them mended. Every write may be repeated, so half of one does no harm."""
    try:
        return await write(records)
    except UnicodeEncodeError:
        return await write(storable(tuple(records)))
