"""From what a page names to frontier targets."""

import pytest

from newscrawl.crawl.finding import HUNCH, Finder, first_target, promises
from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import target_id
from newscrawl.models import Candidate, Kind, Result, State, Target
from newscrawl.sites import site_for_url
from tests.crawl.visits import HOME, target
from tests.exchanges import AT, exchange
from tests.knobs import crawl_knobs

SITE = site_for_url(HOME)


def finder(**knobs: object) -> Finder:
    return Finder(SITE, crawl_knobs(**knobs))


def link(path: str, kind: Kind = Kind.PAGE, **other: object) -> Candidate:
    return Candidate(path if "://" in path else HOME + path, kind, **other)


def found(*candidates: Candidate, by: Finder | None = None, source: Target | None = None, **visit: object) -> list[Target]:
    made = Visit(source or target("city"), candidates=list(candidates), **visit)
    return list((by or finder()).targets(made, exchange(url=made.target.url)))


def paths(targets: list[Target]) -> list[str]:
    return [one.url.removeprefix(HOME) for one in targets]


# which


def test_each_address_once_in_the_order_of_the_page():
    assert paths(found(link("b"), link("a"), link("b"), link("c"))) == ["b", "a", "c"]


def test_nothing_that_was_passed_on_by_another_page():
    by = finder()
    assert paths(found(link("a"), link("b"), by=by)) == ["a", "b"]
    assert paths(found(link("b"), link("c"), by=by, source=target("sport"))) == ["c"]


def test_memory_is_bounded_and_forgetting_costs_only_a_question_to_the_store(monkeypatch):
    monkeypatch.setattr("newscrawl.crawl.finding._REMEMBERED", 2)
    by = finder()
    found(link("a"), link("b"), link("c"), by=by)
    assert paths(found(link("a"), by=by)) == ["a"]


def test_not_the_page_itself():
    assert paths(found(link("city"), link("a"))) == ["a"]


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("https://gazette.example/a", True),
        ("https://www.gazette.example/a", True),
        ("https://m.gazette.example/a", True),
        ("https://example/a", False),
        ("https://notgazette.example/a", False),
        ("https://gazette.example.evil.example/a", False),
    ],
)
def test_only_what_lies_on_the_site(url, stays):
    assert bool(found(link(url))) is stays


def test_a_picture_does_not_hide_the_page_that_it_names():
    by = finder()
    assert [one.kind for one in found(link("a", Kind.IMAGE), by=by)] == [Kind.IMAGE]
    assert found(link("a", Kind.IMAGE), by=by) == []
    assert [one.kind for one in found(link("a"), by=by)] == [Kind.PAGE]
    assert found(link("a"), link("a", Kind.IMAGE), by=by) == []


# in which order


def test_what_stands_first_on_the_page_is_due_first():
    """And all before anything that a page finds that is read later."""
    dues = [one.due for one in found(*(link(str(number)) for number in range(50)))]
    assert dues == sorted(set(dues))
    assert dues[-1] < AT


@pytest.mark.parametrize(
    ("candidate", "priority"),
    [
        (link("a", Kind.LISTING), 1),
        (link("a", Kind.PART, number=2), 1),
        (link("a", Kind.FEED), 1),
        (link("a", Kind.SITEMAP), 1),
        (link("a"), 2),
        (link("a", place="ul.nav"), HUNCH),
        (link("a", Kind.FEED, place="guessed feed"), HUNCH),
    ],
)
def test_lists_come_before_pages_and_hunches_last(candidate, priority):
    assert [one.priority for one in found(candidate)] == [priority]


# what is known of them


def test_what_is_found_knows_where_and_how_it_was_shown():
    (one,) = found(link("a", text="x" * 300, listed="2026-08-01", place="ul.nav"), source=target("city", depth=3))
    assert one == Target(
        id=target_id(target().site, f"{HOME}a"), site=target().site, url=f"{HOME}a", kind=Kind.PAGE, due=one.due, priority=HUNCH, depth=4,
        found_on=target("city").id, link_text="x" * 200, listed="2026-08-01", place="ul.nav",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("depth", "state", "result"), [(18, State.DUE, Result.NONE), (19, State.DUE, Result.NONE), (20, State.SKIPPED, Result.TOO_DEEP)]
)
def test_depth_is_counted_and_has_an_end(depth, state, result):
    (one,) = found(link("a"), by=finder(max_depth=20), source=target("city", depth=depth))
    assert (one.depth, one.state, one.result) == (depth + 1, state, result)


def test_further_pages_of_an_article_are_as_deep_as_it():
    (one,) = found(link("a-2", Kind.PART, number=2), by=finder(max_depth=20), source=target("a", depth=20))
    assert (one.depth, one.state, one.parent, one.number) == (20, State.DUE, f"{HOME}a", 2)


def test_and_know_its_first_page_wherever_they_were_found():
    (one,) = found(link("a-3", Kind.PART, number=3), source=target("a-2", kind=Kind.PART, parent=f"{HOME}a", number=2))
    assert one.parent == f"{HOME}a"


def test_a_path_that_repeats_itself_is_a_trap():
    (one,) = found(link("en/en/en/a"))
    assert (one.state, one.result) == (State.SKIPPED, Result.TRAP)


# redirects


def test_a_redirect_is_one_hop_further_and_no_deeper():
    source = target("s/1", kind=Kind.PART, depth=3, hops=1, link_text="Fire", listed="2026-08-01", parent=f"{HOME}a", number=2)
    (one,) = found(source=source, result=Result.REDIRECT, moved_to=f"{HOME}a-2")
    assert (one.url, one.kind, one.depth, one.hops) == (f"{HOME}a-2", Kind.PART, 3, 2)
    assert (one.link_text, one.listed, one.parent, one.number, one.found_on) == ("Fire", "2026-08-01", f"{HOME}a", 2, source.id)


def test_what_a_page_names_as_canonical_is_a_page():
    (one,) = found(source=target("print/1", kind=Kind.LISTING, depth=3), result=Result.VARIANT, moved_to=f"{HOME}a")
    assert (one.kind, one.depth) == (Kind.PAGE, 3)


def test_a_redirect_is_followed_even_if_its_end_was_passed_on_before():
    """The store knows whether it is new; who waits for it is another."""
    by = finder()
    found(link("a"), by=by)
    assert paths(found(by=by, source=target("s/1"), result=Result.REDIRECT, moved_to=f"{HOME}a")) == ["a"]


# beginnings and promises


def test_a_crawl_begins_with_a_seed():
    first = first_target(SITE, HOME)
    assert (first.id, first.kind, first.state, first.priority) == (target_id(SITE.slug, HOME), Kind.SEED, State.DUE, 0)


@pytest.mark.parametrize(
    ("on", "new", "promising"),
    [
        (Kind.LISTING, {}, True),
        (Kind.LISTING, {"place": "ul.nav"}, False),
        (Kind.SITEMAP, {"place": "sitemap /sitemap.xml"}, True),
        (Kind.SITEMAP, {"state": State.SKIPPED}, False),
        (Kind.FEED, {"state": State.SKIPPED}, False),
    ],
)
def test_headlines_promise_news_and_so_does_whatever_a_sitemap_names(on, new, promising):
    assert promises(target("a", **new), on=target("city", kind=on)) is promising
