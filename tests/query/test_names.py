"""Which names of the archive a query means."""

import pytest

from newscrawl.query.names import looked_up, meant
from newscrawl.query.search import parsed_search
from newscrawl.store import open_store
from newscrawl.store.conditions import Field
from tests.store.records import article, holding


@pytest.mark.parametrize(
    ("field", "phrase", "names"),
    [
        (Field.AUTHOR, "陈", ["陳一", "陈二"]),
        (Field.AUTHOR, "ann", ["Ann Lee"]),
        (Field.AUTHOR, "ann lee", ["Ann Lee"]),
        (Field.AUTHOR, "lee ann", []),
        (Field.LANGUAGE, "zh", ["zh-Hans", "zh"]),
        (Field.LANGUAGE, "zh-hans", ["zh-Hans"]),
        (Field.LANGUAGE, "z", []),
    ],
)
def test_names_are_meant(field, phrase, names):
    assert list(meant(field, ["陳一", "陈二", "Ann Lee", "Anna Leeds", "zh-Hans", "zh", "zha"], phrase)) == names


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("author:陈", "a"),
        ("-author:陈", "b"),
        ("author:lee OR author:陈", "ab"),
        ("(section:city lang:en)", "b"),
        ("section:city -(author:lee)", "a"),
        ("author:nobody", ""),
    ],
)
async def test_a_query_with_names_is_answered(tmp_path, query, found):
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    a = article("a", authors=("陳一",), section="City", language="zh-Hant")
    b = article("b", authors=("Ann Lee",), section="City Desk", language="en")
    await store.settle(holding(a, b))
    hits = await store.search(await looked_up(store, parsed_search([query])))
    await store.close()
    assert "".join(sorted(hit.url[-1] for hit in hits)) == found
