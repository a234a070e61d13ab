"""What a crawl costs as its frontier grows: `python -m benchmarks.frontier [--pages 20000]`, five minutes.

An invented site is served on loopback by this process and crawled by another, without reading articles. Printed are the crawler's
memory with 50,000 and 100,000 addresses found and waiting, and its CPU time a page as the pages become many.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from newscrawl.sites import site_for_url
from newscrawl.store import open_store

A_LISTING = 1_000  # links
A_SITEMAP = 50_000  # addresses
MORE = 200  # stories fetched while all the rest waits
WORDS = "council bridge harbour budget school ferry market road museum library mayor river station fire storm harvest".split()
MENU = "".join(f'<li><a href="/section{number}/">Section {number}</a></li>' for number in range(10))

PORT = 8947
HOME = f"http://127.0.0.1:{PORT}"

Site = Callable[[str], str]  # from a path to what stands there


def headline(number: int) -> str:
    """A link to a story."""
    return f"<p><a href=/news/{number}.html>{WORDS[number % 16]} and {WORDS[number // 16 % 16]}: story {number}</a>\n"


def story(path: str) -> int:
    """The number of the story at a path."""
    return int(path.removeprefix("/news/").removesuffix(".html"))


def page(links: str) -> str:
    """A page of 6 KB beside its links; its words are others on each."""
    text = " ".join(random.choices(WORDS, k=800))
    return f"<title>{text[:40]}</title><ul class=menu>{MENU}</ul><div class=list>{links}</div><article>{text}</article>"


def listed(many: int) -> Site:
    """A site whose listings show `many` stories."""
    pager = "".join(f'<a href="/list/{start}">{number}</a> ' for number, start in enumerate(range(0, many, A_LISTING), 2))

    def shown(path: str) -> str:
        if path.startswith("/list/"):
            return page("".join(headline(int(path[6:]) + number) for number in range(A_LISTING)))
        return one_more(path, many) if path.startswith("/news/") else page(pager)

    return shown


def mapped(many: int) -> Site:
    """A site whose sitemaps name `many` stories."""

    def shown(path: str) -> str:
        if path == "/robots.txt":
            return "".join(f"Sitemap: {HOME}/map/{start}.xml\n" for start in range(0, many, A_SITEMAP))
        if path.startswith("/map/"):
            start = int(path[5:-4])
            addresses = (f"<url><loc>{HOME}/news/{number}.html</loc></url>" for number in range(start, start + A_SITEMAP))
            return f"<urlset>{''.join(addresses)}</urlset>"
        return one_more(path, many) if path.startswith("/news/") else page("")

    return shown


def one_more(path: str, many: int) -> str:
    """A story that shows one more beside the `many`: a crawl leaves stories that show no news."""
    return page(headline(many + story(path)))


def branching(path: str) -> str:
    """A site without an end: each story shows four new ones and six that are known."""
    number = story(path) if path.startswith("/news/") else 0
    known = [random.randrange(number + 1) for _ in range(6)]
    return page("".join(map(headline, [*range(4 * number + 1, 4 * number + 5), *known])))


@dataclass(slots=True)
class Server:
    """Serves a site, and counts the stories among what it is asked for."""

    site: Site
    stories: int = 0
    _awaited: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                body = self.site(path).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                self.stories += path.startswith("/news/")
                if self.stories >= self._awaited:
                    self._reached.set()
        writer.close()

    async def has_served(self, stories: int) -> None:
        """Return when so many stories have been asked for."""
        self._awaited = stories
        self._reached.clear()
        if self.stories < stories:
            await self._reached.wait()


@asynccontextmanager
async def crawled(server: Server, folder: str) -> AsyncIterator[psutil.Process]:
    """A crawl of a server's site in a process of its own, ended when the block is left."""
    knobs = {"STORE": f"sqlite:///{folder}/store.db", "ARCHIVE": f"{folder}/warc", "CRAWL_DELAY": "0.001", "CRAWL_READ_ARTICLES": "false"}
    outside = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")}
    environment = outside | {f"NEWSCRAWL_{name}": value for name, value in knobs.items()}
    quiet = asyncio.subprocess.DEVNULL
    async with await asyncio.start_server(server.answer, "127.0.0.1", PORT):
        command = sys.executable, "-m", "newscrawl", "crawl", f"{HOME}/"
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=quiet, stderr=quiet)
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            await process.wait()


async def memory_when_found(site: Site) -> tuple[float, float, int]:
    """Megabytes that a crawl takes, and took at most, once all that the site lists has been found; how many addresses wait then."""
    server = Server(site)
    with tempfile.TemporaryDirectory() as folder:
        async with crawled(server, folder) as process:
            await server.has_served(MORE)
            taken, most = process.memory_info().rss / 1e6, peak(process.pid) / 1e6
        return taken, most, await waiting(folder)


async def waiting(folder: str) -> int:
    """Addresses that wait in the store of an ended crawl."""
    store = open_store(f"sqlite:///{folder}/store.db")
    await store.open()
    backlog = await store.backlog(site_for_url(HOME).slug)
    await store.close()
    return backlog.waiting


def peak(pid: int) -> int:
    """Bytes of memory that a process has had at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


async def milliseconds_a_page(marks: list[int]) -> AsyncIterator[tuple[int, float]]:
    """CPU time of a page, from mark to mark. What comes before the first is left out: it is warming up."""
    server = Server(branching)
    with tempfile.TemporaryDirectory() as folder:
        async with crawled(server, folder) as process:
            before = began = 0.0
            for mark in marks:
                await server.has_served(mark)
                spent, stories = sum(process.cpu_times()[:2]), server.stories
                if began:
                    yield mark, (spent - before) / (stories - began) * 1000
                before, began = spent, stories


async def measure(pages: int) -> None:
    """Print a table."""
    for many in (50_000, 100_000):
        for where, site in (("on listings", listed(many)), ("in sitemaps", mapped(many))):
            taken, most, wait = await memory_when_found(site)
            print(f"{f'{many:,} addresses {where}':<32} {taken:6.0f} MB, {most:.0f} at most, {wait:,} waiting", flush=True)
    async for mark, taken in milliseconds_a_page([100, 1_000, *range(pages // 4, pages + 1, pages // 4)]):
        print(f"{f'up to {mark:,} pages':<32} {taken:6.2f} ms of CPU a page", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    asyncio.run(measure(parser.parse_args().pages))
