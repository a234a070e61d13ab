"""Figures at a port, as Prometheus asks for them."""

import asyncio
import socket
import urllib.error
import urllib.request

import pytest

from newscrawl.commands.metrics_port import metrics_served
from newscrawl.errors import InputError, StoreError
from tests.daemons import free_port


async def fetched(port: int, path: str = "/metrics") -> tuple[int, str, str]:
    """Status, type and text of an answer."""

    def ask() -> tuple[int, str, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"], error.read().decode()

    return await asyncio.to_thread(ask)


async def test_figures_are_served_as_long_as_it_lasts() -> None:
    port, asked = free_port(), 0

    async def figures() -> str:
        nonlocal asked
        asked += 1
        return f"newscrawl_asked {asked}\n"

    with metrics_served(port, figures):
        assert await fetched(port) == (200, "text/plain; version=0.0.4; charset=utf-8", "newscrawl_asked 1\n")
        assert (await fetched(port))[2] == "newscrawl_asked 2\n"
        assert (await fetched(port, "/"))[0] == 404
    with pytest.raises(urllib.error.URLError):
        await fetched(port)


async def test_a_store_that_is_away_is_an_answer_too() -> None:
    async def figures() -> str:
        raise StoreError("mongodb://h/n: no answer")

    port = free_port()
    with metrics_served(port, figures):
        status, _, text = await fetched(port)
    assert status == 503
    assert "mongodb://h/n: no answer" in text


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--metrics-port {port}: Address already in use"), metrics_served(port, asyncio.sleep):
            pass


async def test_without_a_port_nothing_is_served() -> None:
    with metrics_served(None, asyncio.sleep):
        pass
