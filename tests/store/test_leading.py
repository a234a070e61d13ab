"""Which addresses lead to an article, by any of its own."""

from dataclasses import replace
from pathlib import Path

from newscrawl.models import Result, State
from newscrawl.store.leading import leading_to
from newscrawl.store.protocol import twin_of
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.store.records import article, target

ALIAS, OTHER = "https://m.gazette.example/a", "https://gazette.example/b"


async def test_they_lead_to_its_own_address_or_to_an_alias(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    one = replace(article("a"), aliases=(ALIAS,))
    left = {"state": State.SKIPPED, "result": Result.TWIN}
    await store.add_targets(
        [
            target("short", state=State.DONE, result=Result.REDIRECT, detail=f"301 {one.url}"),
            target("print", detail=twin_of(one.url), **left),
            target("session", detail=twin_of(ALIAS), **left),
            target("alias", url=ALIAS, detail=twin_of(one.url), **left),
            target("other", detail=twin_of(OTHER), **left),
        ]
    )
    assert [found.url.rpartition("/")[2] for found in await leading_to(store, one)] == ["print", "session", "short"]
    await store.close()
