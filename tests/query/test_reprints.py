"""Copies and addresses on a terminal."""

from dataclasses import replace

from newscrawl.models import Kind, Result, State, Target
from newscrawl.query.present import article_page, found
from newscrawl.query.reprints import Reprints, alias_table, aliases_told, reprint_table
from newscrawl.reprints import Cluster, Copy
from tests.examples import START, article
from tests.query.test_present import shown

FIRST, SECOND, THIRD = (article(number, site=f"site{number}", cluster="k") for number in (1, 2, 3))
CLUSTER = Cluster("k", START, START, FIRST.id, (Copy(FIRST.id, 1.0), Copy(SECOND.id, 0.874), Copy(THIRD.id, 0.3)))


def test_copies_are_listed_with_what_they_share():
    lines = shown(reprint_table(Reprints(CLUSTER, {one.id: one for one in (FIRST, SECOND, THIRD)}), SECOND)).splitlines()
    assert [line.split()[0] for line in lines[1:]] == [one.id[:10] for one in (FIRST, SECOND, THIRD)]
    assert "likely original" in lines[1]
    assert "87%" in lines[2]
    assert "(this one)" in lines[2]
    assert "30%" in lines[3]


def test_a_copy_that_is_no_longer_there_is_left_out():
    assert len(shown(reprint_table(Reprints(CLUSTER, {FIRST.id: FIRST}), FIRST)).splitlines()) == 2


def test_an_article_tells_of_its_copies():
    assert "2 other copies, likely the original" in shown(article_page(FIRST, [], CLUSTER))
    assert f"likely from {FIRST.id[:10]}" in shown(article_page(SECOND, [], CLUSTER))
    assert "cop" not in shown(article_page(article(4), []))


def test_and_so_does_a_hit():
    assert "· 2 other copies, likely the original" in shown(found([FIRST], [], {"k": CLUSTER}))
    pair = replace(CLUSTER, copies=CLUSTER.copies[:2])
    assert "· 1 other copy, likely from" in shown(found([SECOND], [], {"k": pair}))
    assert "cop" not in shown(found([SECOND], []))


def test_addresses_are_listed_with_the_rule_that_joined_them():
    aliases = ("https://m.x.example/1", "https://x.example/1?old")
    one = article(1, aliases=aliases, joined=((aliases[0], "same-content"), ("https://x.example/2", "parted")))
    led = Target("t", "gazette", "https://x.example/go/1", Kind.PAGE, START, State.DONE, result=Result.REDIRECT)
    small, own = (replace(led, url=url, result=Result.TWIN) for url in ("https://x.example/1?small", "https://x.example/2"))
    because = {small.url: "?small makes it no other page", own.url: "nor does this"}
    lines = shown(alias_table(aliases_told(one, [led, small, own], because))).splitlines()[1:]
    assert [line.split() for line in lines] == [
        ["its", "own", one.url],
        ["same-content", aliases[0]],
        ["same-content", aliases[1]],
        ["parted", "https://x.example/2"],
        ["redirect", led.url],
        ["rule", small.url],
        ["?small", "makes", "it", "no", "other", "page"],
    ]
