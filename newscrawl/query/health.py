"""How sites do, as the last run of each left it, on a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newscrawl.health import Alarm, Baseline, Health, from_json
from newscrawl.models import Capture
from newscrawl.query.present import visible
from newscrawl.store.protocol import Store

_OLD = timedelta(days=3)  # a site of which nothing was heard for so long is no longer looked after


@dataclass(frozen=True, slots=True)
class HealthReport:
    """A site's health, with the captures that are evidence, by id."""

    health: Health
    captures: dict[str, Capture]


async def health_reports(store: Store, sites: Collection[str]) -> list[HealthReport]:
    """The sites of which something is known, those with alarms first, then by name."""
    reports = []
    for site in sorted(sites):
        if (health := from_json(await store.health(site))) is not None:
            ids = {capture for alarm in health.alarms for capture in (alarm.before, alarm.after) if capture}
            reports.append(HealthReport(health, await store.captures_by_id(ids) if ids else {}))
    return sorted(reports, key=lambda report: not report.health.alarms)


def health_page(reports: Sequence[HealthReport], at: datetime) -> Group:
    """A table of what runs were like, then each alarm with its evidence."""
    table = Table("site", "looked at, UTC", "alarms", box=None, header_style="bold", pad_edge=False)
    for name in ("articles a day", "date", "authors", "text", "failing", "s/request"):
        table.add_column(name, justify="right")
    for report in reports:
        health = report.health
        late = at - health.at > _OLD
        when = Text(f"{health.at:%m-%d %H:%M}" + (", long ago" if late else ""), style="yellow" if late else "")
        alarms = Text(str(len(health.alarms)) if health.alarms else "", style="bold red")
        table.add_row(visible(health.site), when, alarms, *_cells(health.baseline))
    alarmed = [part for report in reports for alarm in report.health.alarms for part in _alarm(report, alarm)]
    return Group(table, *alarmed)


def _cells(known: Baseline) -> list[str]:
    rate = "" if known.articles_a_day is None else f"{known.articles_a_day:.1f}"
    shares = [f"{known.shares[name]:.0%}" if name in known.shares else "" for name in ("date", "authors")]
    text = "" if known.characters is None else f"{known.characters:.0f}"
    failing = "" if known.failing is None else f"{known.failing:.1%}"
    return [rate, *shares, text, failing, "" if known.seconds is None else f"{known.seconds:.1f}"]


def _alarm(report: HealthReport, alarm: Alarm) -> Iterator[RenderableType]:
    name = f"{alarm.sign} {alarm.field}".strip()
    yield Text.assemble(f"\n{visible(report.health.site)}: ", (name, "bold red"), f", since {alarm.since:%Y-%m-%d %H:%M} UTC")
    yield Padding(Text(alarm.told), (0, 0, 0, 4))
    for label, capture in (("before", alarm.before), ("after", alarm.after)):
        if (found := report.captures.get(capture)) is not None:
            yield Padding(Text.assemble(f"{label:>6}  {found.time:%m-%d %H:%M}  ", (visible(found.url), "cyan")), (0, 0, 0, 4))
    if alarm.proposal:
        yield Padding(Text(f"if it is a new layout, settings/sites/{report.health.site}.toml may end with:"), (0, 0, 0, 4))
        yield Padding(Text(alarm.proposal, style="green"), (0, 0, 0, 8))
