"""`newscrawl words`, `flows`, `edits`, `gone` and `coverage` as a user types them."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from newscrawl.cli import app
from newscrawl.models import Result
from newscrawl.query.overview_page import later
from newscrawl.reprints import Cluster, Compared, Copy, Regrouping
from newscrawl.store import open_store
from tests.store.records import START, article, holding, hours, revision, target, visited

FERRY = article("ferry", "ferry captain", title="Ferry stays\x1b[2J", revision=2, changed=hours(3), gone=hours(9), cluster="c1")
TAKEN = article("taken", "ferry captain", site="herald", first_seen=hours(50), cluster="c1")


@pytest.fixture
def ask(tmp_path):
    async def fill():
        store = open_store(f"sqlite:///{tmp_path}/store.db")
        await store.open()
        await store.settle(holding(FERRY, TAKEN, *(article(f"f{at}", f"ferry captain {at}") for at in range(9))))
        await store.settle(holding(*(article(f"m{at}", f"mayor {at}") for at in range(60))))
        edit = revision("ferry", replaced=hours(3), changed=("title", "text"), title="Ferry sails", silent=True)
        await store.settle([visited("edit", capture=None, revision=edit)])
        compared = tuple(Compared(one.id, one.text_search, ()) for one in (FERRY, TAKEN))
        cluster = Cluster("c1", START, START, FERRY.id, (Copy(FERRY.id, 1.0), Copy(TAKEN.id, 0.9)))
        await store.regroup(Regrouping(compared, labels={FERRY.id: "c1", TAKEN.id: "c1"}, clusters=(cluster,)))
        await store.add_targets([target("lost", listed="2026-07-31", result=Result.BUSY)])
        await store.close()

    asyncio.run(fill())
    return lambda *words: CliRunner().invoke(app, [*words, "--store", f"sqlite:///{tmp_path}/store.db"])


def test_words(ask):
    assert "captain" in ask("words", "ferry").stdout
    assert json.loads(ask("words", "ferry", "--json").stdout.splitlines()[0])["text"] == "captain"
    assert ask("words", "mayor").stderr.startswith("No word stands out")


def test_flows(ask):
    (flow,) = map(json.loads, ask("flows", "--json").stdout.splitlines())
    assert (flow["source"], flow["taker"], flow["articles"], flow["hours"]) == ("gazette", "herald", 1, 50.0)
    assert "2 days" in ask("flows", "ferry", "-mayor").stdout
    assert ask("flows", "mayor").stderr == "No reprint between sites is known of what the query finds.\n"


def test_edits(ask):
    assert "Ferry sails → Ferry stays[2J" in ask("edits").stdout
    assert "title, text, silently" in ask("edits", "site:gazette").stdout
    assert ask("edits", "mayor").stderr == "No edit was seen of what the query finds.\n"


def test_gone(ask):
    assert FERRY.id[:10] in ask("gone").stdout
    assert [json.loads(line)["id"] for line in ask("gone", "--json").stdout.splitlines()] == [FERRY.id]
    assert ask("gone", "mayor").stderr == "Nothing was seen to vanish of what the query finds.\n"


def test_coverage(ask):
    first, second = map(json.loads, ask("coverage", "gazette", "--json").stdout.splitlines())
    assert (first["day"], first["read"], second["day"], second["missed"]) == ("2026-08-01", 70, "2026-07-31", 1)
    assert "2026-07-31" in ask("coverage", "gazette").stdout
    unknown = ask("coverage", "nobody")
    assert (unknown.exit_code, "nothing of a site 'nobody' is known" in unknown.stderr) == (2, True)


@pytest.mark.parametrize("command", ["words", "flows", "edits", "gone"])
def test_a_query_that_can_not_be_read_is_pointed_at(ask, command):
    came = ask(command, "(ferry")
    assert came.exit_code == 2
    assert "never closed" in came.stderr


@pytest.mark.parametrize(
    ("hours", "told"), [(0.01, "36 s"), (0.5, "30 min"), (0, "0 s"), (5, "5 h"), (-3, "-3 h"), (72, "3 days"), (-0.0001, "0 s")]
)
def test_lapses_have_the_unit_that_suits_them(hours, told):
    assert later(hours) == told
