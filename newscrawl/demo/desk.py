"""One portal's desk on one day: its stories, its words, where it is served; and what it knows of their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newscrawl.demo.pages import Expected
from newscrawl.demo.stories import Story, stories
from newscrawl.demo.vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True, slots=True)
class Desk:
    """What both content-management systems build their pages from."""

    words: Vocabulary
    origin: str
    now: datetime
    stories: tuple[Story, ...]  # newest first

    def shown(self, section: str) -> list[Story]:
        """The stories that a section lists, those it shares with another section included."""
        return [story for story in self.stories if section in {story.section, story.also_in} and story.reach == "links"]

    def most_read(self) -> list[Story]:
        """The stories of the sidebar, in its order."""
        by_number = {story.number: story for story in self.stories}
        return [by_number[number] for number in self.words.most_read if number in by_number]

    def related(self, story: Story) -> list[Story]:
        """Two other stories, the ones that follow it in time or, for the newest, precede it."""
        others = [other for other in self.stories if other.reach == "links"]
        start = next((place for place, other in enumerate(others) if other.number == story.number), 0)
        return (others[start + 1 :] + others[:start])[:2]

    def sheets(self, section: str) -> list[Sequence[Story]]:
        """A section's stories divided into listing pages."""
        shown, size = self.shown(section), self.words.per_page
        return [shown[start : start + size] for start in range(0, max(len(shown), 1), size)]


def desk(slug: str, origin: str, *, edition: int, now: datetime) -> Desk:
    """The desk of a portal for one edition."""
    return Desk(vocabulary(slug), origin, now, tuple(stories(slug, edition=edition, now=now)))


def truth(at: Desk, story: Story, addresses: Sequence[str], aliases: Sequence[str], spoilt: Callable[[str], str] = str) -> Expected:
    """What a good crawl stores of a story whose pages have these paths; `spoilt` is what the portal does to its text."""
    section = at.words.section(story.section)
    first, *further = (at.origin + address for address in addresses)
    return Expected(
        site=at.words.slug,
        url=first,
        title=story.title,
        paragraphs=story.paragraphs,
        authors=story.authors,
        published=story.day,
        precision="hour" if story.hours_ago else "minute",
        language=story.language or at.words.language,
        section=section.name if section else "",
        aliases=tuple(at.origin + alias for alias in aliases),
        further=tuple(further),
        modified=story.modified,
        source=story.source,
        editor=story.editor,
        tags=story.tags,
        reprints=story.reprints,
        reach=story.reach,
        published_title=spoilt(story.title),
        published_paragraphs=tuple(map(spoilt, story.paragraphs)),
    )
