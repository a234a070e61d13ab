"""The archived page in a browser: replay."""

from __future__ import annotations

import contextlib
import webbrowser
from typing import Annotated

import typer

from newscrawl.commands.options import ArchiveFolder, StoreUri, asked, configured


def replay(
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, its first 8 characters or more, or its address.")],
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to serve on this machine; 0: any free port.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in your browser.")] = True,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Show an article's archived page in a browser, as it was, without scripts and without the network, until Ctrl-C."""
    from newscrawl.query.replay import ReplayServer, pages_of

    config = configured(store, archive)
    found, captures = asked(config.store.uri, lambda opened: pages_of(opened, article))
    with ReplayServer(config.archive_folder, found, captures, port=port) as server:
        typer.echo(server.address)
        if browser and not webbrowser.open(server.address):
            typer.echo("no browser could be opened: open the address yourself", err=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
