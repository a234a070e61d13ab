import pytest

from newscrawl.extract.blocks import layout
from newscrawl.extract.structured import structured
from newscrawl.extract.title import folded, title_above, title_of, without_site
from newscrawl.extract.tree import parse

URL = "https://www.hedong.example/news/7.html"
HEADLINE = "Old bridge to be rebuilt at last"


def read(html, **known):
    page = parse(html)
    return title_of(layout(page), structured(page, URL), url=URL, **known)


@pytest.mark.parametrize(
    ("html", "source"),
    [
        (f"<title>{HEADLINE} | City | Hedong Daily</title><h1>{HEADLINE}</h1>", "h1"),
        (f"<title>{HEADLINE} - Hedong Daily</title><h1>Hedong Daily</h1><h1>{HEADLINE}</h1>", "h1"),
        (f"<title>{HEADLINE} - Hedong Daily</title><h1>{HEADLINE}<br><span>2023-05-17 Source: us</span></h1>", "h1"),
        (f"<title>{HEADLINE} - Hedong Daily</title><h1>Old bridge to be<br>rebuilt at last</h1>", "h1"),
        (f"<title>{HEADLINE}_Hedong Daily</title><h1>Hedong Daily</h1><h2>{HEADLINE}</h2><h2>Most read</h2>", "heading"),
        (f"<title>Hedong Daily: {HEADLINE}</title><font size=5><b>{HEADLINE}</b></font><p>Text.", "text"),
        (f'<title>{HEADLINE} - City</title><meta property="og:title" content="hedong.example - {HEADLINE}">', "og"),
        (f'<meta property="og:title" content="{HEADLINE} | Hedong"><meta property="og:site_name" content="Hedong">', "og"),
        (f"<title>{HEADLINE} - Hedong Daily</title>", "title"),
        (f"<title>Hedong</title><h1>{HEADLINE}</h1>", "h1"),
    ],
)
def test_headlines_are_found_without_the_sites_name(html, source):
    title = read(html)
    assert title.text == HEADLINE
    assert title.source == source


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<title>Road works: {HEADLINE} - Hedong</title><p>Road works<h1>{HEADLINE}</h1>", f"Road works: {HEADLINE}"),
        (f"<title>Road works: {HEADLINE} - Hedong</title><h1>{HEADLINE}</h1>", HEADLINE),  # nobody is shown it
        (f"<title>{HEADLINE} - Hedong</title><p>Road works<h1>{HEADLINE}</h1>", HEADLINE),  # <title> does not agree
    ],
)
def test_words_before_a_headline_belong_to_it_if_all_agree(html, text):
    assert read(f'<meta property="og:title" content="Road works: {HEADLINE}">{html}').text == text


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        (f"Road works - {HEADLINE}", HEADLINE),
        (f"“At last”<span>{HEADLINE}</span>", HEADLINE),
        (f"New: This {HEADLINE}", f"New: This {HEADLINE}"),  # cut short for those who share it
    ],
)
def test_words_before_a_headline_that_are_left_out_elsewhere(heading, text):
    assert read(f'<meta property="og:title" content="{HEADLINE}"><title>{heading} | Hedong</title><h1>{heading}</h1>').text == text


@pytest.mark.parametrize(
    ("text", "sites", "headline"),
    [
        ("河东老桥重修_社会_河东新闻网", set(), "河东老桥重修"),
        ("河东老桥重修-社会-河东网", set(), "河东老桥重修"),
        ("Hedong Daily | Bridge rebuilt", {"hedongdaily"}, "Bridge rebuilt"),
        ("Bridge - and tunnel - rebuilt | Hedong", {"hedong"}, "Bridge - and tunnel - rebuilt"),
        ("No separators, only well-known words", set(), "No separators, only well-known words"),
        ("", set(), ""),
    ],
)
def test_titles_without_their_site(text, sites, headline):
    assert without_site(text, sites) == headline


def test_the_headlines_block_is_known():
    page = parse(f"<title>{HEADLINE}</title><div>Home</div><h1>{HEADLINE}</h1><p>Text.")
    assert title_of(layout(page), structured(page, URL)).block == 1


def test_a_link_text_is_the_last_resort_and_a_witness():
    assert read("<p>Text without any heading.", link_text=HEADLINE).source == "link"
    html = f"<title>{HEADLINE}</title>"
    assert read(html, link_text="Old bridge to be…").confidence > read(html, link_text="Weather").confidence


def test_agreement_raises_confidence():
    html = f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1>"
    assert read(f'<meta property="og:title" content="{HEADLINE}">' + html).confidence > read(html).confidence


@pytest.mark.parametrize("html", ["", "<p>Text.", "<title></title><h1></h1>", "<title>Hedong</title>", "<title> | - _ </title>"])
def test_pages_that_name_no_headline(html):
    assert read(html) is None


def test_without_any_name_the_line_above_the_text_is_the_headline():
    above = title_above(layout(parse(f"<div>Home 12</div><div class=bigtitle>{HEADLINE}</div><div>2023-05-17</div><p>Text.")), 3)
    assert (above.text, above.block) == (HEADLINE, 1)
    plain = title_above(layout(parse(f"<a href=/>Home</a><div>{HEADLINE}</div><div>2023-05-17</div><p>Text.")), 3)
    assert (plain.text, plain.block) == (HEADLINE, 1)
    assert title_above(layout(parse("<p>Text.")), 0) is None


def test_folding_leaves_letters_and_digits():
    assert folded("“Straße” – 2 Brücken!") == "strasse2brücken"
