"""What a crawl costs as its frontier grows: `python -m benchmarks.frontier [--pages 20000]`, five minutes.

An invented site is served on loopback by this process and crawled by another, without reading articles. Printed are the crawler's
largest memory with 50,000 and 100,000 addresses found and waiting, and its CPU time a page as the pages become many.
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

MEBIBYTE = 1 << 20
A_LISTING = 1_000  # links
A_SITEMAP = 50_000  # links
MORE = 200  # pages fetched while all the rest waits
SPAN = 1_000  # pages over which CPU time is taken
WORDS = "council bridge harbour budget school ferry market road museum library mayor river station fire storm harvest".split()
MENU = "".join(f'<li><a href="/section{number}/">Section {number}</a></li>' for number in range(10))

Site = Callable[[str], str]


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


def listed(many: int, *, sitemap: int) -> Site:
    """A site whose listings, and one long list of `sitemap` links, name `many` stories."""
    rest = range(sitemap, many, A_LISTING)
    pager = "".join(f'<a href="/list/{start}">{number}</a> ' for number, start in enumerate(rest, 2))
    front = page(pager + ('<a href="/list/0" rel=next>all</a>' if sitemap else ""))

    def shown(path: str) -> str:
        if path.startswith("/list/"):
            start = int(path.removeprefix("/list/"))
            return page("".join(map(headline, range(start, start + (A_LISTING if start or not sitemap else sitemap)))))
        if path.startswith("/news/"):
            return page(headline(many + story(path)))  # one more for each that is fetched, else the crawl leaves them
        return front if path == "/" else page("")

    return shown


def branching(path: str) -> str:
    """A site without an end: each story shows four new ones and six that are known."""
    number = story(path) if path.startswith("/news/") else 0
    known = [random.randrange(number + 1) for _ in range(6)]
    return page("".join(map(headline, [*range(4 * number + 1, 4 * number + 5), *known])))


@dataclass(slots=True)
class Server:
    """Serves a site, and counts."""

    site: Site
    served: int = 0
    reached: dict[int, asyncio.Event] = field(default_factory=dict)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                found = not path.startswith("/robots.txt")
                body = self.site(path).encode() if found else b""
                head = (
                    f"HTTP/1.1 {200 if found else 404} -\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
                )
                writer.write(head.encode() + body)
                self.served += found
                if self.served in self.reached:
                    self.reached[self.served].set()
        writer.close()

    async def has_served(self, many: int) -> None:
        """Return when so many pages have been asked for."""
        await self.reached.setdefault(many, asyncio.Event()).wait()


@asynccontextmanager
async def crawled(server: Server, folder: str) -> AsyncIterator[psutil.Process]:
    """A crawl of a server's site in a process of its own, ended when the block is left."""
    knobs = {"STORE": f"sqlite:///{folder}/store.db", "ARCHIVE": f"{folder}/warc", "CRAWL_DELAY": "0.001", "CRAWL_READ_ARTICLES": "false"}
    outside = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")}
    environment = outside | {f"NEWSCRAWL_{name}": value for name, value in knobs.items()}
    quiet = asyncio.subprocess.DEVNULL
    async with await asyncio.start_server(server.answer, "127.0.0.1", 0) as listening:
        command = sys.executable, "-m", "newscrawl", "crawl", f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=quiet, stderr=quiet)
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            await process.wait()


async def largest_memory(many: int, *, sitemap: int) -> float:
    """Mebibytes that a crawl has taken at most when `many` addresses have been found and wait."""
    server = Server(listed(many, sitemap=sitemap))
    lists = 1 + (sitemap > 0) + (many - sitemap) // A_LISTING
    with tempfile.TemporaryDirectory() as folder:
        async with crawled(server, folder) as process:
            await server.has_served(lists + MORE)
            return peak(process.pid) / MEBIBYTE


def peak(pid: int) -> int:
    """Bytes of memory that a process has had at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


async def milliseconds_a_page(marks: list[int]) -> dict[int, float]:
    """CPU time of a page, in the last thousand before each mark, and in the first thousand after the start."""
    server, taken = Server(branching), {}
    with tempfile.TemporaryDirectory() as folder:
        async with crawled(server, folder) as process:
            for mark in marks:
                await server.has_served(max(mark - SPAN, 100))  # the first hundred warm up
                before, began = sum(process.cpu_times()[:2]), server.served
                await server.has_served(mark)
                taken[mark] = (sum(process.cpu_times()[:2]) - before) / (server.served - began) * 1000
    return taken


async def measure(most: int) -> None:
    """Print a table."""
    for many in (50_000, 100_000):
        for sitemap in (0, A_SITEMAP):
            where = f"{sitemap:,} of them on one page" if sitemap else "on listings"
            print(f"{f'{many:,} waiting, {where}':<50} {await largest_memory(many, sitemap=sitemap):6.0f} MiB at most", flush=True)
    for mark, taken in (await milliseconds_a_page([SPAN, most // 4, most // 2, most])).items():
        print(f"{f'at {mark:,} pages':<50} {taken:6.2f} ms of CPU a page", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    asyncio.run(measure(parser.parse_args().pages))
