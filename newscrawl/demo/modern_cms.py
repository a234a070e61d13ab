"""The Pellbrook Courier: a portal as modern content-management systems make them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from re import fullmatch

from newscrawl.demo import modern_article
from newscrawl.demo.announcements import robots, sitemap
from newscrawl.demo.desk import Desk, desk
from newscrawl.demo.drawings import landscape
from newscrawl.demo.modern_frame import BRIEFS, CALENDAR, DRAFT, MISSING, SOFT_MISSING, TABLE, author_path, framed, story_path
from newscrawl.demo.pages import Page, Portal
from newscrawl.demo.stories import Story
from newscrawl.demo.templates import filled, link, paragraphs

_ON_HOME = 6  # stories
_TIDES = 6000  # rows of the table that is too long to be read


def pellbrook(origin: str, *, edition: int, now: datetime) -> Portal:
    """The English portal as it is served at `origin`."""
    at = desk("pellbrook", origin, edition=edition, now=now)
    linked = [story for story in at.stories if story.reach == "links"]
    pages = {"/": framed(at, f"{at.words.name}: {at.words.labels['motto']}", _cards(at, linked[:_ON_HOME]))}
    for section in at.words.sections:
        pages |= _listings(at, f"/{section.path}/", section.name, at.sheets(section.path))
    for name in sorted({name for story in at.stories for name in story.authors}):
        pages |= _listings(at, author_path(name), name, [[story for story in linked if name in story.authors]])
    for story in at.stories:
        pages |= modern_article.story_pages(at, story)
        pages[f"/pictures/{story.number}.svg"] = Page(landscape(story.number), "image/svg+xml")
    pages |= _asides(at) | _briefs(at)
    pages["/robots.txt"] = robots(["/preview/", "/search"], sitemap=f"{origin}/sitemap.xml")
    pages["/sitemap.xml"] = sitemap((origin + story_path(story), story.modified or story.day) for story in linked)
    missing = framed(
        at, at.words.labels["missing"], f"<h1>{at.words.labels['missing']}</h1><p>{at.words.labels['missing_text']}</p>", status=404
    )
    expected = tuple(modern_article.expected(at, story) for story in at.stories)
    return Portal("pellbrook", at.words.name, origin, pages, expected, missing, _oddities(at), lambda path: _calendar(at, path))


def _cards(at: Desk, stories: Sequence[Story]) -> str:
    cards = []
    for story in stories:
        picture = f'<img src="/pictures/{story.number}.svg" alt="">'
        headline = f"<h2>{link(story_path(story), story.title)}</h2>"
        when = f'<time datetime="{story.day.isoformat()}">{at.words.labels["listed_format"].format(story.day)}</time>'
        cards.append(f'<div class="card">{picture}{headline}{when}</div>')
    return f'<div class="cards">{"".join(cards)}</div>'


def _listings(at: Desk, path: str, name: str, sheets: Sequence[Sequence[Story]]) -> dict[str, Page]:
    """Listing pages with ?page= addresses and rel=next."""
    paths = [path, *(f"{path}?page={number}" for number in range(2, len(sheets) + 1))]
    pages = {}
    for place, (own, stories) in enumerate(zip(paths, sheets, strict=True)):
        follower = paths[place + 1] if place + 1 < len(paths) else ""
        head = f'<link rel="next" href="{at.origin}{follower}">' if follower else ""
        before = link(paths[place - 1], at.words.labels["previous"], ' rel="prev"') if place else ""
        after = link(follower, at.words.labels["next"], ' rel="next"') if follower else ""
        main = f'<h1>{escape(name)}</h1>{_cards(at, stories)}<p class="pager">{before}{after}</p>'
        pages[own] = framed(at, f"{name} | {at.words.name}", main, head=head)
    return pages


def _asides(at: Desk) -> dict[str, Page]:
    """The pages that are neither article nor listing."""
    words, labels = at.words, at.words.labels
    pages = {
        text.path: framed(at, f"{text.name} | {words.name}", f"<h1>{text.name}</h1>{paragraphs(text.paragraphs)}") for text in words.texts
    }
    pages[SOFT_MISSING] = framed(at, words.name, f"<p>{labels['soft_missing']}</p>")
    pages[DRAFT] = framed(at, labels["draft"], f"<h1>{labels['draft']}</h1><p>{labels['draft_text']}</p>")
    rows = "".join(
        f"<tr><td>{row + 1}</td><td>{row * 373 // 60 % 24:02}:{row * 373 % 60:02}</td><td>{2 + row * 7 % 44 / 10:.1f} m</td></tr>"
        for row in range(_TIDES)
    )
    pages[TABLE] = framed(at, f"{labels['table']} | {words.name}", f"<h1>{labels['table_title']}</h1><table>{rows}</table>")
    return pages


def _briefs(at: Desk) -> dict[str, Page]:
    """The listing that a script fills, and what it fetches."""
    labels = at.words.labels
    listing = filled("pellbrook/briefs.html", title=labels["briefs"], wait=labels["briefs_wait"])
    briefs = [{"desk": story.section, "slug": story.slug, "headline": story.title} for story in at.stories if story.reach == "script"]
    page = framed(at, f"{labels['briefs']} | {at.words.name}", listing)
    return {BRIEFS: page, "/api/briefs.json": Page(json.dumps(briefs).encode(), "application/json")}


def _calendar(at: Desk, path: str) -> Page | None:
    """A month of the calendar, with the next one and the one before, for ever."""
    found = fullmatch(r"/calendar/(\d{4})/(\d\d)/", path)
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    labels, year, month = at.words.labels, int(found[1]), int(found[2])
    later, earlier = year * 12 + month, year * 12 + month - 2  # months since year 0, from 0
    links = [
        link(f"/calendar/{months // 12:04}/{months % 12 + 1:02}/", text)
        for months, text in ((earlier, labels["earlier"]), (later, labels["later"]))
    ]
    title = labels["calendar_title"].format(date(max(year, 1), month, 1))
    return framed(at, title, f"<h1>{title}</h1><p>{labels['calendar_empty']}</p><p class='pager'>{''.join(links)}</p>")


def _oddities(at: Desk) -> dict[str, str]:
    by_number = {story.number: story for story in at.stories}
    return {
        "busy": story_path(by_number[204]),
        "calendar": CALENDAR,
        "disallowed": DRAFT,
        "graph": story_path(by_number[210]),
        "huge-table": TABLE,
        "many-pages": story_path(by_number[207]),
        "missing": MISSING,
        "print": f"/print/{by_number[209].number}/",
        "redirect": f"/s/{by_number[209].short}",
        "script-listing": BRIEFS,
        "sitemap": "/sitemap.xml",
        "soft-missing": SOFT_MISSING,
        "tracked": f"{story_path(by_number[208])}?{at.words.labels['utm']}",
    }
