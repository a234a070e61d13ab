from datetime import UTC, datetime, timedelta, timezone

from newscrawl.demo.pages import Page, Portal, redirect, validators, zipped

HOME, NEXT, JULY, MISSING = Page(b"home"), Page(b"next"), Page(b"july"), Page(b"?", status=404)
PORTAL = Portal("p", "P", "http://a", {"/": HOME, "/?page=2": NEXT}, (), MISSING, endless=lambda path: JULY if path == "/july/" else None)


def test_a_query_makes_another_page_only_if_the_table_has_it():
    assert PORTAL.answer("/?page=2") is NEXT
    assert PORTAL.answer("/?utm_source=x") is HOME


def test_what_the_table_lacks_may_be_endless_or_missing():
    assert PORTAL.answer("/july/?x") is JULY
    assert PORTAL.answer("/june/") is MISSING


def test_validators_follow_the_body_and_the_time_in_utc():
    day = datetime(2026, 5, 1, 10, tzinfo=timezone(timedelta(hours=8)))
    tag, changed = validators(b"a", day)
    assert tag == validators(b"a", datetime.now(UTC))[0]
    assert tag != validators(b"b", day)[0]
    assert changed == ("Last-Modified", "Fri, 01 May 2026 02:00:00 GMT")


def test_zipping_twice_gives_the_same_bytes():
    assert zipped(b"goat" * 99) == zipped(b"goat" * 99)


def test_a_redirect_names_its_goal():
    assert redirect("/x", 301) == Page(status=301, headers=(("Location", "/x"),))
