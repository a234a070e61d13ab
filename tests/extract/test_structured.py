import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.structured import structured
from newscrawl.extract.tree import parse

URL = "https://www.hedong.example/news/7.html"


def read(html):
    return structured(parse(html), URL)


def ld(value):
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


def values(claims):
    return [claim.value for claim in claims]


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Bridge &amp; tunnel",
    "datePublished": "2023-05-17T09:32:00+08:00",
    "dateModified": "2023-05-18",
    "author": {"@type": "Person", "name": "Jane Doe"},
    "publisher": {"@type": "Organization", "name": "Hedong Daily"},
    "keywords": "bridge, traffic",
}


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "Hedong"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        f"<!-- {json.dumps(ARTICLE)} -->",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE).replace("Bridge", "Bridge"),
    ],
)
def test_json_ld_of_all_shapes(script):
    stated = read(ld(script))
    assert values(stated.titles) == ["Bridge & tunnel"]
    assert values(stated.published) == ["2023-05-17T09:32:00+08:00"]
    assert values(stated.modified) == ["2023-05-18"]
    assert values(stated.authors) == ["Jane Doe"]
    assert (stated.publisher, stated.kind, values(stated.tags)) == ("Hedong Daily", "NewsArticle", ["bridge", "traffic"])


def test_authors_that_json_ld_only_refers_to():
    graph = [{"@type": "Article", "headline": "A", "author": {"@id": "#1"}}, {"@id": "#1", "@type": "Person", "name": "Jane Doe"}]
    assert values(read(ld({"@graph": graph})).authors) == ["Jane Doe"]


@pytest.mark.parametrize("author", ["Jane Doe", ["Jane Doe"], [{"name": "Jane Doe"}], {"name": ["Jane Doe"]}])
def test_authors_as_sites_write_them(author):
    assert values(read(ld({**ARTICLE, "author": author})).authors) == ["Jane Doe"]


def test_broken_json_ld_still_tells():
    broken = '{"@type": "NewsArticle", "headline": "Bridge", "author": [{"name": "Jane Doe"}], "datePublished": "2023-05-17", }'
    stated = read(ld(broken))
    assert values(stated.titles) == ["Bridge"]
    assert values(stated.published) == ["2023-05-17"]
    assert values(stated.authors) == ["Jane Doe"]


@pytest.mark.parametrize(
    "script", ["", "null", "[]", "3", '"text"', "[" * 100_000, '{"a":' * 50_000, '{"@type": 5, "headline": {}}', '{"@graph": 7}']
)
def test_useless_json_ld_says_nothing(script):
    assert read(ld(script)).titles == ()


def test_an_article_is_preferred_to_the_page_it_is_on():
    scripts = ld({"@type": "WebPage", "headline": "Page"}) + ld(ARTICLE)
    assert values(read(scripts).titles) == ["Bridge & tunnel"]


def test_meta_elements():
    stated = read(
        '<html lang="de"><title> Brücke |\n Hedong </title><meta property="og:title" content="Brücke">'
        '<meta property="og:site_name" content="Hedong">'
        '<meta name="DC.date.issued" content="2023-05-16"><meta property="article:published_time" content="2023-05-17">'
        '<meta name=author content="Jane Doe"><meta name=keywords content="Brücke，Verkehr; Brücke"><meta name=description content="Kurz.">'
        '<meta property="article:section" content="Lokales"><link rel=canonical href="/news/7.html?page=1">'
    )
    assert values(stated.published) == ["2023-05-17", "2023-05-16"]
    assert [claim.source for claim in stated.titles] == ["og"]
    assert (stated.document_title, stated.site_name) == ("Brücke | Hedong", "Hedong")
    assert (values(stated.sections), values(stated.summaries)) == (["Lokales"], ["Kurz."])
    assert (stated.language, values(stated.tags)) == ("de", ["Brücke", "Verkehr"])
    assert stated.canonical == "https://www.hedong.example/news/7.html?page=1"


def test_itemprop_and_rel():
    stated = read(
        "<h1 itemprop=headline>Bridge</h1><time itemprop=datePublished datetime=2023-05-17>yesterday</time>"
        "<span itemprop=author><b>Jane</b> <b>Doe</b></span> <a rel='author nofollow' href=/jd>J. Doe</a>"
    )
    assert values(stated.titles) == ["Bridge"]
    assert values(stated.published) == ["2023-05-17"]
    assert [(claim.source, claim.value) for claim in stated.authors] == [("itemprop", "Jane Doe"), ("rel", "J. Doe")]


@pytest.mark.parametrize("href", ["", "http://[half", "  "])
def test_a_canonical_that_is_none(href):
    assert read(f'<link rel=canonical href="{href}">').canonical in {"", URL}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "@id", "name", "mainEntity"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_read(value):
    stated = read(ld(json.dumps(value)))
    assert all(isinstance(claim.value, str) and claim.value for claim in (*stated.titles, *stated.authors, *stated.published))
