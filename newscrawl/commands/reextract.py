"""Reading the archive again: reextract."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from newscrawl.commands.options import ArchiveFolder, Since, Site, StoreUri, check_there, configured, counted, output
from newscrawl.commands.work import Shown
from newscrawl.config import Config
from newscrawl.errors import PartialError
from newscrawl.store.protocol import Search

if TYPE_CHECKING:
    from newscrawl.jobs.reextract import Outcome
    from newscrawl.jobs.rereading import Reread
    from newscrawl.models import Article

_SHOWN = 120  # characters of a value


def reextract(
    *,
    site: Site = "",
    since: Since = "",
    changed_template: Annotated[
        bool,
        typer.Option("--changed-template", help="Only articles with lines that crawls have since found to be their site's."),
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write what differs without asking.")] = False,
    processes: Annotated[int, typer.Option(min=1, max=256, help="Processes that read.")] = os.cpu_count() or 1,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Read the archived pages again with today's reader, show what differs, and write it if told to. Nothing is fetched."""
    from newscrawl.query.search import parsed_search

    config = configured(store, archive)
    check_there(config.store.uri)
    query = parsed_search([], site=site, since=since)
    work = _reextracted(config, query, apply=apply, processes=processes, changed_template=changed_template)
    outcome = asyncio.run(work)
    for trouble in outcome.troubles:
        typer.echo(trouble, err=True)
    if outcome.left:
        raise PartialError(f"{outcome.left} articles were left: changed meanwhile, or of a site that is being crawled. Run it again")
    if outcome.troubles:
        raise PartialError(f"{len(outcome.troubles)} articles could not be read again and are as they were")


async def _reextracted(config: Config, query: Search, *, apply: bool, processes: int, changed_template: bool) -> Outcome:
    from newscrawl.crawl.lease import LeaseKeeper
    from newscrawl.jobs.reextract import Reextraction
    from newscrawl.store import open_store

    store = open_store(config.store.uri)
    leases = LeaseKeeper(store, config.crawl.lease_seconds, lost=lambda *_: None)
    try:
        await store.open()
        total = (await store.counts(query.site)).articles
        with Shown("reading", total, config.progress.period) as shown:
            work = Reextraction(store, config, query, processes=processes, changed_template=changed_template, heard=shown.done)
            outcome = await work.read()
        output().print(_page(outcome))
        if not outcome.differing:
            return await work.write()
        if not apply and not (sys.stdin.isatty() and typer.confirm(f"Write {outcome.differing} articles?")):
            typer.echo("Nothing is written; with --apply it is, without reading again.", err=True)
            return outcome
        held = await leases.take(sorted(outcome.sites))
        outcome = await work.write({lease.site for lease in held})
        typer.echo(f"{counted(outcome.written, 'article')} written", err=True)
        return outcome
    finally:
        await leases.close()
        await store.close()


def _page(outcome: Outcome) -> Group:
    """What differs: how many articles, in which fields, and some of them."""
    again = f" ({outcome.resumed} of them by an earlier run)" if outcome.resumed else ""
    head = (
        f"{counted(outcome.articles, 'article')} read again{again}: {outcome.differing} differ, {len(outcome.troubles)} could not be read"
    )
    counts = Table(box=None, show_header=False, pad_edge=False)
    for name, count in outcome.changed.most_common():
        counts.add_row(name, str(count))
    return Group(Text(head), counts, *(line for article, came in outcome.sample for line in _example(article, came)))


def _example(article: Article, came: Reread) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(f"\n{article.id[:10]} {article.url}", style="bold")]
    for name in came.changed:
        before, after = _difference(_told(getattr(article, name)), _told(getattr(came.article, name)))
        lines += [Text(f"  {name}"), Text(f"  - {before}", style="red"), Text(f"  + {after}", style="green")]
    return lines


def _told(value: object) -> str:
    from newscrawl.models import Moment
    from newscrawl.query.present import visible

    if isinstance(value, Moment):
        return f"{value.time:%Y-%m-%d %H:%M} UTC, from {value.source}"
    return visible(", ".join(map(str, value)) if isinstance(value, tuple) else str(value or ""))


def _difference(before: str, after: str) -> tuple[str, str]:
    """Both from a little before the first character in which they differ."""
    at = next((place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), min(len(before), len(after)))
    start = max(0, at - _SHOWN // 4)
    cut = ["…" * bool(start) + text[start : start + _SHOWN].replace("\n", " ¶ ") for text in (before, after)]
    return cut[0], cut[1]
