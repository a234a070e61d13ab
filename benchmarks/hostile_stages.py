"""What each folder of hostile files is given to, one file after the other, and what came of it: one line of JSON a file.

Run by benchmarks.hostile in a process of its own: `python -m benchmarks.hostile_stages GROUP FOLDER`.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from newscrawl.archive.exchange import Exchange
from newscrawl.clean.article import clean
from newscrawl.clean.urls import canonical, join
from newscrawl.config import load_config
from newscrawl.crawl.robots import robots_answer
from newscrawl.discover.documents import Cut
from newscrawl.discover.feeds import read_feed
from newscrawl.discover.links import find_links
from newscrawl.discover.sitemaps import read_sitemap
from newscrawl.discover.walls import wall
from newscrawl.extract.article import read_article
from newscrawl.extract.tree import parse
from newscrawl.models import Kind, Target
from tests.discover.damage import CHINESE, CUT_OFF, DAMAGED, IN_CHINESE, STORIES

AT = datetime(2026, 5, 1, tzinfo=UTC)
URL = "https://gazette.example/feed"
PROCESS_MEMORY = 1_500_000_000  # bytes of address space that a group may ask for; beyond it Python raises MemoryError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file."""

    refused: str = ""  # why nothing of it was read
    cut: str = ""  # why not all of it was
    recovered: int = 0  # entries, of `standing`
    standing: int = 0


Job = tuple[str, Callable[[], Outcome]]
_ENTRY = re.compile(rb"<(?:item|entry)\b.*?(?=<(?:item|entry)\b|\Z)", re.DOTALL)
_ADDRESS = re.compile(rb"(?:<(?:link|guid|id)\b[^>]*>|<link\b[^>]*href=\W|rdf:about=\W)\s*(?:<!\[CDATA\[)?\s*https?:")


def feeds(folder: Path) -> Iterator[Job]:
    """Ill-formed feeds, and feeds in all encodings."""
    for path in _files(folder / "feeds"):
        yield path.name, partial(_hostile_feed, path.read_bytes())


def damaged(_: Path) -> Iterator[Job]:
    """A feed of our own, damaged in every way that is known of servers. What is cut off in the middle stands there only in part."""
    bodies: dict[str, str | bytes] = {**DAMAGED, **IN_CHINESE, **CUT_OFF}
    for name, body in bodies.items():
        stories = CHINESE if name in IN_CHINESE else STORIES
        raw = body if isinstance(body, bytes) else body.encode()
        standing = _addresses(raw) if name in CUT_OFF else len(stories)
        yield name, partial(_feed, raw, standing)


def xml(folder: Path) -> Iterator[Job]:
    """Entity bombs, external entities, document types: as a feed and as a sitemap."""
    for path in _files(folder / "xml"):
        yield path.name, partial(_feed_and_sitemap, path.read_bytes())


def bombs(_: Path) -> Iterator[Job]:
    """Documents of our own that are made to need time or memory."""
    made: dict[str, Callable[[], bytes]] = {
        "200 MB of blanks, gzipped": lambda: gzip.compress(b"<rss>" + b" " * 200_000_000, 1),
        "gzip in gzip": lambda: gzip.compress(gzip.compress(b"<rss>" + bytes(50_000_000), 1), 1),
        "a million entries": lambda: b"<rss>" + b"<item><link>/a</link></item>" * 1_000_000,
        "a million tags deep": lambda: b"<rss>" + b"<item>" * 1_000_000,
        "one tag of 20 MB": lambda: b"<item " + b"a='b' " * 3_300_000,
        "a CDATA of 20 MB that doesn't end": lambda: b"<rss><item><title><![CDATA[" + b"x" * 20_000_000,
        "a comment of 20 MB that doesn't end": lambda: b"<rss><!--" + b"-" * 20_000_000,
        "a title of 20 MB": lambda: b"<rss><item><link>/a</link><title>" + b"&amp;" * 4_000_000 + b"</title></item>",
        "a million brackets of JSON": lambda: b'{"items":' + b"[" * 1_000_000,
    }
    for name, make in made.items():
        yield name, partial(_feed_and_sitemap, make())


def robots(folder: Path) -> Iterator[Job]:
    """Real robots.txt files."""
    for path in _files(folder / "robots"):
        yield path.name, partial(_robots, path.read_bytes())


def jsons(folder: Path) -> Iterator[Job]:
    """JSON of all kinds: as a feed, and as the structured data of a page."""
    for path in _files(folder / "json"):
        yield path.name, partial(_json, path.read_bytes())


def urls(folder: Path) -> Iterator[Job]:
    """Addresses, valid and not, as links."""
    for path in _files(folder / "urls"):
        cases = [case for case in json.loads(path.read_text("utf-8")) if isinstance(case, dict)]
        for number, case in enumerate(cases):
            yield f"{path.name} {number}", partial(_url, case)


def strings(folder: Path) -> Iterator[Job]:
    """Naughty strings: as text, attribute and address of a page, and as a feed."""
    for path in _files(folder / "strings"):
        lines = path.read_text("utf-8", "replace").splitlines()
        for start in range(0, len(lines), 25):
            yield f"{path.name} {start}", partial(_strings, lines[start : start + 25])


GROUPS: Mapping[str, Callable[[Path], Iterator[Job]]] = {
    group.__name__: group for group in (feeds, damaged, xml, bombs, robots, jsons, urls, strings)
}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _addresses(body: bytes) -> int:
    """How many entries with an address stand in a feed, encodings with zero bytes undone."""
    return sum(bool(_ADDRESS.search(entry)) for entry in _ENTRY.findall(body.replace(b"\0", b"")))


def _told(cut: Cut, recovered: int = 0, standing: int = 0) -> Outcome:
    if cut is Cut.ENTITIES:
        return Outcome(refused="defines entities")
    return Outcome(cut=cut.value, recovered=recovered, standing=standing)


def _hostile_feed(body: bytes) -> Outcome:
    return _feed(body, _addresses(body))


def _feed(body: bytes, standing: int) -> Outcome:
    feed = read_feed(body, URL)
    return _told(feed.cut, len(feed.entries), standing)


def _feed_and_sitemap(body: bytes) -> Outcome:
    return _told(read_feed(body, URL).cut or read_sitemap(body, URL).cut)


def _exchange(body: bytes) -> Exchange:
    return Exchange(f"{URL}/robots.txt", AT, 200, (), body)


def _robots(body: bytes) -> Outcome:
    target = Target("1", "gazette", f"{URL}/robots.txt", Kind.ROBOTS, AT)
    answer = robots_answer(target, _exchange(body), load_config({}).crawl)
    if answer.rules is None:
        return Outcome(refused=answer.visit.detail)
    answer.rules.allow(f"{URL}/a?b=c")
    return Outcome()


def _json(body: bytes) -> Outcome:
    read_feed(body, URL)
    _page(f'<html><head><script type="application/ld+json">{body.decode("utf-8", "replace")}</script></head><p>Late.</p></html>')
    return Outcome()


def _url(case: dict[str, str]) -> Outcome:
    base = case.get("base") or ""
    url = join("" if base == "about:blank" else base, case["input"].encode("utf-8", "replace").decode())
    assert canonical(url) == url
    return Outcome(refused="" if url else "not of the web, or not valid")


def _strings(lines: list[str]) -> Outcome:
    some = [line.encode("utf-8", "replace").decode() for line in lines]
    for text in (*some, *map(html.escape, some)):
        _feed(f"<rss><item><title>{text}</title><link>{text}</link></item></rss>".encode(), 1)
        wall(403, (("Server", text),), f"<title>{text}</title>".encode())
    paragraphs = "".join(f"<p title='{text}'><a href='{text}'>{text}</a> {text}</p>" for text in some)
    _page(f"<html><head><title>{some[0]}</title></head><body><h1>{some[0]}</h1><article>{paragraphs}</article></body></html>")
    return Outcome()


def _page(markup: str) -> None:
    page = parse(markup)
    find_links(page.tree, URL)
    if reading := read_article(page, URL, at=AT):
        clean(reading)


def main() -> None:
    """One line a file: its name, what came of it, seconds, and the most megabytes of Python's memory that it took."""
    group, folder = sys.argv[1], Path(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (PROCESS_MEMORY, PROCESS_MEMORY))
    for name, job in GROUPS[group](folder):
        begun = time.perf_counter()
        came = _came(job)
        seconds = time.perf_counter() - begun
        tracemalloc.start()
        _came(job)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        line = {"name": name, "seconds": seconds, "megabytes": peak / 1e6, **came}
        print(json.dumps(line), flush=True)
    print(json.dumps({"process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}))


def _came(job: Callable[[], Outcome]) -> dict[str, object]:
    try:
        return {"crashed": "", **asdict(job())}
    except Exception as error:  # whatever it is, it is what is being looked for
        return {"crashed": repr(error), **asdict(Outcome())}


if __name__ == "__main__":
    main()
