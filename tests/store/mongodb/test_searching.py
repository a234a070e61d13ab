"""What only MongoDB has to do so that searches are answered."""

from dataclasses import replace

import pytest

from newscrawl.store import open_store
from newscrawl.store.conditions import Holds, Not, Some
from newscrawl.store.mongodb.searching import filter_of
from newscrawl.store.protocol import Search
from tests.store.records import article, holding


async def test_articles_of_an_older_database_are_found_by_their_titles(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    await store.prepare()
    count = 1100  # more than are written at a time
    await store.settle(holding(*(replace(article(str(at)), text_search="港口 opens\nPlain.") for at in range(count))))
    await store._db["articles"].update_many({}, {"$unset": {"title_terms": ""}})
    await store._db["migrations"].delete_one({"_id": "0007-titles"})
    titled = Search(conditions=(Holds("港口", title=True),))
    assert await store.count(titled) == 0
    assert await store.prepare() == ["0007-titles"]
    assert await store.count(titled) == count
    await store.close()


@pytest.mark.parametrize(
    ("query", "grams"),
    [
        (Search(words=("ferry", "harbour")), "harbour"),
        (Search(conditions=(Some((Holds("ferry"), Holds("boat"))),)), "ferry boat"),
        (Search(words=("a",), conditions=(Some((Holds("ferry"), Holds("boat"))),)), "a"),
        (Search(conditions=(Some((Holds("ferry"), Not(Holds("boat")))),)), None),
        (Search(conditions=(Not(Holds("ferry")),)), None),
        (Search(words=("港",)), None),
        (Search(words=("港口",)), "港口"),
    ],
)
def test_the_index_leads_to_candidates_wherever_it_can(query: Search, grams: str | None) -> None:
    found = [part["$text"]["$search"] for part in filter_of(query)["$and"] if "$text" in part]
    assert found == ([grams] if grams else [])
