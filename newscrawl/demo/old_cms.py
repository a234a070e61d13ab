"""芦汀新闻网: a portal as old content-management systems make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from newscrawl.demo import old_article
from newscrawl.demo.announcements import robots, rss
from newscrawl.demo.desk import Desk, desk
from newscrawl.demo.drawings import landscape
from newscrawl.demo.old_frame import DRAFT, MISSING, SOFT_MISSING, encoded, framed, story_path
from newscrawl.demo.pages import Page, Portal
from newscrawl.demo.stories import Story
from newscrawl.demo.templates import link, listed, paragraphs
from newscrawl.demo.vocabulary import Section

_ON_HOME = 3  # stories of each section


def luting(origin: str, *, edition: int, now: datetime) -> Portal:
    """The Chinese portal as it is served at `origin`."""
    at = desk("luting", origin, edition=edition, now=now)
    pages = {"/": _page(at, at.words.name, _home(at))}
    for section in at.words.sections:
        pages |= _listings(at, section)
    for story in at.stories:
        pages |= old_article.story_pages(at, story)
        pages |= _drawing(story)
    pages |= _asides(at)
    expected = tuple(old_article.expected(at, story) for story in at.stories)
    missing = _page(at, at.words.labels["missing"], f"<h1>{at.words.labels['missing']}</h1>", status=404)
    return Portal("luting", at.words.name, origin, pages, expected, missing, _oddities(at))


def _page(at: Desk, title: str, main: str, status: int = 200) -> Page:
    return Page(encoded(framed(at, title, main)), status=status)


def _home(at: Desk) -> str:
    lead = at.stories[0]
    boxes = (_box(at, section) for section in at.words.sections)
    return "\n".join([link(story_path(at, lead), lead.title, ' class="lead"'), *boxes])


def _box(at: Desk, section: Section) -> str:
    newest = _headlines(at, section, at.shown(section.path)[:_ON_HOME], "%m-%d")
    return f"<h2>{link(f'/{section.path}/', section.name)}</h2><ul>{newest}</ul>"


def _headlines(at: Desk, section: Section, stories: Sequence[Story], day: str) -> str:
    """Headlines with their days; a story shared with this section has its address here."""
    rows = ((link(story_path(at, story, section=section.path), story.title), at.words.local(story.day).strftime(day)) for story in stories)
    return listed(f"{headline}<span>{day}</span>" for headline, day in rows)


def _listings(at: Desk, section: Section) -> dict[str, Page]:
    """A section's listing pages; the first has two addresses, since page 2 links back to the numbered one."""
    sheets = at.sheets(section.path)
    paths = [f"/{section.path}/list_{section.column}_{number}.html" for number in range(1, len(sheets) + 1)]
    made = {}
    for place, (path, stories) in enumerate(zip(paths, sheets, strict=True)):
        main = f"<h2>{section.name}</h2><ul>{_headlines(at, section, stories, '[%Y-%m-%d]')}</ul>{_pager(at, paths, place)}"
        made[path] = _page(at, f"{section.name}_{at.words.name}", main)
    return made | {f"/{section.path}/": made[paths[0]]}


def _pager(at: Desk, paths: Sequence[str], place: int) -> str:
    before = [link(paths[place - 1], at.words.labels["previous"])] if place else []
    after = [link(paths[place + 1], at.words.labels["next"])] if place + 1 < len(paths) else []
    return f'<div class="pages">{" ".join([*before, f"{place + 1}/{len(paths)}", *after])}</div>'


def _drawing(story: Story) -> dict[str, Page]:
    return {f"/pic/{story.number}.svg": Page(landscape(story.number), "image/svg+xml")} if story.caption else {}


def _asides(at: Desk) -> dict[str, Page]:
    """The pages that are neither article nor listing."""
    words = at.words
    pages = {
        text.path: _page(at, f"{text.name}_{words.name}", f"<h1>{text.name}</h1>{paragraphs(text.paragraphs)}") for text in words.texts
    }
    pages[SOFT_MISSING] = _page(at, words.name, f"<p>{words.labels['soft_missing']}</p>")
    pages[DRAFT] = _page(at, words.labels["draft"], f"<h1>{words.labels['draft']}</h1><p>{words.labels['draft_text']}</p>")
    pages["/robots.txt"] = robots(["/admin/", "/search.asp"], delay=0.1)
    links = [(story.title, at.origin + story_path(at, story), story.day) for story in at.stories[:8]]
    pages["/rss.xml"] = rss(words.name, at.origin, links, encoding="gbk")
    return pages


def _oddities(at: Desk) -> dict[str, str]:
    by_number = {story.number: story for story in at.stories}
    ferry, copied, spoilt = by_number[1033], by_number[1045], by_number[1034]
    return {
        "annotated": story_path(at, spoilt),
        "copy": story_path(at, copied, section=copied.also_in),
        "disallowed": DRAFT,
        "feed": "/rss.xml",
        "missing": MISSING,
        "mobile": f"/wap/{ferry.number}.html",
        "print": f"/print.asp?id={copied.number}",
        "redirect": f"/t/{copied.short}",
        "slow": story_path(at, by_number[1044]),
        "soft-missing": SOFT_MISSING,
        "wrong-header": story_path(at, by_number[1040]),
        "no-charset": story_path(at, by_number[1042]),
        "wrong-meta": story_path(at, by_number[1057]),
        "utf-8": story_path(at, by_number[1051]),
        "line-breaks": story_path(at, by_number[1044]),
        "many-pages": story_path(at, by_number[1036]),
    }
