"""What the server answers: pages for people, JSON for programs, errors for both."""

import re
import subprocess
import sys
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from tests.web.conftest import COPY, FERRY, SHORT, XSS, Served, serve
from tests.web.payloads import loads_and_runs

VIEWS = ("/runs", "/words?q=council", "/flows", "/edits", "/gone")
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_search_shows_what_is_found_with_its_words_marked(served: Served) -> None:
    came = served.get(f"/?q={quote('ferry OR 渡船')}")
    assert came.status == 200
    assert "<b>2</b> articles" in came.text
    assert "<mark>Ferry</mark> stays in port" in came.text
    assert "<mark>渡船</mark>停航" in came.text
    assert 'lang="zh-Hans"' in came.text


@pytest.mark.parametrize("address", [FERRY.url, SHORT, SHORT.replace("https:", "http:")])
def test_an_address_in_place_of_a_query_leads_to_its_article(served: Served, address: str) -> None:
    came = served.get(f"/?q={quote(address)}")
    assert (came.status, came.headers["location"]) == (303, f"/article/{served.ferry.id}")
    assert served.get(came.headers["location"]).status == 200


def test_one_that_nobody_knows_says_so(served: Served) -> None:
    came = served.get("/?q=https://gazette.example/nothing")
    assert came.status == 404
    assert "No article is known at this address" in came.text


def test_results_come_in_pages_whose_links_hold_the_whole_question(served: Served) -> None:
    first = served.get("/?q=council&sort=relevance&zone=Asia/Shanghai").text
    assert "page 1 of 3" in first
    link = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert link == "/?q=council&sort=relevance&zone=Asia%2FShanghai&page=2"
    assert "page 2 of 3" in served.get(link).text
    assert "There is nothing further" in served.get("/?q=council&page=9").text


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        ("/?q=(a", 400, "never closed"),
        ("/?q=foo:bar", 400, "no field foo"),
        ("/?q=!!", 400, "holds no word"),
        ("/?zone=Moon", 400, "no time zone"),
        ("/?page=0", 400, "page"),
        ("/?sort=oldest", 400, "sort"),
        (f"/?q={'a' * 3000}", 400, "q: "),
        ("/article/00000000", 404, "no such article"),
        ("/article/..%2f..%2fetc", 404, "404"),
        ("/article/xyz", 400, "key"),
        ("/sites/nothing", 404, "404"),
        ("/nothing", 404, "no such page"),
        ("/docs", 404, "404"),
        ("/archived/00000000/00000000", 400, "no such article"),
    ],
)
def test_what_can_not_be_answered_is_said(served: Served, target: str, status: int, said: str) -> None:
    came = served.get(target)
    assert came.status == status
    assert said in came.text
    assert "default-src 'none'" in came.headers["content-security-policy"]


def test_an_article_has_its_text_copies_revisions_and_a_citation(served: Served) -> None:
    text = served.get(f"/article/{served.ferry.id}?q=fog").text
    assert "<mark>Fog</mark> lies over the water." in text
    assert f"/article/{served.ferry.id}/changes?a=1&amp;b=2" in text
    assert f'href="/article/{COPY.id}"' in text
    assert "likely original" in text
    assert f"newscrawl {served.ferry.id}." in text


def test_changes_stand_side_by_side(served: Served) -> None:
    text = served.get(f"/article/{served.ferry.id}/changes").text
    assert "<td>The ferry <del>sails today</del>.</td><td>The ferry <ins>stays in port</ins>.</td>" in text
    assert "<ins>A correction.</ins>" in text
    assert served.get(f"/article/{served.ferry.id}/changes?a=7").status == 400
    itself = served.get(f"/article/{served.ferry.id}/changes?a=2&b=2")
    assert itself.status == 400
    assert "revision 2 is the same as itself: name two" in itself.text
    assert "No change of this article" in served.get(f"/article/{COPY.id}/changes").text


def test_the_archived_page_has_a_policy_of_its_own(served: Served) -> None:
    around = served.get(f"/archived/{served.ferry.id}/{served.ferry.capture}")
    assert 'sandbox=""' in around.text
    inside = served.get(re.search(r'src="(/archived/[^"]+)"', around.text)[1])
    assert "As it was archived." in inside.text
    assert inside.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert served.get(f"/archived/{COPY.id}/{served.ferry.capture}").status != 200


def test_sites_with_their_crawls(served: Served) -> None:
    assert 'href="/sites/herald"' in served.get("/sites").text
    assert "finished" in served.get("/sites/gazette").text


def test_the_look_finds_what_runs() -> None:
    assert loads_and_runs("<p onclick=a style=b><script></script><a href=javascript:c><img src=//d>") == [
        "onclick=a", "style=b", "script", "img", "javascript:c", "//d",
    ]  # fmt: skip


@pytest.mark.parametrize("text", XSS)
def test_what_is_stored_or_asked_is_only_text(served: Served, text: str) -> None:
    hits = served.get("/api/articles?q=site:hostile&limit=100").json["articles"]
    (hit,) = [one for one in hits if one["title"] == text]
    asked = quote(text, safe="")
    for target in ("/?q=site:hostile", f"/article/{hit['id']}", f"/article/{hit['id']}/changes"):
        page = served.get(target).text
        assert loads_and_runs(page) == []
        assert "\u202e" not in page
    for target in (f"/?q={asked}", f"/sites/{asked}", f"/article/{hit['id']}?q={asked}"):
        assert loads_and_runs(served.get(target).text) == []


def test_nothing_is_inline_or_from_elsewhere(served: Served) -> None:
    article = f"/article/{served.ferry.id}"
    for target in ("/", "/?q=ferry", article, f"{article}/changes", "/sites", "/sites/gazette", *VIEWS):
        assert loads_and_runs(served.get(target).text) == [], target


def test_a_page_of_another_name_is_not_answered(served: Served) -> None:
    assert served.get("/", Host="evil.example").status == 400
    assert served.get("/", Host="localhost").status == 200


def test_programs_are_answered_in_json(served: Served) -> None:
    came = served.get("/api/articles?q=council&limit=20")
    assert (came.json["total"], len(came.json["articles"])) == (45, 20)
    assert served.get(f"/api/articles/{served.ferry.id}").json["revisions"][0]["title"] == "Ferry sails"
    assert served.get("/api/facets?q=ferry").json["authors"] == [{"value": "Ann Lee", "articles": 1}]
    assert served.get("/api/timeline?q=ferry&by=day").json == [{"start": "2026-08-01", "count": 1, "of": 10}]
    assert "never closed" in served.get("/api/articles?q=(a").json["error"]
    assert served.get("/api/articles?limit=1000").status == 400
    assert "/api/articles" in served.get("/openapi.json").json["paths"]


def test_mongodb_answers_the_same(served: Served, mongodb_uri: str, tmp_path) -> None:
    server = serve(mongodb_uri, tmp_path)
    other = next(server)
    for target in ("/?q=ferry OR 渡船", "/?q=author:lee", "/?q=council&page=2&sort=relevance", "/?q=site:hostile", "/sites", *VIEWS):
        assert other.get(quote(target, safe="/?=&")).text == served.get(quote(target, safe="/?=&")).text
    server.close()


def test_a_store_that_is_not_there_is_said_before_anything_is_served(tmp_path) -> None:
    command = [sys.executable, "-m", "newscrawl", "serve", "--port", "0"]
    came = subprocess.run([*command, "--store", f"sqlite:///{tmp_path}/none.db"], capture_output=True, text=True, check=False, timeout=60)
    assert came.returncode == 4
    assert "no such file" in came.stderr
    came = subprocess.run([*command, "--host", "example.org"], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert came.returncode in {2, 4}


def test_a_timeline_may_show_shares(served: Served) -> None:
    text = served.get("/?q=ferry&as=share&by=day").text
    assert '<text class="scale" x="0" y="11">10.0%</text>' in text
    assert '<a href="/?q=ferry&amp;by=day">count</a>' in text
    assert "%</text>" not in served.get("/?as=share").text
    assert served.get("/?as=area").status == 400


def test_views_of_a_question(served: Served) -> None:
    assert "No word stands out" in served.get("/words?q=ferry").text
    assert '<a href="/?q=council+decided">decided</a> <span class="number">100%</span>' in served.get("/words?q=council").text
    assert "Ask for something" in served.get("/words").text
    assert f'href="/article/{COPY.id}#copies"' in served.get("/flows").text
    assert f"/article/{served.ferry.id}/changes?a=1&amp;b=2" in served.get("/edits?q=ferry").text
    assert "Council meets 0" in served.get("/gone").text
    assert "There is nothing further" in served.get("/gone?page=2").text
    assert "No edit was seen" in served.get("/edits?q=council").text
    assert "No reprint between sites is known among what was found" in served.get("/flows?q=council").text


@pytest.mark.parametrize("path", ["/words", "/flows", "/edits", "/gone", "/feed.atom", "/edits.atom"])
def test_a_view_says_what_it_can_not_read(served: Served, path: str) -> None:
    came = served.get(f"{path}?q=(a")
    assert (came.status, "never closed" in came.text) == (400, True)
    assert served.get(f"{path}?zone=Moon").status == 400


def test_a_search_is_a_feed(served: Served) -> None:
    came = served.get("/feed.atom?q=ferry&zone=Asia/Shanghai")
    assert came.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(came.text)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Ferry stays in port"]
    assert entries[0].find(f"{ATOM}link").get("href") == f"{served.address}article/{served.ferry.id}"
    assert feed.findtext(f"{ATOM}updated") == "2026-08-01T11:00:00Z"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{served.address}feed.atom?q=ferry&zone=Asia%2FShanghai"
    assert 'type="application/atom+xml"' in served.get("/?q=ferry").text
    (edit,) = ET.fromstring(served.get("/edits.atom?q=ferry").text).findall(f"{ATOM}entry")
    assert "Before: Ferry sails" in edit.findtext(f"{ATOM}summary")


def test_crawls_and_health_are_shown(served: Served) -> None:
    assert "finished" in served.get("/runs").text
    assert "No crawl is known of this site" in served.get("/runs?site=nobody").text
    assert "1 alarm" in served.get("/sites").text
    text = served.get("/sites/gazette").text
    assert "2 of 40 have a date" in text
    assert "date = { css = &#34;time&#34; }" in text
    assert "2026-07-30: 1 listed, 0 read, 0 captured only, 1 missed" in text
