"""Looking after an installation: db init, doctor."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from newscrawl.commands.options import ArchiveFolder, StoreUri, configured, output


def init(
    *,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds until the attempt is given up, and one more for each 100 articles.")
    ] = 60.0,
    store: StoreUri = None,
) -> None:
    """Make or migrate the store's tables and indexes. MongoDB needs it once; SQLite does it by itself."""
    import asyncio

    from newscrawl.store import open_store

    config = configured(store)

    async def prepare() -> list[str]:
        opened = open_store(config.store.uri)
        try:
            return await opened.prepare(timeout)
        finally:
            await opened.close()

    steps = asyncio.run(prepare())
    typer.echo("\n".join(steps) if steps else "Nothing to do.")


def doctor(
    sites: Annotated[list[str] | None, typer.Argument(metavar="SITE|URL", help="Sites that are looked at too: one request each.")] = None,
    *,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Check settings, store, archive, disk, clock and versions, with a site also how it can be reached, and say what to do."""
    from newscrawl.commands.checks import Verdict, examined
    from newscrawl.commands.site_checks import examined_site
    from newscrawl.sites import named_sites

    config = configured(store, archive)
    checks = examined(config)
    for site in named_sites(sites or (), config.sites_folder):
        checks += examined_site(config, site)
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        style = {Verdict.OK: "green", Verdict.NOTE: "yellow", Verdict.BAD: "bold red"}[check.verdict]
        table.add_row(
            Text(check.verdict, style=style),
            check.name,
            Text(check.found + (f"\n→ {check.advice}" if check.advice else ""), overflow="fold"),
        )
    output().print(table)
    if any(check.verdict is Verdict.BAD for check in checks):
        raise typer.Exit(1)
