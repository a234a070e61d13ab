"""An archive that is served as a user serves it: `newscrawl serve` in a process of its own."""

import asyncio
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newscrawl.health import Alarm, Baseline, Health, Sign, as_json
from newscrawl.identify.exact import target_id
from newscrawl.models import Article, Moment, Result, Run, State
from newscrawl.reprints import Cluster, Compared, Copy, Regrouping
from newscrawl.store import open_store
from tests.archive.folders import written
from tests.exchanges import exchange
from tests.store.records import START, article, holding, hours, revision, target, visited

SHORT = "https://gazette.example/go/ferry"  # leads to the ferry
TRAP = "http://127.0.0.1:9"  # whoever goes there has been led astray
PAGE = f"""<!doctype html><meta charset="utf-8"><title>Ferry</title><link rel="stylesheet" href="{TRAP}/style.css">
<script src="{TRAP}/script.js"></script><script>document.title = "ran"</script>
<p>As it was archived.</p><img src="{TRAP}/img"><a href="{TRAP}/link">away</a>"""
XSS = [
    "<script>document.title='ran'</script>",
    "\"><img src=x onerror=document.title='ran'>",
    "'-document.title='ran'-'",
    "javascript:document.title='ran'",
    "<svg/onload=document.title='ran'>",
    "</title><script>document.title='ran'</script>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202ereversed\u202c",
    "=HYPERLINK(1)",
]


def told(name: str, title: str, text: str, **other: object) -> Article:
    return replace(article(name, text, **other), title=title, text_search=f"{title}\n{text}".lower())


FERRY = told(
    "ferry",
    "Ferry stays in port",
    "The ferry stays in port.\nFog lies over the water.\nA correction.",
    authors=("Ann Lee",),
    section="City",
    language="en",
    published=Moment(hours(0), "minute", "+08:00"),
)
COPY = told(
    "copy", "港口：渡船停航", "渡船今天停航。\n雾。", site="herald", language="zh-Hans", published=Moment(hours(30), "minute"), cluster="c1"
)
MANY = [told(f"many {at}", f"Council meets {at}", "Nothing was decided.", site="council", first_seen=hours(50 + at)) for at in range(45)]
MANY[0] = replace(MANY[0], gone=hours(99))
WEATHER = [told(f"weather {at}", "Forecast", "Sunny spells.", site="weather", first_seen=hours(3000 + at)) for at in range(60)]
WEATHER[:5] = [replace(one, revision=2, gone=hours(3100 + at // 2)) for at, one in enumerate(WEATHER[:5])]  # two at a time
HOSTILE = [
    told(f"xss {at}", text, text, authors=(text,), section=text, tags=(text,), url=f"https://x.example/{text}", site="hostile", source=text)
    for at, text in enumerate(XSS)
]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> object:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Served:
    """A server, and what it serves."""

    address: str
    ferry: Article

    def get(self, target: str, method: str = "GET", **headers: str) -> Answer:
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        told = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode())
        connection.close()
        return told


async def fill(uri: str, folder: Path) -> Article:
    (placed,) = written(folder, [exchange(PAGE.encode(), Content_Type="text/html; charset=utf-8")])
    ferry = replace(FERRY, capture=placed.id, revision=2, changed=hours(5))
    store = open_store(uri)
    await store.prepare()
    await store.open()
    await store.settle(holding(ferry, COPY, *MANY, *WEATHER, *HOSTILE))
    state = {"title": "Ferry sails", "text": "The ferry sails today.\nFog lies over the water.", "changed": ("title", "text")}
    former = revision("ferry", capture=placed.id, replaced=hours(5), **state)
    await store.settle([visited("ferry", capture=placed, revision=former)])
    changed = [revision(f"weather {at}", replaced=hours(3050 + at // 2)) for at in range(5)]
    await store.settle([visited(f"weather {at}", capture=None, revision=one) for at, one in enumerate(changed)])
    cluster = Cluster("c1", START, START, ferry.id, (Copy(ferry.id, 1.0), Copy(COPY.id, 0.9)))
    compared = tuple(Compared(one.id, one.text_search, ()) for one in (ferry, COPY))
    await store.regroup(Regrouping(compared, labels={ferry.id: "c1", COPY.id: "c1"}, clusters=(cluster,)))
    alarm = Alarm(Sign.FIELD, "2 of 40 have a date", START, "date", after=placed.id, proposal='date = { css = "time" }')
    await store.save_health("gazette", as_json(Health("gazette", START, Baseline(12.5, {"date": 0.9}), (alarm,))))
    await store.add_targets(
        [target(id=target_id("gazette", SHORT), url=SHORT, state=State.DONE, result=Result.REDIRECT, detail=f"301 {ferry.url}")]
    )
    await store.add_targets([target("lost", result=Result.BUSY, listed="2026-07-30", due=hours(0))])
    await store.save_run(Run("r1", "gazette", START, hours(1), "finished", {"new": 1, "requests": 3}))
    await store.close()
    return ferry


def serve(uri: str, folder: Path) -> Iterator[Served]:
    ferry = asyncio.run(fill(uri, folder))
    with serving(uri, folder) as address:
        yield Served(address, ferry)


@contextmanager
def serving(uri: str, folder: Path, *options: str, **environment: str) -> Iterator[str]:
    """The address of a server of what `fill` has filled."""
    command = [sys.executable, "-m", "newscrawl", "serve", "--port", "0", "--store", uri, "--archive", str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment) as server:
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    yield from serve(f"sqlite:///{folder}/store.db", folder / "warc")
