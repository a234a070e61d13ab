"""Which links of a front page are its sections."""

import pytest

from newscrawl.discover.links import Link
from newscrawl.discover.menus import SECTIONS, sections
from newscrawl.discover.worth import is_menu

HOME = "https://gazette.example/"
HEADLINE = "Ferry stays in harbour for a third day"


def short(*paths: str, place: str = "div.x1") -> list[Link]:
    return [Link(HOME + path, path[:8], place=place) for path in paths]


def headlines(*paths: str) -> list[Link]:
    return [Link(HOME + path, f"{HEADLINE}: {path}", place="div.x2") for path in paths]


def found(*links: Link) -> list[str]:
    return sorted(url.removeprefix(HOME) for url in sections(links))


def test_a_box_of_short_links_above_all_headlines_is_a_menu_whatever_it_is_called():
    assert found(*short("sport", "city", "life"), *headlines("a/1"), *short("imprint", "contact", "login", place="div.x3")) == [
        "city", "life", "sport",
    ]  # fmt: skip


@pytest.mark.parametrize("above", [short("login", "help"), [*short("login"), *short("help", place="td"), *short("shop", place="div")]])
def test_a_few_links_there_are_none(above):
    assert found(*above, *headlines("a/1")) == []


def test_links_to_next_pages_are_none():
    turning = [Link(f"{HOME}?page={number}", str(number), turns=True, place="div.x1") for number in range(2, 6)]
    assert found(*turning, *headlines("a/1")) == []


def test_addresses_below_which_headlines_lie_are_sections_wherever_they_stand():
    below = headlines("sport/2026/a", "sport/2026/b", "sport/c", "city/a", "city/b")
    assert found(*below, *short("sport/", "city/", "about/")) == ["sport/"]


def test_a_headline_is_none():
    below = headlines("sport/1", "sport/2", "sport/3")
    assert found(*below, Link(f"{HOME}sport/", HEADLINE)) == []


def test_the_front_page_and_queries_are_none():
    below = headlines("a/1", "a/2", "a/3")
    assert found(*below, Link(HOME, "Home"), Link(f"{HOME}a?x=1", "A")) == []


def test_a_page_without_links_has_none():
    assert sections(()) == frozenset()


def test_such_places_are_menus():
    assert is_menu(f"{SECTIONS}div.x1")
