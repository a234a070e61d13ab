"""Articles on a terminal. Text from the web passes `visible`, so that no page can move the cursor or turn text around."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from newscrawl.models import Article, Moment, Revision
from newscrawl.query.snippets import Snippet, marked, snippet
from newscrawl.reprints import Cluster

SHORT = 10  # characters of an id that are shown; enough to tell 10 million articles apart


class _Visible(dict[int, int | None]):
    """For `str.translate`: each character that was met, and whether it stays."""

    def __missing__(self, code: int) -> int | None:
        stays = code == ord("\n") or unicodedata.category(chr(code)) not in ("Cc", "Cf", "Cs")
        self[code] = code if stays else None
        return self[code]


_VISIBLE = _Visible()


def visible(text: str) -> str:
    """The text without control characters, escape sequences' beginnings and direction overrides; newlines stay."""
    return text.translate(_VISIBLE)


def when(moment: Moment | None, seen: datetime) -> str:
    """The published time as exactly as it is known, in the zone it was stated in; else when it was first seen."""
    if moment is None:
        return f"seen {seen:%Y-%m-%d}"
    time = moment.time.astimezone(datetime.strptime(moment.zone, "%z").tzinfo) if moment.zone else moment.time
    return f"{time:%Y-%m-%d}" if moment.precision == "day" else f"{time:%Y-%m-%d %H:%M}" + (f" {moment.zone}" if moment.zone else "")


def found(articles: Sequence[Article], words: Sequence[str], clusters: Mapping[str, Cluster] = MappingProxyType({})) -> Group:
    """Search results: title, where and when and id, how many copies, and the words in their sentence. `clusters` by label."""
    return Group(*(line for article in articles for line in _hit(article, words, clusters.get(article.cluster))))


def article_page(article: Article, revisions: Sequence[Revision], cluster: Cluster | None = None) -> Group:
    """An article as a reader wants it: what is known about it, then its text."""
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(article, revisions, cluster):
        if value:
            facts.add_row(Text(name, style="dim"), Text(visible(value), overflow="fold"))
    paragraphs = [Text("\n" + visible(paragraph)) for paragraph in article.text.split("\n")]
    return Group(Text(visible(article.title), style="bold"), facts, *paragraphs)


def _hit(article: Article, words: Sequence[str], cluster: Cluster | None) -> list[RenderableType]:
    title = _highlighted(marked(visible(article.title) or "(no title)", words), "bold")
    place = Text(f"  {article.site} · {when(article.published, article.first_seen)} · {article.id[:SHORT]}", style="cyan")
    if copies := in_words(cluster, article):
        place.append(f" · {copies}")
    piece = _highlighted(snippet(visible(article.text), words), "")
    piece.pad_left(2)
    return [title, place, piece, Text()]


def _highlighted(piece: Snippet, style: str) -> Text:
    text = Text(piece.text, style=style)
    for start, end in piece.marks:
        text.stylize("black on yellow", start, end)
    return text


def in_words(cluster: Cluster | None, article: Article) -> str:
    """How many copies an article has, and whose it is; "" if there are none."""
    others = [copy for copy in cluster.copies if copy.article != article.id] if cluster else []
    if cluster is None or not others:
        return ""
    whose = "likely the original" if cluster.original == article.id else f"likely from {cluster.original[:SHORT]}"
    return f"{len(others)} other {'copy' if len(others) == 1 else 'copies'}, {whose}"


def _facts(article: Article, revisions: Sequence[Revision], cluster: Cluster | None) -> list[tuple[str, str]]:
    published = f"{when(article.published, article.first_seen)}  (from {article.published.source})" if article.published else "unknown"
    absences = [f"from {gone:%Y-%m-%d %H:%M} to {back:%Y-%m-%d %H:%M} UTC" for gone, back in article.absences]
    return [
        ("url", article.url),
        ("also at", "\n".join(article.aliases)),
        ("site", article.site),
        ("published", published),
        ("modified", when(article.modified, article.first_seen) if article.modified else ""),
        ("authors", ", ".join(article.authors)),
        ("source", article.source),
        ("editor", article.editor),
        ("section", article.section),
        ("tags", ", ".join(article.tags)),
        ("language", article.language),
        ("pages", str(len(article.parts) or "")),
        ("repaired", ", ".join(f"{count} × {name}" for name, count in article.repairs.items())),
        ("seen", f"{article.first_seen:%Y-%m-%d %H:%M} to {article.last_seen:%Y-%m-%d %H:%M} UTC"),
        ("gone", f"since {article.gone:%Y-%m-%d %H:%M} UTC" if article.gone else ""),
        ("was gone", "\n".join(absences)),
        ("changed", "\n".join(map(_change, revisions))),
        ("copies", in_words(cluster, article)),
        ("id", article.id),
    ]


def _change(revision: Revision) -> str:
    """When the state after this revision was first seen, and in what it differs."""
    how = ", silently" if revision.silent else ", only in how newscrawl reads the page" if revision.reader else ""
    return f"{revision.replaced or revision.seen:%Y-%m-%d %H:%M} {', '.join(revision.changed)}{how} (revision {revision.number + 1})"
