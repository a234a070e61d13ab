"""The web page: serve."""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec
from typing import Annotated

import typer

from newscrawl.commands.options import ArchiveFolder, StoreUri, check_there, configured
from newscrawl.errors import ConfigError, InputError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def serve(
    *,
    host: Annotated[
        str,
        typer.Option(
            help="The address to listen at. Any but loopback lets others read the archive, and wants a token (NEWSCRAWL_WEB_TOKEN)."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to listen; 0: any free port.")] = 8765,
    without_token: Annotated[bool, typer.Option("--without-token", help="Let others read without asking for a token.")] = False,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Serve the archive as web pages, for reading, until Ctrl-C: search, articles with their changes and copies, archived pages, sites."""
    if missing := [name for name in ("fastapi", "jinja2", "uvicorn") if find_spec(name) is None]:
        raise ConfigError(f"the web page needs {', '.join(missing)}: pip install 'newscrawl[web]'")
    from newscrawl.web.server import run

    config = configured(store, archive)
    check_there(config.store.uri)
    local, web = _is_loopback(host), config.web
    if not (local or web.token or without_token):
        raise InputError(
            f"at {host} everybody on the network could read the archive: set a token (NEWSCRAWL_WEB_TOKEN, 16 characters or more), "
            "or say --without-token if that is what you want"
        )
    hosts = LOOPBACK if local else ("*",)
    run(config.store.uri, config.archive_folder, host=host, port=port, hosts=hosts, token=web.token, seconds=web.seconds)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise InputError(f"{host!r} is no IP address to listen at; 127.0.0.1 is this machine alone, 0.0.0.0 all networks") from None
