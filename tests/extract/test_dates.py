from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.blocks import layout
from newscrawl.extract.dates import Reader, date_in_url, dates_of, languages_of, local_day
from newscrawl.extract.moments import read_moment
from newscrawl.extract.parts import inherit
from newscrawl.extract.structured import structured
from newscrawl.extract.tree import parse


@pytest.fixture
def read(at):
    def read(html, url="https://hedong.example/news/7.html", near=None, **known):
        page = parse(html)
        shown = layout(page)
        flags = inherit(shown, [0.0] * len(shown.blocks))
        return dates_of(shown, structured(page, url), Reader(at), url=url, near=near or range(len(shown.blocks)), flags=flags, **known)

    return read


def seen(moment):
    return (f"{moment.time:%m-%d %H:%M}", moment.source)


META = '<meta property="article:published_time" content="2023-05-10T09:32:00Z">'


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        (META + "<p>2023-05-11 10:00</p>", "https://h.example/7", ("05-10 09:32", "meta")),
        ("<p>2023-05-11 10:00</p>", "https://h.example/7", ("05-11 10:00", "text")),
        ("<p>no date at all</p>", "https://h.example/2023/05/09/bridge", ("05-09 12:00", "url")),
        (META, "https://h.example/2023/05/10/bridge", ("05-10 09:32", "meta")),
        (META, "https://h.example/2023/05/02/bridge", ("05-02 12:00", "url")),
        ("<p>09.05.2023, 18:20 Uhr</p>", "https://h.example/20230509/7.html", ("05-09 18:20", "text")),
        ("<time datetime='2023-05-11T08:00Z'>last week</time>", "https://h.example/7", ("05-11 08:00", "time")),
        ("<p>来源：河东日报 3小时前</p>", "https://h.example/7", ("05-17 12:00", "text")),
    ],
)
def test_the_most_trustworthy_date_wins(read, html, url, expected):
    assert seen(read(html, url).published) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<div>今天是2023年05月17日 星期三 欢迎您！</div>",
        "<div>Today is Wednesday, May 17, 2023</div>",
        "<div>Heute ist der 17.05.2023</div>",
        "<header>Wednesday, May 17, 2023 Weather 12°</header>",
        "<div id=sidebar><p>2023-05-16</p></div>",
        "<div class=comments><p>Bob, 2023-05-16 10:00</p></div>",
        "<footer>2023-05-16</footer>",
        "<p>" + "The council met on 16 May 2023 and decided. " * 5 + "</p>",
    ],
)
def test_dates_that_are_not_the_articles(read, html):
    assert read(html).published is None


def test_only_what_stands_near_counts(read):
    html = "<p>2023-05-01</p><p>2023-05-02</p><p>2023-05-03</p>"
    assert seen(read(html, near=[1, 0]).published) == ("05-02 12:00", "text")


def test_a_change_is_not_the_publication(read):
    dates = read("<p>Updated: 2023-05-12 10:00</p><p>Published: 2023-05-11 09:00</p>")
    assert seen(dates.published) == ("05-11 09:00", "text")
    assert seen(dates.modified) == ("05-12 10:00", "text")
    both = read("<p>May 11, 2023 | Updated May 12, 2023 at 10:00</p>")
    assert (seen(both.published)[0], seen(both.modified)[0]) == ("05-11 12:00", "05-12 10:00")


def test_a_change_alone_is_better_than_nothing(read):
    assert seen(read("<p>更新时间 2023-05-12 10:00</p>").published) == ("05-12 10:00", "text")


def test_a_change_before_the_publication_is_none(read):
    assert read(META + '<meta property="article:modified_time" content="2023-05-01">').modified is None


def test_the_listings_date_helps_out(read):
    dates = read("<p>no date</p>", listed="2023-05-08 07:00")
    assert seen(dates.published) == ("05-08 07:00", "listing")
    assert seen(read(META, listed="2023-05-08").published) == ("05-10 09:32", "meta")


def test_agreement_raises_confidence(read):
    assert read(META + "<p>2023-05-10</p>", listed="2023-05-10").confidence > read(META).confidence
    assert read("<p>nothing</p>").confidence == 0


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2023/05/09/bridge", "2023-05-09"),
        ("/a/city/2023/0509/10014.html", "2023-05-09"),
        ("/city/2023-05-09/7.html", "2023-05-09"),
        ("/t20230509_7.htm", "2023-05-09"),
        ("/2023/5/9/7.html", "2023-05-09"),
        ("/c/2023050912345.html", "2023-05-09"),
    ],
)
def test_days_in_addresses(path, day, at):
    assert f"{date_in_url('https://h.example' + path, at).time:%Y-%m-%d}" == day


@pytest.mark.parametrize(
    "path", ["/", "/7.html", "/2023/05/", "/20231399/7", "/202305091.html", "/2031/05/09/", "?d=2023-05-09", "/12023/05/09"]
)
def test_addresses_without_a_day(path, at):
    assert date_in_url("https://h.example" + path, at) is None


@given(st.text(max_size=60))
def test_any_address_is_read(path):
    date_in_url("https://h.example/" + path, datetime(2023, 5, 17, tzinfo=UTC))


def test_the_stated_region_decides_the_order_of_day_and_month():
    assert languages_of("en", "en_GB") == ("en-GB",)
    assert languages_of("zh-Hans", "zh-CN") == ("zh-CN",)
    assert languages_of("de", "en-US") == ("de",)
    assert languages_of("", "") == ()


@pytest.mark.parametrize(
    ("text", "day"), [("2023-05-17T01:00+08:00", "2023-05-17"), ("2023-05-16T23:00-05:00", "2023-05-16"), ("2023-05-16", "2023-05-16")]
)
def test_the_local_day_is_the_one_written(text, day, at):
    assert local_day(read_moment(text, at=at)) == day


@pytest.mark.parametrize(
    "html",
    [
        "<div class=related>Hedong | 发布: 2023-05-16 09:32 | 来自: 互联网</div>",
        "<div class=footer>[Save] Posted on May 16, 2023</div>",
        "<div class=related>Di 16.05.23 | 09:32 Uhr | Von Anna Müller</div>",
    ],
)
def test_a_date_in_a_strange_place_is_better_than_none_and_a_guess(read, html):
    found = read(html)
    assert f"{found.published.time:%Y-%m-%d}" == "2023-05-16"
    assert found.confidence == 0.5
