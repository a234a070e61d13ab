"""The frame of every page of The Pellbrook Courier, and where its stories are served."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from newscrawl.demo.desk import Desk
from newscrawl.demo.pages import Page, zipped
from newscrawl.demo.stories import Story
from newscrawl.demo.templates import clipped, filled, link, listed

BRIEFS = "/briefs/"
CALENDAR = "/calendar/2026/05/"
DRAFT = "/preview/the-mayors-hat/"
MISSING = "/jobs/"
SOFT_MISSING = "/news/the-whale-that-was-a-tarpaulin/"
TABLE = "/tides/"
_HEADLINE = 34  # characters that the sidebar has room for


def story_path(story: Story, part: int = 1) -> str:
    """Where a story, or a further page of it, is served."""
    return f"/{story.section}/{story.slug}/" + (f"?page={part}" if part > 1 else "")


def author_path(name: str) -> str:
    """Where an author's stories are listed."""
    return f"/authors/{quote(name.lower().replace(' ', '-'))}/"


def framed(at: Desk, title: str, main: str, *, head: str = "", status: int = 200) -> Page:
    """A whole page around its main part, zipped for those who take it."""
    labels = at.words.labels
    html = filled(
        "pellbrook/page.html",
        language=at.words.language,
        title=escape(title),
        head=head,
        consent=labels["consent"],
        name=at.words.name,
        motto=labels["motto"],
        today=labels["today"].format(at.words.local(at.now)),
        nav=_nav(at),
        main=main,
        side=_sidebar(at),
        links=_footer_links(at),
        footer=labels["footer"],
    )
    body = html.encode()
    return Page(body, "text/html; charset=utf-8", status=status, zipped=zipped(body))


def related_list(at: Desk, story: Story) -> str:
    """Two other headlines, cut off."""
    return listed(link(story_path(other), clipped(other.title, 40, at.words.labels["cut"])) for other in at.related(story))


def _nav(at: Desk) -> str:
    links = [link("/", at.words.labels["home"]), *(link(f"/{section.path}/", section.name) for section in at.words.sections)]
    return "".join([*links, link(BRIEFS, at.words.labels["briefs"]), link(CALENDAR, at.words.labels["calendar"])])


def _sidebar(at: Desk) -> str:
    """The ranking, whose links carry tracking parameters, and the newsletter."""
    labels = at.words.labels
    ranked = (link(f"{story_path(story)}?{labels['utm']}", clipped(story.title, _HEADLINE, labels["cut"])) for story in at.most_read())
    lost = link(SOFT_MISSING, labels["lost_title"])
    return (
        f'<h2>{labels["most_read"]}</h2><ol>{listed(ranked)}</ol><p class="promo">{labels["newsletter"]}</p><p>{labels["lost"]} {lost}</p>'
    )


def _footer_links(at: Desk) -> str:
    labels = at.words.labels
    links = [link(text.path, text.name) for text in at.words.texts]
    return " · ".join([*links, link(TABLE, labels["table"]), link(MISSING, labels["jobs"]), link(DRAFT, labels["draft"])])
