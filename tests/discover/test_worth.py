"""What groups of links have been worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.worth import Worth, groups, repeats_itself, shape

HOST = "https://gazette.example"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/calendar?month=5&year=2026", "/calendar?month=12&year=2041"),
        ("/2026/05/01/", "/2019/12/31/"),
        ("/s/3f2a9c0d1e/view", "/s/00ffab12cd34ef56/view"),
        ("/author/jane-roe/", "/author/richard-doe"),
        ("/news/ferry-stays-in-harbour.html", "/news/bridge-opens.html"),
        ("/a/tiyu/2026/1121/10127.html", "/a/tiyu/2026/0921/99.html"),
    ],
)
def test_pages_made_alike_share_a_shape(one, other):
    assert shape(HOST + one) == shape(HOST + other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/fire", "/flood"),
        ("/a/1", "/b/1"),
        ("/?a=1", "/?b=1"),
        ("/x.php?a=show&id=1", "/x.php?a=list&id=1"),
        ("/n/a.html", "/n/a.pdf"),
        ("/1", "/1/2"),
    ],
)
def test_others_do_not(one, other):
    assert shape(HOST + one) != shape(HOST + other)


@given(st.text("0123456789abcdef/-_.?&=é", max_size=40))
def test_a_shape_never_raises_and_ignores_scheme_and_host(path):
    assert shape(f"http://a.example/{path}") == shape(f"https://b.example/{path}")


@pytest.mark.parametrize(
    ("path", "loops"),
    [("/a/b/a/c/a", True), ("/en/en/en/", True), ("/a/b/a/b", False), ("/", False), ("/a?x=/b/b/b", False), ("//a//", False)],
)
def test_paths_that_loop(path, loops):
    assert repeats_itself(HOST + path) is loops


def test_a_host_is_no_segment():
    assert not repeats_itself("https://a/a/a")


def test_groups_are_shape_place_and_a_host_beside_the_front_page():
    assert groups(f"{HOST}/tag/1", "div.tags", f"{HOST}/") == ("shape /tag/*", "place div.tags", "hunch")
    assert groups("https://m.gazette.example/a/1", "", f"{HOST}/") == ("shape /a/*", "host m.gazette.example")


def calendar(day):
    return groups(f"{HOST}/calendar/{day}", "", HOST)


def test_a_shape_is_left_after_three_barren_pages():
    worth = Worth()
    for day in range(3):
        assert not worth.left(calendar(day))
        worth.record(calendar(day), news=False)
    assert worth.left(calendar(77)) == "shape /calendar/*"
    assert not worth.left(groups(f"{HOST}/news/77", "", HOST))


def test_what_was_fruitful_is_given_more_patience():
    worth = Worth()
    worth.record(calendar(0), news=True)
    for day in range(7):
        worth.record(calendar(day), news=False)
    assert not worth.left(calendar(9))
    worth.record(calendar(8), news=False)
    assert worth.left(calendar(9))


def test_a_fruitful_page_starts_the_count_again():
    worth = Worth()
    for day in range(40):
        worth.record(calendar(day), news=day % 5 == 0)
    assert not worth.left(calendar(99))


def test_a_place_is_left_after_two_barren_hunches():
    worth = Worth()
    for name in ("about", "imprint"):
        worth.record(groups(f"{HOST}/{name}", "div.foot", HOST), news=False)
    assert worth.left(groups(f"{HOST}/privacy", "div.foot", HOST)) == "place div.foot"
    assert not worth.left(groups(f"{HOST}/privacy", "", HOST))  # the same page under a headline


def test_a_menu_keeps_its_sections_whatever_stands_between_them():
    worth = Worth()
    worth.record(groups(f"{HOST}/section/town/", "ul.nav", HOST), news=True)
    for name in ("about", "contact", "login", "imprint"):
        worth.record(groups(f"{HOST}/{name}", "ul.nav", HOST), news=False)
    assert not worth.left(groups(f"{HOST}/privacy", "ul.nav", HOST))  # four in a row: menus are given time
    worth.record(groups(f"{HOST}/jobs", "ul.nav", HOST), news=False)
    assert worth.left(groups(f"{HOST}/privacy", "ul.nav", HOST)) == "menu ul.nav"
    assert not worth.left(groups(f"{HOST}/section/sport/", "ul.nav", HOST))


def test_promise_is_that_of_the_least_promising_group():
    worth = Worth()
    assert worth.promise(("shape /a/*", "place nav")) == 1.0
    worth.record(("shape /a/*",), news=True)
    worth.record(("place nav",), news=False)
    assert worth.promise(("shape /a/*", "place nav")) == 0.5


def test_what_was_learned_is_kept():
    worth = Worth()
    for day in range(3):
        worth.record(calendar(day), news=False)
    again = Worth.from_json(worth.as_json())
    assert again == worth
    assert again.left(calendar(4))
    assert Worth.from_json("") == Worth()


def test_what_is_forgiven_gets_one_more_chance():
    worth = Worth()
    for day in range(3):
        worth.record(calendar(day), news=False)
    worth.forgive()
    assert not worth.left(calendar(4))
    worth.record(calendar(4), news=False)
    assert worth.left(calendar(5))


def test_nothing_is_forgiven_that_was_not_done():
    worth = Worth()
    worth.record(calendar(0), news=True)
    worth.forgive()
    for day in range(1, 8):
        assert not worth.left(calendar(day))
        worth.record(calendar(day), news=False)
    worth.record(calendar(8), news=False)
    assert worth.left(calendar(9))


# links that are no headlines, all together


def hunch(name, place):
    return groups(f"{HOST}/{name}", place, HOST)


def test_hunches_are_left_when_five_in_a_row_led_nowhere_wherever_they_stood():
    worth = Worth()
    for number, word in enumerate("about imprint contact jobs".split()):
        worth.record(hunch(word, f"div.{number}"), news=False)
    assert not worth.left(hunch("games", "div.last"))
    worth.record(hunch("letters", "div.more"), news=False)
    assert worth.left(hunch("games", "div.last")) == "hunch"
    assert not worth.left(groups(f"{HOST}/games", "", HOST))  # under a headline it is none


def test_links_in_menus_are_none_of_them():
    worth = Worth()
    for number, word in enumerate("about imprint contact jobs press".split()):
        worth.record(hunch(word, f"div.{number}"), news=False)
    for menu in ("ul.nav", "div.Main-Menu", "ul.channels", "div.lanmu"):
        assert groups(f"{HOST}/sport/", menu, HOST) == ("shape /sport", f"menu {menu}")
        assert not worth.left(groups(f"{HOST}/sport/", menu, HOST))


def test_a_hunch_that_came_true_starts_the_count_again():
    worth = Worth()
    worth.record(hunch("section/town/", "div.side"), news=True)
    for number, word in enumerate("about imprint contact jobs".split()):
        worth.record(hunch(word, f"div.{number}"), news=False)
    assert not worth.left(hunch("games", "div.last"))
    worth.record(hunch("press", "div.more"), news=False)
    assert worth.left(hunch("games", "div.last")) == "hunch"
    assert not worth.left(hunch("section/sport/", "div.last"))  # what is made like the one that came true


def test_a_shape_is_proven_by_two_pages_of_news_and_more_news_than_not():
    worth = Worth()
    member_of = hunch("a/1", "div.side")
    worth.record(member_of, news=True)
    assert not worth.proven(member_of)
    worth.record(member_of, news=True)
    assert worth.proven(member_of)
    assert not worth.proven(hunch("a/2", "ul.other"))  # nobody has tried that place
    worth.record(hunch("a/2", "ul.other"), news=True)
    assert worth.proven(hunch("a/3", "ul.other"))
    assert not worth.proven(hunch("b/2", "div.side"))
    for _ in range(3):
        worth.record(member_of, news=False)
    assert not worth.proven(member_of)  # 3 of 6


def test_a_place_that_mostly_disappoints_proves_nothing():
    worth = Worth()
    for number in range(2):
        worth.record(hunch(f"a/{number}", "div.one"), news=True)
    for word in "about imprint contact".split():
        worth.record(hunch(word, "div.foot"), news=False)
    assert worth.proven(hunch("a/7", "div.one"))
    assert not worth.proven(hunch("a/7", "div.foot"))


def test_what_is_not_ours_is_refused():
    for text in ("[]", "{", '{"shape /": 1}', '{"shape /": {"other": 1}}'):
        with pytest.raises((ValueError, TypeError, AttributeError)):
            Worth.from_json(text)
