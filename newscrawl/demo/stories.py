"""The articles as their files in articles/ tell them: TOML between two +++ lines, then paragraphs, with --- between pages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Story:
    """One article, before a portal makes pages of it."""

    number: int
    section: str
    title: str
    parts: tuple[tuple[str, ...], ...] = ()  # paragraphs of each of its pages
    published: datetime | None = None  # None only while `hours_ago` has not been reckoned
    modified: datetime | None = None
    hours_ago: int = 0  # shown as a relative date; 0 if the date is written out
    authors: tuple[str, ...] = ()
    source: str = ""
    editor: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""  # BCP 47; "" for the portal's own
    slug: str = ""
    caption: str = ""  # there is a picture if this is not empty
    comments: tuple[tuple[str, str], ...] = ()  # name and words
    reprints: str = ""  # label that an article and its reprints on other portals share
    reach: str = "links"  # or "script": only a browser finds the way
    since_edition: int = 1
    until_edition: int = 9
    # how it is served
    also_in: str = ""  # a second section that has the same page under its own address
    short: str = ""  # name of a short link
    printed: bool = False  # there is a print version
    mobile: bool = False  # there is a mobile twin
    busy: bool = False  # 503 the first time
    delay: float = 0.0  # seconds before the answer
    layout: str = "p"  # or "br": paragraphs that are no elements
    encoding: str = ""  # "" for the portal's own
    meta_charset: str | None = None  # what the page declares; None for the portal's own, "" for nothing
    header_charset: str = ""  # what the header declares
    annotated: bool = False  # machine-made readings behind some characters
    signed: bool = False  # the author's name stands in parentheses at the end, and nowhere else
    graph: bool = False  # the structured data is an @graph

    @property
    def day(self) -> datetime:
        """When it was published."""
        assert self.published is not None, "stories() reckons every date"
        return self.published

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The whole text, all pages joined."""
        return tuple(paragraph for part in self.parts for paragraph in part)


def read_story(text: str) -> Story:
    """The story that the text of one file holds. Raises TypeError for an unknown key, TOMLDecodeError for a broken head."""
    _, head, body = text.split("+++\n", 2)
    parts = tuple(tuple(part.strip().split("\n\n")) for part in body.split("\n---\n"))
    return Story(parts=parts, **{key: _frozen(value) for key, value in tomllib.loads(head).items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def stories(portal: str, *, edition: int, now: datetime) -> list[Story]:
    """A portal's stories in one edition, newest first. A later state of a story takes the place of the earlier one."""
    folder = files("newscrawl.demo") / "articles" / portal
    texts = (entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".txt"))
    shown = [story for story in map(read_story, texts) if story.since_edition <= edition <= story.until_edition]
    latest = {story.number: _dated(story, now) for story in sorted(shown, key=lambda story: story.since_edition)}
    return sorted(latest.values(), key=lambda story: story.day, reverse=True)


def _dated(story: Story, now: datetime) -> Story:
    return replace(story, published=now - timedelta(hours=story.hours_ago)) if story.hours_ago else story
