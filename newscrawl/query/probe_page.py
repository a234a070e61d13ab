"""A first look at a site, on a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from newscrawl.models import Article, Kind, Target
from newscrawl.query.present import visible, when
from newscrawl.query.probe import Probe, confidence
from newscrawl.query.reasons import MEANINGS

_SHOWN = 10  # lines of one list


def probe_page(probe: Probe) -> Group:
    """What was found, a sample of it, and what to do."""
    return Group(
        Text.assemble((probe.site, "bold"), f"  {visible(probe.url)}: {probe.requests} requests"),
        *_robots(probe.robots),
        *_list("Feeds and sitemaps", [_source(target) for target in probe.sources], none="none found; its pages are walked"),
        *_list("Pages that list articles", [_section(target) for target in probe.sections], none="none found"),
        *_articles(probe.articles),
        *_list("Not taken for articles", [_other(target) for target in probe.others]),
        *_list("Not to be had", _by_reason((*probe.shut, *probe.scripted))),
        *_verdict(probe),
    )


def _robots(answers: Sequence[Target]) -> Iterator[RenderableType]:
    for target in answers:
        yield Text.assemble(("robots.txt  ", "dim"), visible(f"{target.url}: {target.detail}"), overflow="fold")


def _list(title: str, lines: Sequence[Text], *, none: str = "") -> Iterator[RenderableType]:
    if not lines and not none:
        return
    yield Text.assemble("\n", (title, "bold"), "" if lines else f"  {none}")
    for line in lines[:_SHOWN]:
        line.pad_left(2)
        yield line
    if len(lines) > _SHOWN:
        yield Text(f"  and {len(lines) - _SHOWN} more")


def _source(target: Target) -> Text:
    return Text.assemble((_path(target), "cyan"), f"  {target.kind}, {visible(target.detail)}", overflow="fold")


def _section(target: Target) -> Text:
    said = "front page" if target.kind is Kind.SEED else visible(target.link_text)
    return Text.assemble((_path(target), "cyan"), f"  {said}", overflow="fold")


def _other(target: Target) -> Text:
    against = ", ".join(re.findall(r"([^, ][^,]*) -[\d.]+", target.detail))  # signs of discover.verdict, with their points
    why = against.strip() or f"{MEANINGS[target.result]} ({visible(target.detail)})"
    return Text.assemble((_path(target), "cyan"), f"  {visible(target.link_text)}  ", (why, "dim"), overflow="fold")


def _by_reason(targets: Sequence[Target]) -> list[Text]:
    """One line for each reason, with an example."""
    counted = Counter(target.result for target in targets)
    example = {target.result: target for target in reversed(targets)}
    return [
        Text.assemble(
            f"{count} ", MEANINGS[result], ": ", (_path(example[result]), "cyan"), (f"  {visible(example[result].detail)}", "dim")
        )
        for result, count in counted.most_common()
    ]


def _path(target: Target) -> str:
    """An address without its scheme, readable."""
    return visible(unquote(target.url.partition("://")[2]))


def _articles(articles: Sequence[Article]) -> Iterator[RenderableType]:
    yield Text.assemble("\n", ("Articles", "bold"), f"  a sample of {len(articles)}" if articles else "  none")
    if not articles:
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    for name, right in (("sure", True), ("published", False), ("letters", True), ("headline and author", False)):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for article in articles[:_SHOWN]:
        who = f" ({', '.join(article.authors)})" if article.authors else ""
        date = when(article.published, article.first_seen) if article.published else "no date"
        table.add_row(f"{confidence(article):.0%}", date, str(len(article.text)), visible(f"{article.title}{who}"))
    yield table


def _verdict(probe: Probe) -> Iterator[RenderableType]:
    yield Text()
    if not probe.advice:
        yield Text.assemble(("The defaults will do. ", "bold green"), f"{probe.waiting} more addresses are known already.")
    for advice in probe.advice:
        yield Text.assemble(("To do: ", "bold yellow"), advice.text, overflow="fold")
