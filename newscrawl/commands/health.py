"""How sites do: health."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from newscrawl.commands.options import MetricsFile, StoreUri, asked, configured, output, written_metrics
from newscrawl.errors import InputError
from newscrawl.models import now
from newscrawl.sites import site_slugs
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.query.health import HealthReport

ALARMED = 1  # exit code of `health --check` if there are alarms


def health(
    sites: Annotated[list[str] | None, typer.Argument(metavar="SLUG", help="Names of sites; none: all that were crawled lately.")] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="End with code 1 if there is an alarm.")] = False,
    json: Annotated[bool, typer.Option("--json", help="All fields, a site a line.")] = False,
    metrics: MetricsFile = None,
    store: StoreUri = None,
) -> None:
    """Show how sites do: what their runs were like, and alarms on what is no longer so, with evidence."""
    import msgspec

    from newscrawl.query.health import health_page

    config = configured(store)
    known = site_slugs(config.sites_folder)

    async def looked(opened: Store) -> list[HealthReport]:
        await written_metrics(opened, metrics, known)
        return await _reports(opened, sites or (), known)

    reports = asked(config.store.uri, looked)
    if missing := set(sites or ()) - {report.health.site for report in reports}:
        raise InputError(f"{', '.join(sorted(missing))}: nothing is known; a site's health is looked at when a run of it ends")
    if json:
        sys.stdout.writelines(msgspec.json.encode(report).decode() + "\n" for report in reports)
    elif reports:
        output().print(health_page(reports, now()))
    else:
        typer.echo("No run has ended yet.", err=True)
    if check and any(report.health.alarms for report in reports):
        raise typer.Exit(ALARMED)


async def _reports(store: Store, sites: list[str] | tuple[str, ...], configured_sites: list[str]) -> list[HealthReport]:
    from newscrawl.query.health import health_reports

    return await health_reports(store, set(sites) or {*configured_sites, *await store.latest_runs()})
