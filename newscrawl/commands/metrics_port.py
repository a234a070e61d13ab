"""Figures for Prometheus at a port of this machine, as long as a command stays."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated, Any

import typer

from newscrawl.errors import InputError, NewscrawlError

Figures = Callable[[], Coroutine[Any, Any, str]]

HOST = "127.0.0.1"
PATH = "/metrics"
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ANSWER = 30.0  # seconds for the store

MetricsPort = Annotated[
    int | None,
    typer.Option("--metrics-port", min=1, max=65_535, help=f"Serve figures to Prometheus at http://{HOST}:PORT{PATH} meanwhile."),
]


@contextmanager
def metrics_served(port: int | None, figures: Figures) -> Iterator[None]:
    """Serve what `figures` gives, called in the running loop, at the port; None: don't. Raises InputError if the port is taken."""
    if port is None:
        yield
        return
    loop = asyncio.get_running_loop()

    class Handler(BaseHTTPRequestHandler):
        timeout = _ANSWER

        def do_GET(self) -> None:
            """The figures, or why there are none."""
            if self.path != PATH:
                self.send_error(404, f"only {PATH} is here")
                return
            try:
                text = asyncio.run_coroutine_threadsafe(figures(), loop).result(_ANSWER)
            except (NewscrawlError, TimeoutError) as error:
                self.send_error(503, "no figures", str(error))
                return
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", _TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: Prometheus asks four times a minute."""

    try:
        server = ThreadingHTTPServer((HOST, port), Handler)
    except OSError as error:
        raise InputError(f"--metrics-port {port}: {error.strerror or error}") from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="newscrawl-metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
