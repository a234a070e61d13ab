"""What a portal says besides its articles, from its file in sites/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a portal."""

    path: str
    name: str
    column: int = 0  # the number that an old CMS gives it


@dataclass(frozen=True, slots=True)
class Text:
    """A page that is no article: about, privacy, contact, login."""

    path: str
    name: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A portal's names and phrases."""

    slug: str
    name: str
    language: str  # BCP 47
    zone: timezone
    per_page: int  # articles on one listing page
    most_read: tuple[int, ...]  # numbers of stories
    sections: tuple[Section, ...]
    texts: tuple[Text, ...]
    labels: Mapping[str, str]
    fanti: Mapping[str, str]
    readings: Mapping[str, str]  # of characters, in the order in which the converter looks for them

    def section(self, path: str) -> Section | None:
        """The section with this path."""
        return next((section for section in self.sections if section.path == path), None)

    def local(self, moment: datetime) -> datetime:
        """The same moment by the portal's clock."""
        return moment.astimezone(self.zone)


def vocabulary(slug: str) -> Vocabulary:
    """The vocabulary of a portal."""
    data = tomllib.loads((files("newscrawl.demo") / "sites" / f"{slug}.toml").read_text(encoding="utf-8"))
    return Vocabulary(
        slug=slug,
        name=data["name"],
        language=data["language"],
        zone=timezone(timedelta(hours=data["zone_hours"])),
        per_page=data["per_page"],
        most_read=tuple(data["most_read"]),
        sections=tuple(Section(**section) for section in data["sections"]),
        texts=tuple(Text(text["path"], text["name"], tuple(text["paragraphs"])) for text in data["texts"]),
        labels=data["labels"],
        fanti=data.get("fanti", {}),
        readings=data.get("readings", {}),
    )
