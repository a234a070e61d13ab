"""The SQLite file, opened by Datasette as its user does."""

import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

from newscrawl.query.export.database import DatabaseWriter, indexed
from newscrawl.query.export.work import export
from newscrawl.reprints import Cluster, Compared, Copy, Regrouping
from newscrawl.store.protocol import Search
from tests.store.records import START, article, holding

FERRY = article("ferry", "今晨湖面大雾，渡船首班推迟。", section="City", authors=("Ann Lee", "顾小满"))
COPY = article("copy", "渡船首班推迟。", site="herald")


@contextmanager
def datasette(*arguments) -> Iterator[str]:
    """The address of a Datasette that serves a file on loopback."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", *map(str, arguments), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield wait_for(f"http://127.0.0.1:{port}", running)
        finally:
            running.terminate()
            running.communicate(timeout=20)


def wait_for(address, running):
    for _ in range(300):
        assert running.poll() is None, running.stderr.read()
        try:
            urllib.request.urlopen(f"{address}/-/versions.json").close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("Datasette does not answer")


def page(address, path):
    with urllib.request.urlopen(f"{address}/{path}") as answer:
        return answer.read().decode()


def rows(address, path, **asked):
    return json.loads(page(address, f"all/{path}.json?{urllib.parse.urlencode({'_shape': 'array', **asked})}"))


async def test_datasette_opens_it(store, articles, tmp_path):
    await store.settle(holding(FERRY, COPY))
    compared = tuple(Compared(one.id, one.text_search, ()) for one in (FERRY, COPY))
    cluster = Cluster("c1", START, START, FERRY.id, (Copy(FERRY.id, 1.0), Copy(COPY.id, 0.9)))
    await store.regroup(Regrouping(compared, labels={FERRY.id: "c1", COPY.id: "c1"}, clusters=(cluster,)))
    out = tmp_path / "all.db"
    await export(store, Search(), DatabaseWriter(out, "q", store), lambda _: None)
    with datasette(out) as address:
        assert len(rows(address, "articles", _size="max")) == len(articles) + 2
        for words in ("湖面大雾", "湖面", "雾", "今晨 渡船"):
            assert [one["id"] for one in rows(address, "articles", _search=words)] == [FERRY.id], words
        assert rows(address, "articles", _search="船雾") == rows(address, "articles", _search="port 7") == []
        assert [one["title"] for one in rows(address, "articles", _search='REPORT "7')] == ["Report 7"]
        assert len(rows(address, "articles", site="gazette", _size="max")) == 21
        (revision,) = rows(address, "revisions", _labels="on")
        assert revision["article"]["value"] == articles[7].id
        assert [(one["article"], one["original"], one["share"]) for one in rows(address, "copies", _sort="share")] == [
            (COPY.id, 0, 0.9),
            (FERRY.id, 1, 1.0),
        ]
        text = page(address, "all/articles?_facet_array=authors&_facet_date=first_seen")
        assert "顾小满" in text
        assert "export_state" not in text


def test_every_piece_of_up_to_four_characters_is_a_word():
    assert indexed("OK 大桥通。").split() == ["OK", "大", "大桥", "大桥通", "桥", "桥通", "通", "。"]
    assert "一二三四" in indexed("一二三四五").split()
    assert "一二三四五" not in indexed("一二三四五").split()


async def test_it_is_a_sound_file_of_its_own(store, articles, tmp_path):
    out = tmp_path / "all.db"
    await export(store, Search(), DatabaseWriter(out, "q", store), lambda _: None)
    with closing(sqlite3.connect(out)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts_%'")}
        assert tables == {"articles", "articles_fts", "copies", "revisions"}
        assert db.execute("SELECT first_seen, authors FROM articles ORDER BY first_seen LIMIT 2").fetchall() == [
            ("2026-08-01T06:00:00.123Z", "[]"),
            ("2026-08-02T12:00:00.123Z", '["Ann Lee"]'),
        ]
