import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.article import read_article
from newscrawl.extract.tree import parse
from newscrawl.models import Image
from newscrawl.remarks import Alarm

URL = "http://www.hedong.example/a/city/2023/0516/10014.html"
ENGLISH = (
    "The old bridge over the river is to be rebuilt next year, the town council decided on Tuesday evening after a long debate.",
    "It was built in 1931, carries twelve thousand cars a day, and has been closed to lorries since an inspection in the spring.",
    "Work begins in March and takes eighteen months, said the mayor, who wants a ferry to run for as long as the road is shut.",
)
CHINESE = (
    "河东镇的老桥要重修了，工期十八个月，镇政府周二开会作了决定，总投资一千二百万元。",
    "住在桥头的陈阿姨说，她小时候就在河边学游泳，现在孙子也在这里玩水，希望新桥早日通车。",
    "镇长表示，施工期间将开通免费渡轮，方便两岸居民上班、上学，早晚高峰每十分钟一班。",
)

OLD_CHINESE_PORTAL = f"""<html><head><title>老桥要重修了_社会_河东新闻网</title></head><body>
<div id=header class=top>今天是2023年05月17日 星期三 欢迎您！
<a href=/>首页</a> <a href=/s/>社会</a></div>
<div class=viewbox><div class=title><h2>老桥要重修了</h2></div>
<div class=info><small>时间:</small>2023-05-16 09:32<small>来源:</small>河东日报 <small>作者:</small>王小明 <small>点击:</small>77次</div>
<div class=content><table width="100%"><tr>
<td>{"".join(f"　　{text}<br><br>" for text in CHINESE)}<div>(责任编辑：赵云)</div></td></tr></table></div>
<div class=relate><h4>相关新闻</h4><ul><li><a href=/1>河东镇举行运动会…</a></li><li><a href=/2>夏粮丰收在望…</a></li></ul></div>
<div class=comments><p>匿名网友 2023-05-17 08:00：早就该修了，我天天走这座桥，每次都提心吊胆的。</p></div></div>
<div class=footer>版权所有 河东新闻网 未经授权禁止转载</div></body></html>"""

MODERN_PORTAL = f"""<html lang="en-GB"><head><title>Old bridge to be rebuilt | City | Hedong Daily</title>
<meta property="og:title" content="Old bridge to be rebuilt"><meta property="og:site_name" content="Hedong Daily">
<meta property="og:description" content="A bridge, again."><meta property="article:section" content="City">
<meta property="article:tag" content="bridge"><meta property="article:tag" content="traffic">
<link rel=canonical href="/city/bridge">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Old bridge to be rebuilt",
"datePublished": "2023-05-16T09:32:00+01:00", "dateModified": "2023-05-17T08:00:00+01:00",
"author": [{{"@type": "Person", "name": "Jane Doe"}}]}}</script></head><body>
<header class=site-header>Wednesday, May 17, 2023 <nav><a href=/city>City</a> <a href=/sport>Sport</a></nav></header>
<main><article><h1>Old bridge to be rebuilt</h1>
<div class=meta>By <a rel=author href=/jd>Jane Doe</a> <time datetime=2023-05-16>Tuesday</time></div>
<figure><img src=/img/bridge.jpg alt=Bridge><figcaption>The bridge in May. (Photo: Bob Roe, Source: Pictures)</figcaption></figure>
<div class=entry-content>{"".join(f"<p>{text}</p>" for text in ENGLISH)}<img src="https://img.example/2.jpg" alt="A tram"></div></article>
<div class=share-bar>Share on everything</div>
<section class=related-posts><h3>More</h3><a href=/1><img src=/1.jpg> Mill sold, again</a></section></main>
<footer><img src=/logo.png> All rights reserved.</footer></body></html>"""


def test_an_old_chinese_portal(at):
    reading = read_article(parse(OLD_CHINESE_PORTAL), URL, at=at, zone="Asia/Shanghai", link_text="老桥要重修了", listed="05-16")
    assert reading.title == "老桥要重修了"
    assert reading.paragraphs == CHINESE
    assert reading.authors == ("王小明",)
    assert (reading.source, reading.editor, reading.language) == ("河东日报", "赵云", "zh-Hans")
    assert f"{reading.published.time:%Y-%m-%d %H:%M}" == "2023-05-16 01:32"
    assert (reading.published.zone, reading.published.zone_source, reading.published.precision) == ("+08:00", "site", "minute")


def test_a_modern_portal(at):
    reading = read_article(parse(MODERN_PORTAL), "https://hedong.example/city/bridge?ref=home", at=at)
    assert reading.title == "Old bridge to be rebuilt"
    assert reading.paragraphs == ENGLISH
    assert reading.authors == ("Jane Doe",)
    assert f"{reading.published.time:%Y-%m-%d %H:%M}" == "2023-05-16 08:32"
    assert f"{reading.modified.time:%Y-%m-%d %H:%M}" == "2023-05-17 07:00"
    assert (reading.section, reading.tags, reading.summary, reading.language) == ("City", ("bridge", "traffic"), "A bridge, again.", "en")
    assert reading.source == ""  # who made a picture is no source of the article
    assert reading.canonical == "https://hedong.example/city/bridge"
    assert reading.images == (
        Image("https://hedong.example/img/bridge.jpg", "The bridge in May. (Photo: Bob Roe, Source: Pictures)"),
        Image("https://img.example/2.jpg", "A tram"),
    )


def test_every_field_says_where_it_comes_from(at):
    evidence = read_article(parse(MODERN_PORTAL), URL, at=at).evidence
    assert {field: found.source for field, found in evidence.items()} == {
        "title": "h1",
        "body": "network",
        "published": "json-ld",
        "authors": "json-ld",
        "modified": "json-ld",
        "section": "meta",
        "tags": "meta",
        "summary": "og",
        "language": "letters",
        "images": "figures",
    }
    assert all(0.8 < found.confidence <= 1 for found in evidence.values())


def test_a_page_that_was_not_read_to_its_end_says_so(at):
    page = parse(MODERN_PORTAL)
    assert read_article(page, URL, at=at).evidence["body"].others == ()
    assert read_article(replace(page, cut="size"), URL, at=at).evidence["body"].others == ((Alarm.CUT, "size"),)


def test_a_page_without_any_title_takes_the_line_above_its_text(at):
    reading = read_article(parse(f"<div class=bigtitle>Bridge to be rebuilt</div><p>{ENGLISH[0]}</p><p>{ENGLISH[1]}</p>"), URL, at=at)
    assert (reading.title, reading.paragraphs) == ("Bridge to be rebuilt", ENGLISH[:2])


@pytest.mark.parametrize(
    "html",
    ["", "<title>Only a title, and no text</title>", "<p>" + ENGLISH[0], "<title>Home</title><ul><li><a href=/1>Mill sold, again</a></ul>"],
)
def test_pages_without_body_or_title_are_no_articles(html, at):
    assert read_article(parse(html), URL, at=at) is None


@pytest.mark.parametrize("address", ["http://[half", "javascript:void(0)", "//"])
def test_odd_addresses_of_pictures_do_no_harm(address, at):
    html = MODERN_PORTAL.replace("https://img.example/2.jpg", address)
    assert read_article(parse(html), URL, at=at).paragraphs == ENGLISH


HOSTILE = {
    "a big table": "<title>Results of all</title><table>"
    + "".join(f"<tr><td>{n}</td><td>{n * 7}</td></tr>" for n in range(60_000))
    + "</table>",
    "a long text": "<title>A long text</title><p>" + "word, more " * 900_000,
    "many lines": "<title>Many lines</title>" + "text, more<br>" * 100_000,
    "marks in marks": "<title>Marks in marks</title>" + "<div class=date>" * 2000 + "2023-05-17 " * 100_000,
    "a long title": "<title>" + "a - b | " * 300_000 + "</title><p>Text, more.",
    "headline far above": f"<title>Far above it</title><h1>Far above it</h1>{'<p><a href=/>x</a></p>' * 5000}<p>{ENGLISH[0]}</p>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_read_in_two_seconds(name, at):
    read_article(parse("<p>The first page of all takes longer: tables and weights are read.</p>"), URL, at=at)
    start = time.process_time()
    read_article(parse(HOSTILE[name]), URL, at=at)
    assert time.process_time() - start < 2


fragments = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class=date>",
        "<h1>",
        "<br>",
        "<a href=x>",
        "2023-05-17",
        "By Jane Doe",
        "来源：",
        "text, more. ",
        "<title>x",
        "</title>",
    ]
)


@given(st.lists(fragments, max_size=40))
def test_any_page_is_read(parts):
    from datetime import UTC, datetime

    reading = read_article(parse("".join(parts)), URL, at=datetime(2023, 5, 17, tzinfo=UTC))
    assert reading is None or (reading.title and reading.paragraphs)
