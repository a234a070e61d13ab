"""Which parameters of a site's addresses make no difference, and where."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.urls import canonical, host_of
from newscrawl.identify.visitors import PAGES, VisitorParameters, parameters, shape, without

NAMES = st.sampled_from(["id", "sid", "lang", "view"])
ADDRESSES = st.builds(
    lambda host, pairs: canonical(f"https://{host}.example/read?" + "&".join(f"{name}={value}" for name, value in pairs)),
    st.sampled_from("ab"),
    st.lists(st.tuples(NAMES, st.integers(0, 3)), min_size=1, max_size=3),
)
IDLE = "idle sid g.example/read?id=0"


def read(article: object, session: object) -> str:
    return f"https://g.example/read?id={article}&sid={session}"


# shapes


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("/read?id=1", "/read?id=77"),
        ("/read?id=1&lang=en", "/read?lang=en&id=2"),
        ("/2026/08/01/storm-over-the-harbour", "/2026/11/28/ferry-is-late-again"),
        ("/news/storm-over-harbour.html", "/news/ferry-late-again.html"),
        ("/list?c=1", "/list?c=1&page=2"),
        ("/a/%E4%BD%A0", "/a/%E5%A5%BD"),
        ("/read?t=Storm+over+town", "/read?t=Ferry+late"),
    ],
)
def test_what_is_made_alike_has_one_shape(url: str, other: str) -> None:
    assert shape(f"https://g.example{url}") == shape(f"https://g.example{other}")


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("/read?id=1", "/list?id=1"),
        ("/index.php?a=show&id=1", "/index.php?a=list&id=1"),
        ("/read?id=1", "/read?id=1&edition=2"),
        ("/read?id=1", "/read?cat=1"),
        ("/show_article.php?id=1", "/list_article.php?id=1"),
        ("/read.html", "/read.php"),
    ],
)
def test_what_is_not_has_several(url: str, other: str) -> None:
    assert shape(f"https://g.example{url}") != shape(f"https://g.example{other}")


def test_hosts_keep_their_numbers() -> None:
    assert shape("https://127.0.0.1:8010/read/7?id=1") == "127.0.0.1:8010/read/0?id=0"


@given(ADDRESSES)
def test_each_parameter_is_told_with_the_address_less_that_one(url: str) -> None:
    found = list(parameters(url))
    pairs = url.partition("?")[2].split("&")
    assert [f"{one.name}={one.value}" for one in found] == pairs
    for at, one in enumerate(found):
        rest = one.rest.partition("?")[2]
        assert (rest.split("&") if rest else []) == pairs[:at] + pairs[at + 1 :]


@given(ADDRESSES, st.sets(NAMES))
def test_host_and_path_never_change_and_twice_is_once(url: str, names: set[str]) -> None:
    less = without(url, names)
    assert host_of(less) == host_of(url)
    assert less.partition("?")[0] == url.partition("?")[0]
    assert without(less, names) == less
    assert not {one.name for one in parameters(less)} & names


# articles


def borne_out(seen: VisitorParameters, url: str, article: str) -> list[tuple[str, bool]]:
    return list(seen.saw(url, article))


def test_another_value_that_shows_the_same_article_bears_a_rule_out() -> None:
    seen = VisitorParameters()
    assert borne_out(seen, read(1, 1), "a") == []
    assert borne_out(seen, read(1, 2), "a") == [(IDLE, True)]


def test_the_same_address_again_teaches_nothing() -> None:
    seen = VisitorParameters()
    assert [found for _ in range(9) for found in seen.saw(read(1, 1), "a")] == []


def test_another_article_under_another_value_contradicts_it_for_ever() -> None:
    seen = VisitorParameters()
    borne_out(seen, read(1, 1), "a")
    assert borne_out(seen, read(1, 2), "b") == [(IDLE, False)]
    again = VisitorParameters.from_json(seen.as_json())
    for known in (seen, again):
        borne_out(known, read(2, 1), "c")
        assert (IDLE, True) not in borne_out(known, read(2, 2), "c")
        assert "sid" in known.contradicted()


def test_what_an_older_version_has_kept_is_learned_anew() -> None:
    kept = VisitorParameters.from_json('{"same": {"sid": 9}, "other": ["id"]}')
    assert kept.contradicted() == set()


# links


def page(session: object, *more: str) -> list[str]:
    return [f"https://g.example/list?c=1&sid={session}", f"https://g.example/about?sid={session}", *more]


def vouched(*pages: list[str], names: frozenset[str] = frozenset({"sid"})) -> set[str]:
    seen = VisitorParameters()
    return {rule for at, links in enumerate(pages) for rule, _ in seen.vouched(f"page {at}", links, names)}


ALONE = [page(session) for session in range(PAGES)]
WHEREVER = {"idle sid g.example/list?c=0", "idle sid g.example/about"}


def test_pages_with_one_value_each_vouch_for_a_parameter_wherever_it_stands() -> None:
    assert vouched(*ALONE[1:]) == set()
    assert vouched(*ALONE) == WHEREVER


def test_later_pages_vouch_for_what_stands_on_them_alone() -> None:
    late = ["https://g.example/a?sid=77", "https://g.example/b?sid=77"]
    assert vouched(*ALONE, late) == WHEREVER | {"idle sid g.example/a", "idle sid g.example/b"}


def test_only_for_one_that_is_idle_elsewhere() -> None:
    assert vouched(*ALONE, names=frozenset({"id"})) == set()


def test_not_the_same_value_again_and_again() -> None:
    assert vouched(*[page(7)] * (3 * PAGES)) == set()


def test_a_page_with_several_values_begins_it_anew() -> None:
    chosen = page(1, "https://g.example/list?c=1&sid=2")
    assert vouched(*ALONE[1:], chosen, *ALONE[1:]) == set()


def test_a_page_with_a_single_link_tells_nothing() -> None:
    assert vouched(*([f"https://g.example/list?c=1&sid={session}"] for session in range(3 * PAGES))) == set()


# bounds


def test_an_address_with_very_many_parameters_is_left_as_it_is() -> None:
    url = "https://g.example/read?" + "&".join(f"a{number}=1" for number in range(4_000))
    assert [*parameters(url)] == []


def test_what_is_wrong_is_kept_for_each_parameter_before_more_of_one() -> None:
    learned = VisitorParameters()
    for name, pages in (("a", 300), ("z", 1)):
        for page_of, value in product(range(pages), (1, 2)):
            path = "".join(chr(ord("a") + int(digit)) for digit in str(page_of))
            assert [*learned.saw(f"https://g.example/{path}?{name}={value}", f"{page_of} {value}")] or value == 1
    assert VisitorParameters.from_json(learned.as_json()).contradicted() == {"a", "z"}
