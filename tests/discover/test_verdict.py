"""What a page is taken for, by signs alone."""

from datetime import UTC, datetime

import pytest

from newscrawl.discover.links import Link
from newscrawl.discover.verdict import judge
from newscrawl.models import Kind, Moment, Reading, Result

URL = "https://gazette.example/city/index_2.html"
TEASERS = (
    "The market opened at the usual hour, and nobody on the quay had expected anything else of a Monday in autumn.",
    "A basket of eels was delivered all the same, which the harbour master denied at some length in the evening.",
)
HEADLINES = [
    Link("https://gazette.example/1", "Ferry is late again since May 5, says its captain", listed="2026-11-12"),
    Link("https://gazette.example/2", "Eels were delivered all the same", listed="2026-10-17"),
]
TITLE = "City and harbour - Harbour Gazette"


def dated(raw: str, source: str = "text") -> Moment:
    return Moment(datetime(2026, 11, 12, tzinfo=UTC), "day", raw=raw, source=source)


def taken_for(published: Moment, *, kind: Kind = Kind.LISTING, link_text: str = "2") -> Result:
    return judge(Reading(TITLE, TEASERS, published=published), HEADLINES, url=URL, kind=kind, link_text=link_text).result


@pytest.mark.parametrize("raw", ["2026-11-12", "Ferry is late again since May 5, says its captain"])
def test_the_last_page_of_a_list_is_none_for_the_dates_of_its_headlines(raw: str) -> None:
    """Two teasers under two headlines read like a short article."""
    assert taken_for(dated(raw)) is Result.LISTING


@pytest.mark.parametrize(
    ("published", "kind"),
    [
        (dated("Published on 12 November 2026"), Kind.LISTING),
        (dated("2026-11-12", "json-ld"), Kind.LISTING),
        (dated("2026-11-12"), Kind.PAGE),  # an article may be of the same day as one that is linked beside it
        (dated(""), Kind.PAGE),
    ],
)
def test_a_date_of_its_own_speaks_for_an_article(published: Moment, kind: Kind) -> None:
    assert taken_for(published, kind=kind) is Result.ARTICLE


def test_the_headline_that_led_there_outweighs_it() -> None:
    assert taken_for(dated("2026-11-12", "json-ld"), link_text=TITLE) is Result.ARTICLE


def test_a_date_that_was_not_kept_as_written_is_nobodys() -> None:
    bare = [Link(link.url, link.text) for link in HEADLINES]
    assert judge(Reading(TITLE, TEASERS, published=dated("")), bare, url=URL, kind=Kind.LISTING, link_text="2").result is Result.ARTICLE
