"""The frame of every page of 芦汀新闻网: in GBK, saying gb2312 as its kind does, with a date of today and cut-off headlines."""

from __future__ import annotations

from html import escape

from newscrawl.demo.annotations import annotated
from newscrawl.demo.desk import Desk
from newscrawl.demo.stories import Story
from newscrawl.demo.templates import clipped, filled, link, listed

DRAFT = "/admin/draft_1099.html"
SOFT_MISSING = "/bendi/2025-05/10/content_977.html"
MISSING = "/jubao.html"
_TODAY = "jinri"
_DECLARED = "gb2312"
_HEADLINE = 13  # characters that the sidebar has room for


def story_path(at: Desk, story: Story, *, section: str = "", part: int = 1) -> str:
    """Where a story, or a further page of it, is served. What happened hours ago stays where it is on another day."""
    day = _TODAY if story.hours_ago else at.words.local(story.day).strftime("%Y-%m/%d")
    suffix = f"_{part}" if part > 1 else ""
    return f"/{section or story.section}/{day}/content_{story.number}{suffix}.html"


def encoded(html: str, encoding: str = "") -> bytes:
    """The page's bytes; what GBK lacks goes as a character reference."""
    return html.encode(encoding or "gbk", "xmlcharrefreplace")


def framed(at: Desk, title: str, main: str, *, charset: str | None = None, fanti: bool = False) -> str:
    """A whole page around its main part. `charset` is what it declares (None: the usual, "": nothing)."""
    declared = _DECLARED if charset is None else charset
    return filled(
        "luting/page.html",
        charset=f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">\n' if declared else "",
        title=escape(title),
        head=f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{at.origin}/rss.xml">\n',
        today=_today(at),
        name=at.words.name,
        motto=at.words.labels["motto"],
        nav="".join([link("/", at.words.labels["home"]), *(link(f"/{section.path}/", section.name) for section in at.words.sections)]),
        main=main,
        side=_sidebar(at, fanti=fanti),
        links=_footer_links(at),
        footer=at.words.labels["footer"],
    )


def related_list(at: Desk, story: Story) -> str:
    """Two other headlines, cut off, the second time less so."""
    return listed(link(story_path(at, other), clipped(other.title, 12, at.words.labels["cut"])) for other in at.related(story))


def _today(at: Desk) -> str:
    local, labels = at.words.local(at.now), at.words.labels
    return labels["today"].format(local, labels["weekdays"][local.weekday()])


def _sidebar(at: Desk, *, fanti: bool) -> str:
    def heading(name: str) -> str:
        return annotated(at.words.fanti[name], at.words.readings) if fanti else at.words.labels[name]

    cut = at.words.labels["cut"]
    ranked = listed(link(story_path(at, story), clipped(story.title, _HEADLINE, cut)) for story in at.most_read())
    return (
        f'<div class="box"><b class="hd">{heading("most_read")}</b><ul>{ranked}</ul></div>\n'
        f'<div class="box"><b class="hd">{heading("desk")}</b><p>{at.words.labels["desk_text"]}</p></div>\n'
        f'<div class="box"><b class="hd">{at.words.labels["archive"]}</b>{link(SOFT_MISSING, at.words.labels["archive_title"])}</div>'
    )


def _footer_links(at: Desk) -> str:
    labels = at.words.labels
    links = [link(text.path, text.name) for text in at.words.texts]
    return " | ".join([*links, link(MISSING, labels["report"]), link(DRAFT, labels["draft"])])
