"""Sites: which there are, and how one stands."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Annotated

import typer
from rich.table import Table

from newscrawl.commands.options import StoreUri, asked, configured, missing_file, output
from newscrawl.errors import InputError
from newscrawl.models import now
from newscrawl.query.site import SiteReport, site_report
from newscrawl.sites import load_sites
from newscrawl.store.protocol import Store
from newscrawl.toml import did_you_mean


def sites(context: typer.Context, *, store: StoreUri = None) -> None:
    """List the configured sites and those that were crawled; `show` tells all about one."""
    if context.invoked_subcommand:
        return
    config = configured(store)
    known = {site.slug: site.url for site in load_sites(config.sites_folder)}
    rows = {} if missing_file(config.store.uri) else asked(config.store.uri, lambda opened: _holdings(opened, known))
    if not known and not rows:
        typer.echo(f"No site is configured in {config.sites_folder}, and none was crawled.", err=True)
        return
    table = Table("site", "address", "articles", "pages", "last run, UTC", "outcome", box=None, header_style="bold", pad_edge=False)
    for slug in sorted({*known, *rows}):
        table.add_row(slug, known.get(slug, "not configured"), *rows.get(slug, ("", "", "never", "")))
    output().print(table)


def show(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The site's name, as `newscrawl sites` shows it.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="All fields, on one line.")] = False,
    store: StoreUri = None,
) -> None:
    """Show how a site stands: its runs, its articles, and why other pages were left out, with examples."""
    import msgspec

    from newscrawl.query.site_page import site_page

    config = configured(store)
    known = {site.slug: site.url for site in load_sites(config.sites_folder)}
    report = asked(config.store.uri, lambda opened: _report(opened, slug, known))
    if json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        output().print(site_page(report))


async def _report(store: Store, slug: str, known: Mapping[str, str]) -> SiteReport:
    report = await site_report(store, slug, url=known.get(slug, ""), at=now())
    if report is None:
        names = sorted({*known, *await store.latest_runs()})
        raise InputError(f"{slug}: no such site.{did_you_mean(slug, names)} `newscrawl sites` lists those that there are")
    return report


async def _holdings(store: Store, known: Iterable[str]) -> dict[str, tuple[str, str, str, str]]:
    """What the store holds of each site, and its latest run, as cells of a table."""
    latest = await store.latest_runs()
    holdings = {}
    for slug in {*known, *latest}:
        counts, run = await store.counts(slug), latest.get(slug)
        last = (f"{run.started:%Y-%m-%d %H:%M}", run.outcome or "running") if run else ("never", "")
        holdings[slug] = (str(counts.articles), str(counts.captures), *last)
    return holdings
