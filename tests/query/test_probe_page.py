"""What is shown of a first look."""

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from newscrawl.models import Evidence, Kind, Result, Target
from newscrawl.query.probe import Probe
from newscrawl.query.probe_page import probe_page
from tests.examples import article
from tests.store.records import target

HOME = "https://gazette.example/"
SURE = dict.fromkeys(("title", "body", "published"), Evidence("json-ld", 0.9))


def at(path: str = "", **other: Any) -> Target:
    return target(path, **{"url": HOME + path, "kind": Kind.LISTING, "result": Result.LISTING, **other})


ALL = Probe(
    site="gazette.example",
    url=HOME,
    requests=25,
    outcome="survey",
    robots=(at("robots.txt", kind=Kind.ROBOTS, result=Result.ROBOTS, detail="200, asks for 2 s between requests"),),
    sources=(at("feed", kind=Kind.FEED, detail="20 entries"), at("https://m.gazette.example/map", kind=Kind.SITEMAP, detail="900 entries")),
    sections=(at(kind=Kind.SEED), at("news/", link_text="News")),
    articles=(article(1, title="Bridge open", evidence=SURE, authors=("Ada Quay", "Bo Weir")), article(2, published=None)),
    others=(at("about", result=Result.OTHER, link_text="About us", detail="no date -1.0, date in url +1.5, short headline -1.0"),),
    shut=(
        at("a", result=Result.FORBIDDEN, detail="robots.txt"),
        at("b", result=Result.BUSY, detail="503"),
        at("c", result=Result.BUSY, detail="500"),
    ),
    scripted=(),
    waiting=1234,
)
NOTHING = replace(ALL, robots=(), sources=(), sections=(), articles=(), others=(), shut=(), waiting=0)


def shown(probe: Probe, width: int = 100) -> str:
    """The page, without what only fills its lines."""
    written = io.StringIO()
    Console(file=written, width=width, highlight=False).print(probe_page(probe))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def test_the_page_tells_all():
    sources = replace(ALL.sources[1], url="https://m.gazette.example/map")
    text = shown(replace(ALL, sources=(ALL.sources[0], sources)))
    assert text.startswith(
        "gazette.example  https://gazette.example/\n25 requests: 2 articles, 2 pages that list articles, 2 feeds and sitemaps\n"
    )
    assert "\n  /robots.txt  read, asks for 2 s between requests\n" in text
    assert "\n  /feed                  feed, 20 entries\n  m.gazette.example/map  sitemap, 900 entries\n" in text
    assert "\n  /       front page\n  /news/  News\n" in text
    assert "\n   90%  2026-08-01 07:00       21  Bridge open (Ada Quay, Bo Weir)\n" in text
    assert "\n    0%  no date                21  Report 2\n" in text
    assert "\n  /about  About us  (no date, short headline)\n" in text
    assert "\n  /b  the server was overloaded or failed (503); and 1 more\n  /a  robots.txt asks us to leave it alone\n" in text
    assert text.endswith(
        "\nThe defaults will do. 1234 more addresses were seen. To crawl them all:\n  newscrawl crawl https://gazette.example/"
    )


def test_where_nothing_was_found_the_page_says_so():
    text = shown(NOTHING)
    assert "25 requests: nothing that could be used\n" in text
    assert [line for line in text.splitlines() if line.endswith("  none")] == [
        "Feeds and sitemaps  none",
        "Pages that list articles  none",
        "Articles  none",
    ]
    assert "Not taken" not in text
    assert "Not to be had" not in text
    assert text.endswith("\nTo do: no article and no list of them was found: name pages that list articles, or check the address")


def test_one_of_a_kind_is_no_many():
    probe = replace(ALL, requests=1, sources=ALL.sources[:1], sections=ALL.sections[:1], articles=ALL.articles[:1])
    assert "1 request: 1 article, 1 page that lists articles, 1 feed or sitemap\n" in shown(probe)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"result": Result.ROBOTS, "detail": "200"}, "read"),
        ({"result": Result.MISSING, "detail": "404"}, "there is none"),
        ({"result": Result.BUSY, "detail": "503"}, "the server was overloaded or failed (503)"),
    ],
)
def test_what_came_of_robots_txt(answer, told):
    assert f"/robots.txt  {told}\n" in shown(replace(ALL, robots=(replace(ALL.robots[0], **answer),)))


def test_ten_of_each_are_shown_and_the_others_counted():
    probe = replace(ALL, articles=tuple(article(number, evidence=SURE) for number in range(12)), sections=(at("x/", link_text="X"),) * 11)
    text = shown(probe)
    assert text.count("  Report ") == 10
    assert text.count("  X\n") == 10
    assert "  and 2 more\n" in text
    assert "  and 1 more\n" in text


def test_scripted_lists_are_not_to_be_had_and_say_why():
    probe = replace(NOTHING, scripted=(at("news/", result=Result.SCRIPTED, detail="#feed is empty until a script fills it"),))
    assert "\n  /news/  made by scripts, which were not run, or not to their end (#feed is empty" in shown(probe)


def test_each_advice_has_its_line():
    probe = replace(NOTHING, scripted=(at("news/", result=Result.SCRIPTED),))
    assert shown(probe).count("\nTo do: ") == 2


def test_a_narrow_window_cuts_nothing_off():
    long = replace(ALL, articles=(article(1, title="A headline of many words " * 6, evidence=SURE),), sections=(at("folder/" * 20),))
    text = shown(long, width=60)
    assert max(map(len, text.splitlines())) <= 60
    assert text.replace(" ", "").count("words") == 6
    assert "".join(text.split()).count("folder/") == 20


def test_addresses_are_readable_and_can_move_no_cursor():
    nasty = at("%E5%A4%A7%E6%A1%A5?\x1b[2J", link_text="\x1b[31mA\u202e")
    text = shown(replace(ALL, sections=(nasty,), site="a", url=HOME + "\x1b[1m"))
    assert "/大桥?" in text
    assert not {"\x1b", "\u202e"} & set(text)
