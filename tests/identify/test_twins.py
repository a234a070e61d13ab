"""Rules that tell twins of known addresses: what makes one, what it says of other addresses, and when it is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.urls import canonical, host_of, url_key
from newscrawl.identify.twins import BY_HAND, ENOUGH, Twins, applied, difference, in_words

MOBILE = "host m.g.example www.g.example"
WORD = st.text("abcxyz-_", min_size=1, max_size=6)
PATHS = st.lists(WORD | st.integers(1, 9999).map(str), min_size=1, max_size=4).map("/".join)
QUERIES = st.sampled_from(["", "?id=7", "?id=7&cat=3"])
ADDRESSES = st.builds(
    lambda host, path, end, query: canonical(f"https://{host}/{path}{end}{query}"),
    st.sampled_from(["www.g.example", "m.g.example", "g.example:8080"]), PATHS, st.sampled_from(["", "/", ".html"]), QUERIES,
)  # fmt: skip


@pytest.mark.parametrize(
    ("twin", "known", "rule"),
    [
        ("https://m.g.example/a/7.html?x=1", "http://www.g.example/a/7.html?x=1", MOBILE),
        ("https://m.g.example:8080/a", "https://www.g.example/a", "host m.g.example:8080 www.g.example"),
        ("https://g.example/a?print=1", "https://g.example/a", "query print=1"),
        ("https://g.example/a?amp&id=7", "https://g.example/a?id=7", "query amp"),
        ("https://g.example/a/slug/amp/", "https://g.example/a/slug/", "segment amp -1 /"),
        ("https://g.example/a/slug/amp", "https://g.example/a/slug/", "segment amp -1 /"),
        ("https://g.example/a/slug/amp", "https://g.example/a/slug", "segment amp -1 ."),
        ("https://g.example/amp/a/slug.html", "https://g.example/a/slug.html", "segment amp 0 ."),
        ("https://g.example/news/amp/slug.html", "https://g.example/news/slug.html", "segment amp -2 ."),
        ("https://g.example/a/slug.amp.html", "https://g.example/a/slug.html", "name .amp behind"),
        ("https://g.example/a/7_print.shtml", "https://g.example/a/7.shtml", "name _print behind"),
        ("https://g.example/a/print_7.shtml", "https://g.example/a/7.shtml", "name print_ before"),
    ],
)
def test_one_piece_makes_a_rule_that_leads_back(twin, known, rule):
    assert difference(twin, known) == rule
    assert url_key(applied(rule, twin)) == url_key(known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.g.example/a/7", "https://www.g.example/a/8"),  # another page of another host
        ("https://m.g.example/a?id=7", "https://www.g.example/a?id=8"),
        ("https://g.example/a/8", "https://g.example/a/7"),
        ("https://g.example/2026/a", "https://g.example/a"),  # a date or number names something
        ("https://g.example/a_2.html", "https://g.example/a.html"),
        ("https://g.example/a?id=8", "https://g.example/a?id=7"),
        ("https://g.example/a?print=1&amp=1", "https://g.example/a"),  # two pieces
        ("https://g.example/a", "https://g.example/a?print=1"),  # the longer one is the twin
        ("https://g.example/a", "https://g.example/a"),
        ("https://g.example/sport/a", "https://g.example/local/a"),
    ],
)
def test_what_differs_in_more_or_in_numbers_makes_none(one, other):
    assert difference(one, other) == ""


def with_piece(known, kind, word):
    """An address with one piece more."""
    scheme, _, key = known.partition("://")
    path, mark, query = key.partition("?")
    host, _, rest = path.partition("/")
    made = {
        "host": f"{word.strip('-_')}.{host}/{rest}{mark}{query}",
        "query": f"{path}?{query}{'&' if query else ''}{word}=1",
        "first": f"{host}/{word}/{rest}{mark}{query}",
        "last": f"{host}/{rest.removesuffix('/')}/{word}{'/' if rest.endswith('/') else ''}{mark}{query}",
        "name": f"{host}/{rest.removesuffix('.html')}{word}{'.html' if rest.endswith('.html') else ''}{mark}{query}",
    }
    return canonical(f"{scheme}://{made[kind]}")


@given(ADDRESSES, st.sampled_from(["host", "query", "first", "last", "name"]), st.text("abcxyz", min_size=1, max_size=5))
def test_a_rule_leads_from_the_twin_to_the_address_that_it_was_made_of(known, kind, word):
    twin = with_piece(known, kind, word)
    assert (rule := difference(twin, known))
    assert url_key(applied(rule, twin)) == url_key(known) != url_key(twin)


@given(ADDRESSES, st.sampled_from(["segment amp -1 /", "segment amp 0 .", "query print=1", "name _print behind", "name p before", MOBILE]))
def test_a_rule_changes_no_host_but_the_one_it_names(url, rule):
    if known := applied(rule, url):
        assert canonical(known) == known
        assert host_of(known) == host_of(url) or (host_of(url), host_of(known)) == ("m.g.example", "www.g.example")


def test_a_further_page_is_no_twin():
    assert applied("query page=2", "https://g.example/a?page=2") == ""
    assert applied("query page=1", "https://g.example/a?page=1") == "https://g.example/a"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (MOBILE, "m.g.example has the same pages as www.g.example"),
        ("query print=1", "?print=1 makes it no other page"),
        ("segment amp -1 /", "/amp/ makes it no other page"),
        ("name _print behind", "…_print makes it no other page"),
        ("name p_ before", "p_… makes it no other page"),
    ],
)
def test_rules_can_be_read(rule, words):
    assert in_words(rule) == words


# when they are believed


def pair(number, piece="?print=1"):
    return f"https://g.example/story/{number}{piece}", f"https://g.example/story/{number}"


def taught(many, twins=None):
    twins = twins or Twins()
    for number in range(many):
        twins.saw(*pair(number))
    return twins


def test_a_rule_holds_once_enough_articles_have_proved_it():
    url, known = pair(99)
    assert list(taught(ENOUGH - 1).known_as(url)) == []
    assert list(taught(ENOUGH).known_as(url)) == [("query print=1", known)]


def test_the_same_article_proves_it_once():
    twins = Twins()
    for _ in range(9):
        twins.saw(*pair(1))
    assert list(twins.known_as(pair(2)[0])) == []


@given(st.lists(st.tuples(ADDRESSES, ADDRESSES), max_size=60), ADDRESSES)
def test_no_address_of_another_host_is_joined_unless_enough_of_that_host_were(seen, url):
    """Nor any other piece is left out than such as were seen to make no difference, in ENOUGH articles."""
    twins, proofs = Twins(), {}
    for one, other in seen:
        twins.saw(one, other)
        proofs.setdefault(difference(one, other), set()).add(other)
    for rule, known in twins.known_as(url):
        assert len(proofs[rule]) >= ENOUGH
        if host_of(known) != host_of(url):
            of_hosts = [one for one, other in seen if (host_of(one), host_of(other)) == (host_of(url), host_of(known))]
            assert len(of_hosts) >= ENOUGH


def test_ever_fewer_are_asked_for_all_the_same_but_never_none():
    twins = taught(ENOUGH)
    asked = [number for number in range(1, 5000) if not twins.spare("query print=1")]
    assert asked == [1, 4, 16, 64, 256, 1024, 2048, 3072, 4096]


def test_a_rule_that_was_proved_wrong_never_holds_again():
    twins = taught(ENOUGH)
    twins.refute("query print=1", pair(7)[0])
    assert list(taught(99, twins).known_as(pair(99)[0])) == []
    assert twins.owes
    assert twins.evidence("query print=1") == f"wrong: {pair(7)[0]}"


def test_what_is_owed_for_a_wrong_rule_outlives_the_run():
    twins = taught(ENOUGH)
    twins.refute("query print=1", pair(7)[0])
    again = Twins.from_json(twins.as_json())
    assert again.owes
    again.settle()
    assert not Twins.from_json(again.as_json()).owes


def test_one_that_nobody_believed_is_not_dropped_twice():
    twins = taught(ENOUGH)
    twins.refute("query print=1", BY_HAND)
    twins.refute("query print=1", pair(7)[0])
    assert (twins.owes, twins.evidence("query print=1")) == (True, "wrong: by hand")


def test_what_was_learned_is_kept():
    twins = taught(ENOUGH)
    twins.spare("query print=1")
    twins.refute("query amp=1", BY_HAND)
    again = Twins.from_json(twins.as_json())
    assert again.as_json() == twins.as_json()
    assert again.evidence("query print=1") == f"proved by {ENOUGH} articles, 1 spared since"
    assert list(again.known_as(pair(5)[0])) == [("query print=1", pair(5)[1])]


def test_addresses_without_any_pattern_take_no_room():
    twins = taught(ENOUGH)
    letters = "abcdefghij"
    for number in range(1000):
        word = "".join(letters[int(digit)] for digit in str(number))
        twins.saw(f"https://g.example/{word}?x{word}", f"https://g.example/{word}")
    assert len(twins.as_json()) < 30_000
    assert list(twins.known_as(pair(5)[0]))
