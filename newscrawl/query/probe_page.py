"""A first look at a site, on a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newscrawl.models import Article, Kind, Result, Target
from newscrawl.query.present import visible, when
from newscrawl.query.probe import Probe, confidence
from newscrawl.query.reasons import MEANINGS

_SHOWN = 10  # lines of one list


def probe_page(probe: Probe) -> Group:
    """What was found, a sample of it, and what to do."""
    home = _host(probe.url)
    return Group(
        Text.assemble((probe.site, "bold"), f"  {visible(probe.url)}", overflow="fold"),
        Text(_brought(probe)),
        *_list("Robots.txt", [(_path(target, home), _rules(target)) for target in probe.robots]),
        *_list("Feeds and sitemaps", [(_path(target, home), f"{target.kind}, {target.detail}") for target in probe.sources], none="none"),
        *_list("Pages that list articles", [(_path(target, home), _name(target)) for target in probe.sections], none="none"),
        *_articles(probe.articles),
        *_list("Not taken for articles", [(_path(target, home), _against(target)) for target in probe.others]),
        *_list("Not to be had", _by_reason((*probe.shut, *probe.scripted), home)),
        *_verdict(probe),
    )


def _brought(probe: Probe) -> str:
    found = {"article": probe.articles, "page that lists articles": probe.sections, "feed or sitemap": probe.sources}
    told = ", ".join(_count(len(records), name) for name, records in found.items() if records)
    return f"{_count(probe.requests, 'request')}: {told or 'nothing that could be used'}"


_MANY = {"page that lists articles": "pages that list articles", "feed or sitemap": "feeds and sitemaps"}


def _count(number: int, name: str) -> str:
    return f"{number} {name if number == 1 else _MANY.get(name, f'{name}s')}"


def _list(title: str, lines: Sequence[tuple[str, str]], *, none: str = "") -> Iterator[RenderableType]:
    """A heading and two columns, an address and what is told of it."""
    if not lines and not none:
        return
    yield Text.assemble("\n", (title, "bold"), "" if lines else f"  {none}")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", overflow="fold", max_width=60)
    grid.add_column(overflow="fold")
    for address, told in lines[:_SHOWN]:
        grid.add_row(visible(address), visible(told))
    if lines:
        yield Padding(grid, (0, 0, 0, 2), expand=False)
    yield from _more(len(lines))


def _more(number: int) -> Iterator[RenderableType]:
    if number > _SHOWN:
        yield Text(f"  and {number - _SHOWN} more", style="dim")


def _rules(target: Target) -> str:
    if target.result is Result.ROBOTS:
        return f"read{target.detail.removeprefix('200')}"
    return "there is none" if target.result is Result.MISSING else f"{MEANINGS[target.result]} ({target.detail})"


def _name(target: Target) -> str:
    return "front page" if target.kind is Kind.SEED else target.link_text


def _against(target: Target) -> str:
    """The link's text, and what spoke against an article: the signs of discover.verdict, without their points."""
    signs = re.findall(r"([^, ][^,]*) -[\d.]+", target.detail) if target.result in (Result.OTHER, Result.LISTING) else []
    return f"{target.link_text}  ({', '.join(signs) or MEANINGS[target.result]})".strip()


def _by_reason(targets: Sequence[Target], home: str) -> list[tuple[str, str]]:
    """One line for each reason, with an example."""
    counted = Counter(target.result for target in targets)
    example = {target.result: target for target in reversed(targets)}
    return [(_path(example[result], home), _reason(example[result], count - 1)) for result, count in counted.most_common()]


def _reason(target: Target, others: int) -> str:
    known = target.detail in ("", "404", "robots.txt")  # the meaning says it better
    return f"{MEANINGS[target.result]}{'' if known else f' ({target.detail})'}{f'; and {others} more' if others else ''}"


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _path(target: Target, home: str) -> str:
    """An address without its scheme, and without the host if that is `home`; readable."""
    return unquote(target.url.partition("://")[2].removeprefix(home))


def _articles(articles: Sequence[Article]) -> Iterator[RenderableType]:
    yield Text.assemble("\n", ("Articles", "bold"), "  a sample; sure: of headline, text or date, the least" if articles else "  none")
    if not articles:
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    for name, right in (("sure", True), ("published", False), ("letters", True), ("headline and author", False)):
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for article in articles[:_SHOWN]:
        who = f" ({', '.join(article.authors)})" if article.authors else ""
        date = when(article.published, article.first_seen) if article.published else "no date"
        table.add_row(f"{confidence(article):.0%}", date, str(len(article.text)), visible(f"{article.title}{who}"))
    yield Padding(table, (0, 0, 0, 2), expand=False)
    yield from _more(len(articles))


def _verdict(probe: Probe) -> Iterator[RenderableType]:
    yield Text()
    if not probe.advice:
        more = f" {probe.waiting} more addresses were seen." if probe.waiting else ""
        yield Text.assemble(("The defaults will do.", "bold green"), f"{more} To crawl them all:")
        yield Text(f"  newscrawl crawl {visible(probe.url)}", overflow="fold")
    for advice in probe.advice:
        yield Text.assemble(("To do: ", "bold yellow"), advice.text, overflow="fold")
