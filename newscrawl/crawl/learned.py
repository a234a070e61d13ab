"""What the crawler keeps of a site from run to run, as one JSON text: an object with a section for each who learns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

_Until = Annotated[datetime, msgspec.Meta(tz=True)] | None


def read_learned(text: str) -> dict[str, str]:
    """The JSON text of each section by its name. Raises ValueError for what is no JSON object.

    Before there were sections all of it was what now is "worth", whose names are of two words.
    """
    try:
        sections = msgspec.json.decode(text or "{}", type=dict[str, msgspec.Raw])
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    if any(" " in name for name in sections):
        return {"worth": text}
    return {name: bytes(raw).decode() for name, raw in sections.items()}


def left_until(sections: Mapping[str, str]) -> datetime | None:
    """Until when the site asked to be left alone, at its last word; None if it did not. Raises ValueError for what is no such time."""
    try:
        until: datetime | None = msgspec.json.decode(sections.get("leave_until", "null"), type=_Until)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    return until


def write_learned(sections: Mapping[str, str]) -> str:
    """One text of the sections' JSON texts."""
    return msgspec.json.encode({name: msgspec.Raw(text.encode()) for name, text in sections.items()}).decode()
