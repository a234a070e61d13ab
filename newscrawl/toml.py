"""TOML files as typed records, and errors that name the file, the key, what was found and what is allowed."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from newscrawl.errors import ConfigError

_Record = TypeVar("_Record", bound=msgspec.Struct)

# How msgspec names what it expects, and how people do.
_NAMES = {
    "`int`": "a whole number",
    "`float`": "a number",
    "`str`": "text in quotes",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
    "`date`": "a date such as 2026-08-01",
    " | null": "",
}


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content. Raises ConfigError when it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def checked(content: Mapping[str, Any], record: type[_Record], origin: str) -> _Record:
    """The content as a record; `origin` is named in the ConfigError that a wrong key or value raises."""
    try:
        return msgspec.convert(content, record)
    except msgspec.ValidationError as error:
        raise _explained(str(error), content, record, origin) from None


def mistake(origin: str, key: str, found: object, allowed: str) -> ConfigError:
    """The error for a value that isn't allowed."""
    shown = f'"{found}"' if isinstance(found, str) else str(found).lower() if isinstance(found, bool) else str(found)
    return ConfigError(f"{origin}: {key} = {shown}: {allowed}")


def allowed(message: str) -> str:
    """What msgspec expected, in words."""
    for name, words in _NAMES.items():
        message = message.replace(name, words)
    return message[:1].lower() + message[1:]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A question that names the likeliest of the known words; "" if none is like it."""
    close = difflib.get_close_matches(word, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _explained(message: str, content: Mapping[str, Any], record: type[msgspec.Struct], origin: str) -> ConfigError:
    """What msgspec said, as a ConfigError. It ends in a path such as "- at `$.crawl.delay`"."""
    expected, _, path = message.partition(" - at `$")
    keys = re.findall(r"\w+|\[\d+\]", path)
    if named := re.search(r"(unknown|required) field `(.*)`", expected):
        keys.append(named[2])
        known = [field.encode_name for field in msgspec.structs.fields(_record_at(record, keys[:-1]))]
        if named[1] == "required":
            return ConfigError(f"{origin}: {_told(keys)} is missing")
        return ConfigError(f"{origin}: unknown key {_told(keys)}.{did_you_mean(keys[-1], known)} Allowed: {', '.join(known)}")
    if expected.startswith("Invalid enum value"):
        field = next(f for f in msgspec.structs.fields(_record_at(record, keys[:-1])) if f.encode_name == keys[-1])
        expected = "expected " + " or ".join(f'"{word}"' for word in get_args(field.type))
    return mistake(origin, _told(keys), _value_at(content, keys), allowed(expected))


def _told(keys: Sequence[str]) -> str:
    return ".".join(keys).replace(".[", "[")


def _record_at(record: type[msgspec.Struct], keys: Sequence[str]) -> type[msgspec.Struct]:
    """The record that a path of keys and [indexes] leads to."""
    for key in keys:
        if key.startswith("["):  # the key before it has led to the records of the list
            continue
        kind = next(field.type for field in msgspec.structs.fields(record) if field.encode_name == key)
        record = next(part for part in (kind, *get_args(kind)) if isinstance(part, type) and issubclass(part, msgspec.Struct))
    return record


def _value_at(content: Any, keys: Sequence[str]) -> object:
    """The value that a path of keys and [indexes] leads to."""
    for key in keys:
        content = content[int(key.strip("[]"))] if key.startswith("[") else content[key]
    return content
