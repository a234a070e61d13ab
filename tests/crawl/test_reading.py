"""From an answer to a visit, without a crawl around it."""

from datetime import timedelta

import msgspec
import pytest

from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, State, Target
from newscrawl.sites import BodyRule, Layout
from tests.crawl.readings import BODY, GAZETTE, HOME, addresses, page_read, reader_of
from tests.exchanges import AT, exchange
from tests.knobs import crawl_knobs

FIRE = "https://gazette.example/news/fire"


def read(links: str) -> Visit:
    dated = "<meta property=article:published_time content=2026-08-01T06:00:00Z>"
    html = f"{dated}<title>Timber burns at the old river port</title><h1>Timber burns at the old river port</h1>{BODY}{links}"
    return page_read("news/fire", html, target={"link_text": "Timber burns at the old river port"})


FILLED = '<div id="list"></div><script>fetch("/list").then(a => document.getElementById("list").innerHTML = a)</script>'


def read_list(html: str, *, kind: Kind = Kind.LISTING, javascript: str = "auto", plain: bool = False) -> Visit:
    site = msgspec.structs.replace(GAZETTE, javascript=javascript)
    return page_read("list", html, site=site, target={"kind": kind}, plain=plain)


def headlines(count: int) -> str:
    return "".join(f"<li><a href=/news/{number}>The fire at warehouse {number} has been put out</a></li>" for number in range(count))


@pytest.mark.parametrize("kind", [Kind.SEED, Kind.LISTING, Kind.PAGE])
def test_a_page_that_might_list_and_waits_for_a_script_is_told(kind):
    visit = read_list(FILLED, kind=kind)
    assert (visit.scripts, visit.html) == ("#list is empty until a script fills it", FILLED)


@pytest.mark.parametrize("html", [FILLED + f"<ul>{headlines(3)}</ul>", "<p>Nothing was found.</p>", "<script>fetch('/')</script>"])
def test_a_page_that_shows_what_it_has_is_not(html):
    assert read_list(html).scripts == ""


def test_headlines_beside_the_page_are_not_what_it_lists():
    assert read_list(f"{FILLED}<aside><ul>{headlines(5)}</ul></aside>").scripts


def test_articles_and_their_parts_are_not_lists():
    assert read(FILLED).scripts == ""
    assert read_list(FILLED, kind=Kind.PART).scripts == ""


def test_always_means_every_page_that_has_a_script():
    visit = read_list(f"<ul>{headlines(3)}</ul><SCRIPT>track()</SCRIPT>", javascript="always")
    assert (visit.scripts, visit.result) == ("always", Result.NONE)
    assert read_list(f"<ul>{headlines(3)}</ul>", javascript="always").result is Result.LISTING
    assert read_list(FILLED, javascript="always", plain=True).scripts == ""


def test_what_scripts_made_of_a_page_is_read_instead_of_it():
    visit = page_read("list", FILLED, rendered=f"<ul>{headlines(4)}</ul>{FILLED}")
    assert (visit.result, len(visit.found), visit.scripts) == (Result.LISTING, 4, "")


@pytest.mark.parametrize("text", ["2", "Next page", "下一页", "Page 2 of 3", "<img src=arrow.png>"])
def test_a_link_to_a_further_page_of_the_article(text):
    visit = read(f"<a href=/news/fire-2>{text}</a>")
    assert visit.result is Result.ARTICLE
    (part,) = (found for found in visit.found if found.kind is Kind.PART)
    assert (part.url, part.number, part.parent) == (f"{FIRE}-2", 2, FIRE)


def test_a_headline_leads_to_another_article_even_where_addresses_are_numbered():
    """Some systems number the addresses of articles whose headlines are alike."""
    visit = read("<a href=/news/fire-2>Second fire within a week at the old river port</a>")
    assert [(found.url, found.kind) for found in visit.found] == [(f"{FIRE}-2", Kind.PAGE)]


# pages that name another as the real one


def test_a_page_that_names_another_as_canonical_is_a_variant_of_it():
    visit = page_read("print/fire", f'<link rel=canonical href="{FIRE}"><h1>Fire</h1>{BODY}', target={"link_text": "Print", "depth": 3})
    assert (visit.result, visit.moved_to, visit.reading) == (Result.VARIANT, FIRE, None)
    (found,) = visit.found
    assert (found.url, found.kind, found.depth, found.hops, found.link_text) == (FIRE, Kind.PAGE, 3, 1, "Print")


@pytest.mark.parametrize(
    "canonical",
    ["https://gazette.example/news/fire/", "https://gazette.example/", "https://elsewhere.example/fire", "", "/news/fire?page=2"],
)
def test_a_canonical_address_that_is_no_other_page_of_the_site_changes_nothing(canonical):
    visit = page_read("news/fire", f'<link rel=canonical href="{canonical}"><h1>Timber burns at the old river port</h1>{BODY}')
    assert visit.result is not Result.VARIANT
    assert visit.moved_to == ""


def test_links_of_a_variant_are_followed():
    visit = page_read("print/fire", f'<link rel=canonical href="{FIRE}"><a href=/news/flood>The flood that nobody had expected</a>')
    assert addresses(visit) == [FIRE, f"{HOME}news/flood"]


# redirects


def test_a_redirect_within_the_site_is_a_target_of_its_own():
    visit = page_read("s/fire", status=302, Location="/news/fire", target={"hops": 1, "kind": Kind.LISTING, "link_text": "Fire"})
    (found,) = visit.found
    assert (visit.result, found.url, found.kind, found.hops, found.link_text) == (Result.REDIRECT, FIRE, Kind.LISTING, 2, "Fire")


@pytest.mark.parametrize("location", ["https://elsewhere.example/fire", "//elsewhere.example/", "https://gazette.example.evil.example/"])
def test_a_redirect_that_leaves_the_site_is_not_followed(location):
    visit = page_read("s/fire", status=301, Location=location)
    assert (visit.result, visit.found, visit.moved_to) == (Result.OFF_SITE, (), "")


def test_a_redirect_to_https_is_the_same_target_spelled_better():
    visit = page_read("http://gazette.example/news/fire", status=301, Location=FIRE)
    assert (visit.result, visit.again, visit.target.url, visit.target.hops, visit.found) == (Result.REDIRECT, True, FIRE, 1, ())
    assert visit.target.state is State.DUE


def test_a_redirect_to_itself_is_not_followed():
    visit = page_read("news/fire", status=302, Location="/news/fire")
    assert (visit.result, visit.again, visit.found) == (Result.REDIRECT, False, ())


def test_hops_have_an_end():
    visit = page_read("s/fire", status=302, Location="/news/fire", target={"hops": 5}, knobs=crawl_knobs(max_hops=5))
    assert (visit.result, visit.found) == (Result.TOO_MANY_HOPS, ())


# what is found


def test_the_front_page_is_never_an_article():
    visit = page_read("", f"<h1>Timber burns at the old river port</h1>{BODY}", target={"kind": Kind.SEED})
    assert (visit.result, visit.reading) == (Result.LISTING, None)


def test_links_that_leave_the_site_or_lead_back_are_not_found():
    links = "".join(
        f"<a href='{url}'>A headline that is long enough</a>" for url in ("https://elsewhere.example/", "#top", "/", "/news/flood")
    )
    assert addresses(page_read("", links, target={"kind": Kind.SEED})) == [f"{HOME}news/flood"]


def test_a_link_is_passed_on_once():
    reader = reader_of()
    link = "<a href=/news/flood?utm_source=home>The flood that nobody had expected</a>"
    assert addresses(page_read("world", link, reader=reader)) == [f"{HOME}news/flood"]
    assert page_read("city", link, reader=reader).found == ()


def test_what_is_found_remembers_where():
    link = "<ul><li><a href=/news/flood>The flood that nobody had expected</a> <span>2026-08-01</span></li></ul>"
    (found,) = page_read("city", link, target={"depth": 2}).found
    assert (found.found_on, found.depth) == (target_id("gazette.example", f"{HOME}city"), 3)
    assert (found.link_text, found.listed, found.state) == ("The flood that nobody had expected", "2026-08-01", State.DUE)


@pytest.mark.parametrize(("depth", "state", "result"), [(19, State.DUE, Result.NONE), (20, State.SKIPPED, Result.TOO_DEEP)])
def test_depth_has_an_end(depth, state, result):
    link = "<a href=/news/flood>The flood that nobody had expected</a>"
    (found,) = page_read("a", link, target={"depth": depth}, knobs=crawl_knobs(max_depth=20)).found
    assert (found.state, found.result) == (state, result)


def test_a_path_that_repeats_itself_is_a_trap():
    (found,) = page_read("a", "<a href=/en/en/en/news>The flood that nobody had expected</a>").found
    assert (found.state, found.result) == (State.SKIPPED, Result.TRAP)


def test_a_further_page_leads_to_the_ones_behind_it():
    """It is no deeper than its article, and knows the first page."""
    links = "<a href=/news/fire-3>3</a><a href=/news/flood>The flood that nobody had expected</a>"
    target = {"kind": Kind.PART, "parent": FIRE, "number": 2, "depth": 4}
    visit = page_read("news/fire-2", f"<h1>Timber burns at the old river port</h1>{BODY}{links}", target=target)
    (found,) = visit.found
    assert visit.result is Result.PART
    assert visit.reading is not None
    assert (found.url, found.kind, found.parent, found.number, found.depth) == (f"{FIRE}-3", Kind.PART, FIRE, 3, 4)


# when it goes wrong, and when it is not asked


def test_a_page_that_cannot_be_read_stops_nothing(monkeypatch, caplog):
    def broken(*_, **__):
        raise KeyError("surprise")

    monkeypatch.setattr("newscrawl.crawl.reading.judge", broken)
    visit = page_read("news/fire", f"<h1>Timber burns</h1>{BODY}<a href=/news/flood>The flood that nobody had expected</a>")
    assert (visit.result, visit.detail, visit.found) == (Result.UNREADABLE, "KeyError('surprise')", ())
    assert "news/fire could not be read" in caplog.text


def test_without_reading_articles_links_are_still_followed():
    links = "".join(f"<a href=/news/{number}>Harbour news that nobody had expected, number {number}</a>" for number in range(4))
    visit = page_read("news/fire", f"<h1>Timber burns at the old river port</h1>{BODY}{links}", knobs=crawl_knobs(read_articles=False))
    assert visit.reading is None
    assert len(visit.found) == 4


PLEA = "<p>Become a friend of the Gazette: it lives on what its readers give, and on nothing else.</p>"


def story(number: int) -> tuple[str, str]:
    head = f"<title>Fire number {number} at the old river port</title><h1>Fire number {number} at the old river port</h1>"
    text = "".join(
        f"<p>In fire {number}, timber of warehouse {part} burned for hours, and the river port was closed.</p>" for part in range(6)
    )
    return f"news/fire-{number}", f"<meta property=article:published_time content=2026-08-01T06:00:00Z>{head}{text}{PLEA}"


def test_what_a_sites_articles_share_is_told():
    reader = reader_of()
    repeated = [page_read(*story(number), reader=reader).repeated for number in range(10)]
    assert repeated[:2] == [frozenset(), frozenset()]
    assert repeated[9] == {PLEA.removeprefix("<p>").removesuffix("</p>")}


def test_a_page_that_is_visited_again_teaches_nothing():
    reader = reader_of()
    path, html = story(1)
    for visit in range(5):
        assert page_read(path, html.replace("<h1>Fire", f"<h1>{visit} Fire"), reader=reader, target={"visits": 1}).repeated == frozenset()
    assert reader.template.pages == 0


def test_a_page_is_read_by_the_layout_that_was_valid_when_it_was_fetched() -> None:
    page = f"<h1>Fire at the harbour</h1><div class=old>{BODY}</div><div class=new><p>What the new layout has.</p>{BODY[:400]}</div>"
    layout = Layout(valid_from=AT.date() + timedelta(days=1), body=BodyRule(css="div.new"))
    site = msgspec.structs.replace(GAZETTE, article="a.html", body=BodyRule(css="div.old"), layout=(layout,))
    asked = Target(id="t", site="gazette.example", url=HOME + "a.html", kind=Kind.ARTICLE, due=AT)
    answers = [exchange(page.encode(), url=asked.url, time=AT + timedelta(days=days), Content_Type="text/html") for days in (0, 1)]
    read = [reader_of(site).read(asked, answer).reading for answer in answers]
    again = [reader_of(site).reread(asked, answer) for answer in answers]
    for before, after in (read, again):
        assert before
        assert after
        assert "What the new layout has." not in before.paragraphs
        assert after.paragraphs[0] == "What the new layout has."
        assert after.evidence["body"].source == "site file"
