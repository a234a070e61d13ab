"""A site's report on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newscrawl.models import State
from newscrawl.query.present import visible
from newscrawl.query.site import WAYS, Reason, SiteReport
from newscrawl.summary import run_table

_STATES = {State.DUE: "waiting", State.DONE: "done", State.FAILED: "failed", State.SKIPPED: "skipped"}


def site_page(report: SiteReport) -> Group:
    """Address, runs, where articles are looked for, figures, and every reason for which pages were left out."""
    parts = (_runs(report), _plan(report), _standing(report), _reasons(report.reasons))
    return Group(Text(report.site, style="bold"), _facts(report), *chain.from_iterable(parts))


def _facts(report: SiteReport) -> Table:
    facts = Table.grid(padding=(0, 2))
    where = "\n".join(map(visible, report.addresses)) + ("" if report.configured else "  (not configured)")
    facts.add_row(Text("address", style="dim"), Text(where, overflow="fold"))
    if report.lease:
        held = f"{visible(report.lease.holder)}, who holds the site until {report.lease.until:%Y-%m-%d %H:%M:%S} UTC"
        facts.add_row(Text("crawled by", style="dim"), Text(held, overflow="fold"))
    counts = report.counts
    facts.add_row(Text("articles", style="dim"), Text(f"{counts.articles}, with {counts.revisions} former states"))
    facts.add_row(Text("captures", style="dim"), Text(str(counts.captures)))
    return facts


def _runs(report: SiteReport) -> Iterator[RenderableType]:
    yield Text("\nLast runs", style="bold")
    yield run_table(report.runs) if report.runs else Text("It was not crawled yet.")


def _plan(report: SiteReport) -> Iterator[RenderableType]:
    if not report.plan:
        return
    yield Text(f"\nWhere new articles are looked for, {WAYS} of a kind at most", style="bold")
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("due, UTC", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("address", style="cyan", overflow="fold")
    table.add_column("", style="dim", overflow="fold")
    for way in report.plan:
        due = "each visit" if way.again is None else f"{way.again:%m-%d %H:%M}" if way.again > report.at else "next visit"
        table.add_row(due, way.kind.value, visible(way.url), visible(way.told))
    yield table


def _standing(report: SiteReport) -> Iterator[RenderableType]:
    if not report.standing:
        return
    yield Text("\nAddresses, by what is expected there", style="bold")
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("")
    for name in _STATES.values():
        table.add_column(name, justify="right")
    for kind, states in report.standing.items():
        table.add_row(kind.value, *[str(states.get(state, 0)) for state in _STATES])
    yield table


def _reasons(reasons: Sequence[Reason]) -> Iterator[RenderableType]:
    if not reasons:
        return
    yield Text("\nAddresses that brought nothing of their own, and why", style="bold")
    for reason in reasons:
        again = f", {reason.waiting} of them to be tried again" if reason.waiting else ""
        yield Text.assemble(f"{reason.count:>6}  ", (reason.result.value, "bold"), f": {reason.meaning}{again}")
        for example in reason.examples:
            detail = f"  ({visible(example.detail)})" if example.detail else ""
            yield Padding(Text.assemble((visible(example.url), "cyan"), (detail, "dim"), overflow="fold"), (0, 0, 0, 8), expand=False)
