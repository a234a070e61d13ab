"""Addresses: what must stay, what must go, and which spellings meet."""

import json

import can_ada
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.urls import LONGEST, SESSION, TRACKING, canonical, further_pages, host_of, join, page_number, url_key

HOSTS = st.sampled_from(["gazette.example", "www.gazette.example", "m.gazette.example:8080", "[2001:db8::1]", "报.example", "part-2"])
_WORD = st.text("abcxyz019-_.~%2E;=@,()'é新\\ ", max_size=8)
SEGMENTS = st.one_of(
    _WORD, st.sampled_from(["..", ".", ".;jsessionid=1", "..;JSESSIONID=2", "a;jsessionid=3;b", "page", "2", "p3.html", ""])
)
CONTENT_PAIRS = st.sampled_from(
    ["id=7", "id=8", "cat=", "q=a%20b", "sid=4", "from=5", "ref=front", "page=2", "x", "=1", "next=;jsessionid=1", "scm_id=2"]
)
IGNORED_PAIRS = st.builds(
    lambda name, value: f"{name}={value}",
    st.sampled_from([*sorted(TRACKING), *sorted(SESSION), "utm_source", "UTM_Medium", "PHPSESSID"]),
    st.sampled_from(["", "1", "a%26b", "x=y"]),
)


def address(scheme: str, host: str, segments: list[str], pairs: list[str], fragment: str) -> str:
    query = f"?{'&'.join(pairs)}" if pairs else ""
    return f"{scheme}://{host}/{'/'.join(segments)}{query}{fragment}"


ADDRESSES = st.builds(
    address,
    st.sampled_from(["http", "https", "HTTPS"]),
    HOSTS,
    st.lists(SEGMENTS, max_size=4),
    st.lists(CONTENT_PAIRS | IGNORED_PAIRS, max_size=5),
    st.sampled_from(["", "#", "#top", "#/a?b=c"]),
)


@given(ADDRESSES)
def test_canonical_is_idempotent(url):
    assert canonical(canonical(url)) == canonical(url) != ""


@given(ADDRESSES)
def test_canonical_keeps_scheme_and_host(url):
    parsed, made = can_ada.parse(url), can_ada.parse(canonical(url))
    assert (made.protocol, made.host) == (parsed.protocol, parsed.host)
    assert host_of(canonical(url)) == parsed.host


@given(HOSTS, st.lists(st.tuples(st.booleans(), CONTENT_PAIRS, IGNORED_PAIRS), max_size=6))
def test_content_parameters_stay_in_their_order_and_no_other(host, choices):
    pairs = [content if keep else ignored for keep, content, ignored in choices]
    query = canonical(f"https://{host}/a?{'&'.join(pairs)}").partition("?")[2]
    assert query == "&".join(content for keep, content, _ in choices if keep)


@given(HOSTS, st.lists(CONTENT_PAIRS, max_size=5).flatmap(lambda pairs: st.tuples(st.just(pairs), st.permutations(pairs))))
def test_the_key_knows_neither_scheme_nor_order(host, orders):
    urls = [canonical(f"{scheme}://{host}/a/?{'&'.join(pairs)}") for scheme in ("http", "https") for pairs in orders]
    assert len({url_key(url) for url in urls}) == 1


@given(ADDRESSES, ADDRESSES)
def test_equal_keys_mean_equal_hosts_and_paths(one, other):
    one, other = canonical(one), canonical(other)
    if url_key(one) == url_key(other):
        assert one.partition("?")[0].partition("://")[2] == other.partition("?")[0].partition("://")[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x", "https://b.example/x"),
        ("https://a.example/x", "https://www.a.example/x"),
        ("https://a.example/x", "https://a.example/x/"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/?id=1", "https://a.example/?id=2"),
        ("https://a.example/?id=1", "https://a.example/?ID=1"),
        ("https://a.example:8080/", "https://a.example/"),
        ("https://a.example/?a=1&b=2", "https://a.example/?a=2&b=1"),
    ],
)
def test_different_addresses_have_different_keys(one, other):
    assert url_key(canonical(one)) != url_key(canonical(other))


@given(
    st.text(max_size=40) | ADDRESSES, st.text(max_size=60) | st.sampled_from(["http://[", "//", "http:", "\ud800", "https://\x00/", "a:b"])
)
def test_join_never_raises_and_gives_canonical_addresses(base, href):
    found = join(base, href)
    assert found == "" or canonical(found) == found


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("b.html", "https://gazette.example/news/b.html"),
        ("/b", "https://gazette.example/b"),
        ("../../../b", "https://gazette.example/b"),
        ("?page=2", "https://gazette.example/news/a.html?page=2"),
        ("", "https://gazette.example/news/a.html?x=1"),
        ("#top", "https://gazette.example/news/a.html?x=1"),
        ("//other.example/b", "https://other.example/b"),
        ("HTTP://Other.Example:80/b", "http://other.example/b"),
        (" \n/b\t ", "https://gazette.example/b"),
        ("/a\nb", "https://gazette.example/ab"),
        ("\\b", "https://gazette.example/b"),
        ("/新闻", "https://gazette.example/%E6%96%B0%E9%97%BB"),
        ("https://报.example/", "https://xn--4ru.example/"),
        ("/a;jsessionid=0A1B.node2?id=3&PHPSESSID=x", "https://gazette.example/a?id=3"),
        ("/a?next=;jsessionid=1&id=3", "https://gazette.example/a?next=;jsessionid=1&id=3"),
        ("/a/..;jsessionid=1/b", "https://gazette.example/b"),
        ("/a?utm_source=x", "https://gazette.example/a"),
        ("https://reader:secret@gazette.example/a", "https://gazette.example/a"),
        ("mailto:desk@gazette.example", ""),
        ("javascript:void(0)", ""),
        ("file:///etc/hostname", ""),
        ("file://gazette.example/etc/hostname", ""),
        ("data:text/html,x", ""),
        ("ftp://gazette.example/", ""),
        ("https://", ""),
        ("https://a b/", ""),
    ],
)
def test_links_as_pages_write_them(href, found):
    assert join("https://gazette.example/news/a.html?x=1", href) == found


def test_the_longest_address_is_what_servers_must_take():
    front = "https://gazette.example/"
    longest = front + "a" * (LONGEST - len(front))
    assert canonical(longest) == longest
    assert canonical(longest + "a") == ""


def test_the_cases_of_the_web_platform_never_raise(hostile):
    count = 0
    for path in sorted((hostile / "urls").glob("*urltestdata.json")):
        for case in json.loads(path.read_text("utf-8")):
            if isinstance(case, dict):
                found = join(case.get("base") or "", case["input"])
                assert canonical(found) == found, case
                assert not (found and case.get("failure")), case
                count += 1
    assert count > 100


# page numbering, as systems write it: (page 1, page {n})
NUMBERING = [
    ("https://g.example/news/fire.html", "https://g.example/news/fire_{n}.html"),
    ("https://g.example/news/fire.html", "https://g.example/news/fire-{n}.html"),
    ("https://g.example/news/fire.shtml", "https://g.example/news/fire_p{n}.shtml"),
    ("https://g.example/news/fire", "https://g.example/news/fire-page-{n}"),
    ("https://g.example/2026/05/t2026_77.html", "https://g.example/2026/05/t2026_77_{n}.html"),
    ("https://g.example/feuer-1.html", "https://g.example/feuer-1,seite-{n}.html"),
    ("https://g.example/feuer", "https://g.example/feuer/seite-{n}"),
    ("https://g.example/feuer/", "https://g.example/feuer/page/{n}/"),
    ("https://g.example/fire", "https://g.example/fire/{n}"),
    ("https://g.example/fire/", "https://g.example/fire/{n}/"),
    ("https://g.example/fire.html", "https://g.example/fire.html/{n}"),
    ("https://g.example/fire", "https://g.example/fire?page={n}"),
    ("https://g.example/fire/", "https://g.example/fire/?paged={n}"),
    ("https://g.example/read?id=7", "https://g.example/read?id=7&page={n}"),
    ("https://g.example/read?id=7", "https://g.example/read?page={n}&id=7"),
    ("https://g.example/read?id=7&lang=en", "https://g.example/read?lang=en&pageNo={n}&id=7"),
    ("https://g.example/read/?q=why%3F", "https://g.example/read/page/{n}/?q=why%3F"),
    ("https://g.example/read?q=why?", "https://g.example/read?q=why?&page={n}"),
    ("https://part-2/fire", "https://part-2/fire/{n}"),
    ("http://g.example/fire", "https://g.example/fire?p={n}"),
]


@pytest.mark.parametrize(("first", "numbered"), NUMBERING)
@given(st.integers(2, 99))
def test_page_number_undoes_the_numbering(first, numbered, number):
    assert page_number(canonical(numbered.format(n=number)), canonical(first)) == number


@pytest.mark.parametrize(("first", "numbered"), NUMBERING)
def test_page_one_and_page_zero_are_no_further_pages(first, numbered):
    assert page_number(first, first) == 0
    for number in (0, 1):
        assert page_number(canonical(numbered.format(n=number)), first) == 0


@pytest.mark.parametrize(
    ("url", "first"),
    [
        ("https://g.example/news/fire-2.html", "https://g.example/news/flood.html"),
        ("https://g.example/news/fire-2.html", "https://m.g.example/news/fire.html"),
        ("https://g.example/fire?page=2&id=8", "https://g.example/fire?id=7"),
        ("https://g.example/fire?id=2", "https://g.example/fire"),
        ("https://g.example/fire?xpage=2", "https://g.example/fire"),
        ("https://g.example/fire-2026.html", "https://g.example/fire.html"),
        ("https://g.example/fire/2026", "https://g.example/fire"),
        ("https://g.example/fire_3.html", "https://g.example/fire_2.html"),
        ("https://g.example/fire-٣.html", "https://g.example/fire.html"),
    ],
)
def test_what_is_no_further_page(url, first):
    assert page_number(canonical(url), canonical(first)) == 0


@given(ADDRESSES)
def test_a_further_page_stays_on_its_host(url):
    url = canonical(url)
    for first, number in further_pages(url):
        assert host_of(f"https://{first}") == host_of(url)
        assert 2 <= number <= 999
