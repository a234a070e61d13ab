"""The web server: listens, says where, and stops at Ctrl-C."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from newscrawl.errors import InputError
from newscrawl.store import open_store
from newscrawl.web.app import make_app


def run(uri: str, folder: Path, *, host: str, port: int, hosts: Sequence[str], token: str, seconds: float) -> None:
    """Serve until interrupted, as `make_app` says. Raises InputError if the port can't be used, StoreError if the store can't be opened."""
    asyncio.run(_tried(uri))
    listening = _listening(host, port)
    place = listening.getsockname()
    shown = f"[{place[0]}]" if ":" in place[0] else place[0]
    print(f"http://{shown}:{place[1]}/", flush=True)  # noqa: T201  # where to go is the result
    if hosts == ("*",):
        knowing = " and knows the token" if token else ""
        print(f"everybody who reaches this address{knowing} can read the archive; what is read goes unencrypted", file=sys.stderr)  # noqa: T201
    # No log of visits: what is looked at is nobody's business.
    config = uvicorn.Config(
        make_app(uri, folder, hosts=hosts, token=token, seconds=seconds), log_level="warning", access_log=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[listening])


async def _tried(uri: str) -> None:
    """Open the store once, so that what is wrong with it is said before anything is served."""
    store = open_store(uri)
    try:
        await store.open()
    finally:
        await store.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()  # whoever reads the address may go there at once
    except OSError as error:
        raise InputError(f"port {port} of {host} can't be used: {error.strerror}; name another with --port") from error
    return listening
