"""The archived page in a browser: replay."""

from __future__ import annotations

import contextlib
import webbrowser
from typing import Annotated

import typer

from newscrawl.commands.options import ArchiveFolder, StoreUri, asked, configured
from newscrawl.models import Article, Capture
from newscrawl.store.protocol import Store


def replay(
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, its first 8 characters or more, or its address.")],
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to serve on this machine; 0: any free port.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in your browser.")] = True,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Show an article's archived page in a browser, as it was, without scripts and without the network, until Ctrl-C."""
    from newscrawl.query.pictures import pictures_in
    from newscrawl.query.replay import Pictures, ReplayServer, pages_of

    folder = (config := configured(store, archive)).archive_folder

    async def pages(opened: Store) -> tuple[Article, list[Capture], Pictures]:
        found, captures = await pages_of(opened, article)
        return found, captures, await pictures_in(opened, folder, captures)

    found, captures, pictures = asked(config.store.uri, pages)
    with ReplayServer(folder, found, captures, pictures=pictures, port=port) as server:
        typer.echo(server.address)
        if browser and not webbrowser.open(server.address):
            typer.echo("no browser could be opened: open the address yourself", err=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
