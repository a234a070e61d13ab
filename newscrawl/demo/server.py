"""A web server on loopback over tables of paths, in a thread of its own. It writes down when each request came and was answered."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from newscrawl.demo.http import Request, read_request, written
from newscrawl.demo.pages import Answers, Page, Wire
from newscrawl.errors import InputError

_LONGEST_HEAD = 32_768  # bytes
_EVERYWHERE = "127.0.0.1"  # the one loopback address that every system has


@dataclass(slots=True)
class Exchange:
    """A request and how it was answered. Times are of time.monotonic(), in seconds."""

    origin: str  # which of the server's origins it came to
    method: str
    target: str
    headers: Mapping[str, str]  # names in lower case
    arrived: float
    answered: float = float("inf")  # when the last byte had been handed over, or the connection was lost
    status: int = 0  # 0 for raw bytes, and until it is known

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def user_agent(self) -> str:
        """Who says to have asked."""
        return self.headers.get("user-agent", "")

    @property
    def conditional(self) -> bool:
        """Whether it asked only for what has changed."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass(slots=True)
class _House:
    """One origin: its listening socket and what it answers."""

    listener: socket.socket
    origin: str
    answers: Answers
    visits: Counter[str] = field(default_factory=Counter)  # by target


class Server:
    """Serves from `with` to its end. `origins` are known, and `publish` may be called, before that."""

    requests: list[Exchange]  # in order of arrival; may be cleared

    def __init__(self, hosts: Sequence[str] = (_EVERYWHERE,), *, port: int = 0) -> None:
        self.requests = []
        listeners = _all_listening(hosts, port)
        self._houses = [_House(listener, _origin(listener), lambda _: Page(status=404)) for listener in listeners]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="demo-server", daemon=True)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None

    @property
    def origins(self) -> tuple[str, ...]:
        """Such as http://127.0.0.1:8010, one for each host."""
        return tuple(house.origin for house in self._houses)

    def publish(self, *answers: Answers) -> None:
        """Answer from these from now on, one for each origin."""
        for house, own in zip(self._houses, answers, strict=True):
            house.answers = own

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._loop is not None
        assert self._end is not None
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        talks: set[asyncio.Task[None]] = set()
        servers = [
            await asyncio.start_server(self._welcome(house, talks), sock=house.listener, limit=_LONGEST_HEAD) for house in self._houses
        ]
        self._ready.set()
        await self._end.wait()
        for server in servers:
            server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _welcome(self, house: _House, talks: set[asyncio.Task[None]]) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talk = asyncio.get_running_loop().create_task(self._converse(house, reader, writer))
            talks.add(talk)
            talk.add_done_callback(talks.discard)

        return begin

    async def _converse(self, house: _House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests until either side has had enough."""
        try:
            while request := read_request(await reader.readuntil(b"\r\n\r\n")):
                exchange = Exchange(house.origin, request.method, request.target, request.headers, time.monotonic())
                self.requests.append(exchange)
                goes_on = await _answer(house, request, exchange, writer)
                if not goes_on:
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client has gone, or is none
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _answer(house: _House, request: Request, exchange: Exchange, writer: asyncio.StreamWriter) -> bool:
    """Send what the house has for a request; whether the connection may go on."""
    answer = house.answers(request.target)
    house.visits[request.target] += 1
    try:
        if isinstance(answer, Wire):
            await _put(answer, writer)
            return False
        if answer.first is not None and house.visits[request.target] == 1:
            answer = answer.first
        await asyncio.sleep(answer.delay)
        response = written(answer, request)
        exchange.status = response.status
        writer.write(response.data)
        await writer.drain()
    finally:
        exchange.answered = time.monotonic()
    return request.keeps_alive


async def _put(wire: Wire, writer: asyncio.StreamWriter) -> None:
    for chunk in wire.chunks:
        await asyncio.sleep(wire.pause)
        writer.write(chunk)
        await writer.drain()


def _all_listening(hosts: Sequence[str], port: int) -> list[socket.socket]:
    """One socket for each host, on consecutive ports if they matter."""
    with ExitStack() as stack:
        listeners = [stack.enter_context(_listening(host, port and port + place)) for place, host in enumerate(hosts)]
        stack.pop_all()  # all are there, so none is closed
    return listeners


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket; on 127.0.0.1 where the system has no other loopback address. Raises InputError if the port can't be had."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL and host != _EVERYWHERE:
            return _listening(_EVERYWHERE, port)
        raise InputError(f"can't serve on {host}:{port} ({error.strerror}): choose another port, or 0 for a free one") from error


def _origin(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"
