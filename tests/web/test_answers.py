"""What programs are answered: pages by cursor, ETags, errors, and that it is as /openapi.json says."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from newscrawl.query.counts import Bar
from newscrawl.query.coverage import Coverage
from newscrawl.query.flows import Flows
from newscrawl.query.words import Words
from newscrawl.web.answers import Facets, Found, Told
from newscrawl.web.overview_answers import Edits, Losses
from tests.store.records import hours
from tests.web.conftest import FERRY, SHORT, XSS, Served

OPERATORS = [
    *('{"$ne": ""}', "$where", "$gt", "' OR 1=1 --", '"] OR 1', "tokens:x OR 1", "NEAR(a b)", "^a", "a*", ".*", "a) OR (1", "{a}: b", "\0"),
    *("%00", "../../etc/passwd", "{{7*7}}", "\u202e", "' UNION SELECT 1 --", "]}", "\\", "$", "^council"),
]


def paged(served: Served, question: str, view: str = "articles") -> Iterator[dict]:
    target = f"/api/{view}?{question}"
    while target:
        came = served.get(target)
        assert came.status == 200
        yield came.json
        link = came.headers.get("link", "")
        assert bool(link) == bool(came.json["next"])
        target = link.partition(">")[0].removeprefix("<")


@pytest.mark.parametrize("sort", ["newest", "relevance"])
def test_pages_follow_each_other_by_link_to_the_last(served: Served, sort: str) -> None:
    pages = list(paged(served, f"q=council&limit=20&sort={sort}"))
    assert [len(page["articles"]) for page in pages] == [20, 20, 5]
    assert [page["total"] for page in pages] == [45] * 3
    ids = [one["id"] for page in pages for one in page["articles"]]
    assert len(set(ids)) == 45
    assert ids[0] == served.get(f"/api/articles?q=council&limit=1&sort={sort}").json["articles"][0]["id"]


@pytest.mark.parametrize("address", [FERRY.url, SHORT])
def test_an_article_is_told_by_any_of_its_addresses(served: Served, address: str) -> None:
    by_id = served.get(f"/api/articles/{served.ferry.id}")
    assert served.get(f"/api/article?url={quote(address)}").text == by_id.text


@pytest.mark.parametrize(("query", "status"), [("?url=https://gazette.example/nothing", 404), ("?url=", 400), ("", 400)])
def test_an_address_without_an_article_is_named(served: Served, query: str, status: int) -> None:
    assert served.get(f"/api/article{query}").status == status


@pytest.mark.parametrize(("view", "rows"), [("edits", "edits"), ("gone", "articles")])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_edits_and_losses_follow_each_other_too(served: Served, view: str, rows: str, limit: int) -> None:
    pages = [page[rows] for page in paged(served, f"q=forecast&limit={limit}", view)]
    assert [len(page) for page in pages] == [len(some) for some in (list(range(5))[at : at + limit] for at in range(0, 5, limit))]
    told = [json.dumps(one, sort_keys=True) for page in pages for one in page]
    assert len(set(told)) == 5
    assert told == [json.dumps(one, sort_keys=True) for one in served.get(f"/api/{view}?q=forecast").json[rows]]


TARGETS = ["/api/words?q=forecast", "/api/flows", "/api/edits", "/api/gone?limit=2", "/api/coverage/gazette"]


@pytest.mark.parametrize("target", ["/api/articles?q=ferry", "/api/facets", "/api/timeline?q=ferry", "/api/articles/{id}", *TARGETS])
def test_who_has_it_already_gets_nothing(served: Served, target: str) -> None:
    target = target.replace("{id}", served.ferry.id)
    first = served.get(target)
    for told in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = served.get(target, **{"If-None-Match": told})
        assert (again.status, again.text, again.headers["etag"]) == (304, "", first.headers["etag"])
    assert served.get(target, **{"If-None-Match": '"other"'}).text == first.text
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        ("/api/words?limit=1001", 400, "limit: "),
        ("/api/flows?q=(a", 400, "never closed"),
        ("/api/edits?cursor=MTAwMDA", 400, "cursor: this is none"),
        ("/api/gone?cursor=x", 400, "cursor: this is none"),
        ("/api/coverage/gazette?days=0", 400, "days: "),
        ("/api/coverage/nothing", 404, "Nothing of such a site"),
        ("/api/articles?limit=101", 400, "limit: "),
        ("/api/articles?cursor=x", 400, "cursor: this is none"),
        ("/api/articles?q=(a", 400, "never closed"),
        ("/api/articles?q=council&sort=relevance&cursor=MTAwMDA", 400, "10,000 articles"),
        ("/api/articles/zzzzzzzz", 400, "key: "),
        ("/api/articles/00000000", 404, "no such article"),
        ("/api/nothing", 404, "no such page"),
        ("/api/timeline?by=year", 400, "by: "),
    ],
)
def test_errors_say_what_is_wrong(served: Served, target: str, status: int, said: str) -> None:
    came = served.get(target)
    assert (came.status, next(iter(came.json))) == (status, "error")
    assert said in came.json["error"]


def test_an_error_in_a_query_tells_its_place(served: Served) -> None:
    assert served.get(f"/api/articles?q={quote('ferry nosuch:x')}").json["at"] == [6, 13]
    assert list(served.get("/api/articles?zone=Nowhere").json) == ["error"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/api/articles?site=luting", "there is no parameter site; write q=site:luting"),
        ("/api/flows?author=", "there is no parameter author; write q=author:…"),
        ("/api/facets?foo=1", "there is no parameter foo; there are q, zone, limit"),
        ("/api/articles/00000000?q=x", "there is no parameter q, nor any"),
        ("/api/coverage/gazette?site=x", "there is no parameter site; there are days"),
    ],
)
def test_an_unknown_parameter_is_not_left_alone(served: Served, target: str, said: str) -> None:
    came = served.get(target)
    assert (came.status, came.json) == (400, {"error": said})


def test_another_method_and_another_name_are_refused_in_json(served: Served) -> None:
    posted = served.get("/api/articles", "POST")
    assert (posted.status, posted.json, posted.headers["allow"]) == (405, {"error": "This only reads: use GET."}, "GET")
    named = served.get("/api/articles", Host="evil.example")
    assert (named.status, list(named.json)) == (400, ["error"])
    assert "not known by the name" in named.json["error"]


@pytest.mark.parametrize(("view", "query"), [("articles", "council"), ("articles", "council&sort=relevance"), ("edits", "forecast")])
def test_a_last_page_that_is_full_has_no_next(served: Served, view: str, query: str) -> None:
    size = {"articles": 15, "edits": 5}[view]
    pages = list(paged(served, f"q={query}&limit={size}", view))
    assert [len(page[view]) for page in pages] == [size] * (3 if view == "articles" else 1)


def test_answers_are_what_their_types_say(served: Served) -> None:
    found = TypeAdapter(Found).validate_json(served.get("/api/articles?q=ferry&limit=100").text)
    assert served.ferry.id in {one.id for one in found.articles}
    told = TypeAdapter(Told).validate_json(served.get(f"/api/articles/{served.ferry.id}").text)
    assert told.article == replace(served.ferry, cluster="c1")
    assert TypeAdapter(Facets).validate_json(served.get("/api/facets").text).authors[0].value
    assert TypeAdapter(list[Bar]).validate_json(served.get("/api/timeline?q=ferry").text)[0].start == date(2026, 8, 1)


def test_what_many_articles_have_in_common_is_what_the_commands_tell(served: Served) -> None:
    words = TypeAdapter(Words).validate_json(served.get("/api/words?q=forecast&limit=2").text)
    assert (words.found, len(words.words), words.words[0].found) == (60, 2, 60)
    flows = TypeAdapter(Flows).validate_json(served.get("/api/flows").text)
    assert [(flow.source, flow.taker, flow.hours) for flow in flows.flows] == [("gazette", "herald", 30.0)]
    assert served.get("/api/flows?q=council").json == {"flows": [], "clusters": 0, "capped": False}
    (edit,) = TypeAdapter(Edits).validate_json(served.get("/api/edits?q=ferry").text).edits
    assert (edit.article.id, edit.number, edit.title, edit.changed) == (served.ferry.id, 1, "Ferry sails", ("title", "text"))
    lost = TypeAdapter(Losses).validate_json(served.get("/api/gone?q=council").text)
    assert [(one.title, one.gone, lost.next) for one in lost.articles] == [("Council meets 0", hours(99), "")]
    covered = TypeAdapter(Coverage).validate_json(served.get("/api/coverage/gazette?days=3").text)
    assert [(day.day, day.read, day.missed) for day in covered.days] == [
        (date(2026, 8, 1), 1, 0),
        (date(2026, 7, 31), 0, 0),
        (date(2026, 7, 30), 0, 1),
    ]


@pytest.mark.parametrize("value", OPERATORS + XSS)
def test_operators_are_only_characters(served: Served, value: str) -> None:
    total = served.get("/api/articles").json["total"]
    for query in (value, f'"{value}"', f"author:{value}", f'section:"{value}"', f"site:{value}", f"title:{value}", f"council -{value}"):
        came = served.get(f"/api/articles?q={quote(query)}")
        assert came.status in {200, 400}, (query, came.text)
        assert came.status == 400 or came.json["total"] < total
    for name in ("sort", "zone", "cursor", "limit"):
        assert served.get(f"/api/articles?{name}={quote(value)}").status == 400
        assert served.get(f"/api/articles?q=council&{name}[$ne]={quote(value)}").status == 400


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(q=st.text(max_size=40) | st.lists(st.sampled_from([*'"()-:*^', "OR ", "NOT ", "site:", "$ne", "ferry", " ", "港口"])).map("".join))
def test_any_query_is_answered_or_refused(served: Served, q: str) -> None:
    came = served.get(f"/api/articles?q={quote(q.encode('utf-8', 'replace'))}")
    assert came.status in {200, 400}
    assert json.loads(came.text)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_it_is_as_it_is_described(served: Served, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{served.address}openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 10
    for operation in operations:

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            # What a query or a zone may be is more than a schema can say: many of those it allows are refused, with status 400.
            case.call_and_validate(timeout=30, excluded_checks=[positive_data_acceptance])

        ask()
