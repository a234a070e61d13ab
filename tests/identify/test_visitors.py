from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.urls import canonical, host_of
from newscrawl.identify.visitors import ENOUGH, VisitorParameters

NAMES = st.sampled_from(["id", "sid", "lang", "view"])
ADDRESSES = st.builds(
    lambda host, pairs: canonical(f"https://{host}.example/read?" + "&".join(f"{name}={value}" for name, value in pairs)),
    st.sampled_from("ab"),
    st.lists(st.tuples(NAMES, st.integers(0, 3)), min_size=1, max_size=3),
)


def taught(*seen):
    parameters = VisitorParameters()
    for url, article in seen:
        parameters.saw(url, article)
    return parameters


def sessions(many, article="1"):
    return [(f"https://g.example/read?id={article}&sid={number}", article) for number in range(many)]


def test_a_session_is_known_once_it_made_no_difference_often_enough():
    url = "https://g.example/read?id=9&sid=77"
    assert taught(*sessions(ENOUGH)).without(url) == url
    assert taught(*sessions(ENOUGH + 1)).without(url) == "https://g.example/read?id=9"


def test_what_names_the_article_stays():
    parameters = taught(*sessions(ENOUGH + 1, "1"), *sessions(ENOUGH + 1, "2"))
    assert parameters.without("https://g.example/read?id=3&sid=8") == "https://g.example/read?id=3"


def test_one_that_made_a_difference_once_is_kept_for_ever():
    parameters = taught(*sessions(9), ("https://g.example/read?id=1&sid=10", "another article"))
    assert parameters.without("https://g.example/read?id=1&sid=11") == "https://g.example/read?id=1&sid=11"


def test_the_same_address_again_teaches_nothing():
    parameters = taught(*[("https://g.example/read?id=1&sid=1", "1")] * 9)
    assert parameters.without("https://g.example/read?id=1&sid=2") == "https://g.example/read?id=1&sid=2"


def test_an_address_that_is_nothing_but_a_session():
    parameters = taught(*[(f"https://g.example/story?sid={number}", "1") for number in range(9)])
    assert parameters.without("https://g.example/story?sid=77") == "https://g.example/story"
    assert parameters.without("https://g.example/story") == "https://g.example/story"


@given(st.lists(st.tuples(ADDRESSES, st.sampled_from("123")), max_size=40), ADDRESSES)
def test_host_and_path_never_change_and_twice_is_once(seen, url):
    parameters = taught(*seen)
    less = parameters.without(url)
    assert host_of(less) == host_of(url)
    assert less.partition("?")[0] == url.partition("?")[0]
    assert parameters.without(less) == less


@given(st.lists(st.tuples(ADDRESSES, st.sampled_from("123")), max_size=40))
def test_two_articles_that_were_seen_never_come_to_one_address(seen):
    """Whatever was learned, no parameter that ever told two articles apart is dropped."""
    by_url = {}
    for url, article in seen:
        by_url.setdefault(url, article)
    parameters = taught(*by_url.items())
    for url, article in by_url.items():
        for other, another in by_url.items():
            one_apart = len(set(url.split("?")[1].split("&")) ^ set(other.split("?")[1].split("&"))) == 2
            if article != another and one_apart and sorted(map(name_of, pairs(url))) == sorted(map(name_of, pairs(other))):
                assert parameters.without(url) != parameters.without(other) or list(map(name_of, pairs(url))) != list(
                    map(name_of, pairs(other))
                )


def pairs(url):
    return url.split("?")[1].split("&")


def name_of(pair):
    return pair.partition("=")[0]
