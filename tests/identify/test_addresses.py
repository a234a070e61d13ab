"""What pages have taught of a site's addresses, rules and sessions together: what is expected at one, and what proves that wrong."""

from dataclasses import replace

import pytest

from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import article_id, target_id
from newscrawl.identify.twins import ENOUGH
from newscrawl.identify.visitors import CHECKED
from tests.examples import article

SITE = "gazette"
PRINT = "?print=1"


def url(number, more=""):
    return f"https://gazette.example/story/{number}{more}"


def story(number, more=""):
    return replace(article(number), id=article_id(SITE, url(number, more)), site=SITE, url=url(number, more), aliases=())


def known(*articles):
    return {one.id: one for one in articles}


@pytest.fixture
def addresses():
    """Of a site whose pages for printers have proved to be its stories."""
    made = Addresses(SITE)
    for number in range(ENOUGH):
        made.read(url(number, PRINT), story(number), known(story(number)))
    return made


def test_an_address_that_a_rule_explains_is_expected_to_show_what_the_other_does(addresses):
    assert addresses.likely(url(9, PRINT)) == [url(9)]
    assert addresses.likely(url(9)) == []


def test_another_article_there_proves_the_rule_wrong(addresses):
    addresses.read(url(9, PRINT), story(9, PRINT), known(story(9, PRINT), story(9)))
    assert addresses.likely(url(8, PRINT)) == []
    assert addresses.twins.owes


def test_an_article_of_which_nothing_is_known_at_the_other_address_proves_nothing(addresses):
    addresses.read(url(9, PRINT), story(9, PRINT), known(story(9, PRINT)))
    assert addresses.likely(url(8, PRINT)) == [url(8)]


def test_one_that_leads_elsewhere_proves_it_wrong(addresses):
    addresses.led(url(9, PRINT), url(8), known(story(9), story(8)))
    assert addresses.likely(url(7, PRINT)) == []


@pytest.mark.parametrize("to", [url(9), url(9).replace("https:", "http:"), url(99)])
def test_one_that_leads_to_its_twin_by_any_of_its_addresses_does_not(addresses, to):
    addresses.led(url(9, PRINT), to, known(replace(story(9), aliases=(url(99),))))
    assert addresses.likely(url(7, PRINT)) == [url(7)]


def test_what_pages_name_as_their_canonical_addresses_proves_a_rule():
    addresses = Addresses(SITE)
    for number in range(ENOUGH):
        addresses.led(url(number, "/amp"), url(number), known(story(number)))
    assert addresses.likely(url(9, "/amp")) == [url(9)]


def test_where_sections_lead_proves_nothing_of_articles():
    addresses = Addresses(SITE)
    for number in range(ENOUGH):
        addresses.led(url(number, "/amp"), url(number), {})
    assert addresses.likely(url(9, "/amp")) == []


def test_what_a_person_has_parted_is_explained_by_nothing(addresses):
    addresses.parted.add(target_id(SITE, url(9, PRINT)))
    assert addresses.likely(url(9, PRINT)) == list(addresses.spared_by(url(9, PRINT))) == []
    assert addresses.likely(url(8, PRINT)) == [url(8)]


# sessions


def sessions(addresses):
    for number in range(ENOUGH + 1):
        addresses.read(url(1, f"?sid={number}"), story(1), known(story(1)))
    return addresses


def test_sessions_are_kept_from_run_to_run(addresses):
    again = Addresses(SITE)
    again.remember(sessions(addresses).as_json())
    assert again.likely(url(5, "?sid=77")) == [url(5)]
    assert again.likely(url(5, PRINT)) == [url(5)]
    assert again.as_json() == addresses.as_json()


def test_one_address_of_many_keeps_what_should_make_no_difference():
    addresses = sessions(Addresses(SITE))
    kept = [addresses.visitors.proper(url(number, "?sid=7")) for number in range(2 * CHECKED)]
    assert sum("sid" in one for one in kept) == 2


def test_what_was_kept_and_proves_wrong_is_undone():
    """In a run that knows nothing but what an earlier one has written down."""
    addresses = Addresses(SITE)
    addresses.remember(sessions(Addresses(SITE)).as_json())
    addresses.read(url(5, "?sid=8"), story(5, "?sid=8"), known(story(5, "?sid=8"), story(5)))
    assert addresses.likely(url(6, "?sid=9")) == []
    again = Addresses(SITE)
    again.remember(addresses.as_json())
    assert again.likely(url(6, "?sid=9")) == []


def test_what_is_kept_of_parameters_has_a_bound():
    addresses = Addresses(SITE)
    for name in range(3000):
        for value in range(ENOUGH + 1):
            addresses.read(url(1, f"?n{name}={value}"), story(1), {})
            addresses.read(url(1, f"?m{name}={value}"), story(value), {})
    assert len(addresses.as_json()) < 40_000
