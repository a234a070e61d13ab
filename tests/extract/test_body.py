import pytest

from newscrawl.extract.blocks import layout
from newscrawl.extract.body import choose
from newscrawl.extract.title import Title
from newscrawl.extract.tree import parse

PARAGRAPHS = (
    "The old bridge over the river is to be rebuilt next year, the town council decided on Tuesday evening after a long debate.",
    "It was built in 1931, carries twelve thousand cars a day, and has been closed to lorries since an inspection in the spring.",
    "People who live beside it, among them a retired teacher, hope that the trams will come back once the work is done.",
    "Work begins in March and takes eighteen months, said the mayor, who wants a ferry to run for as long as the road is shut.",
)
CHINESE = (
    "河东镇的老桥要重修了，工期十八个月，镇政府周二开会作了决定。",
    "住在桥头的陈阿姨说，她小时候就在河边学游泳，现在孙子也在这里玩水。",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEASER = (
    "<div class=item><h3><a href=/x>Another thing has happened</a></h3>"
    "<p>It happened in the night, and nobody saw it come, say those who were there.</p></div>"
)
COMMENT = (
    "<div class=c><p>I have used that bridge for forty years, and nobody ever asked me what I think of it, not once, not ever.</p></div>"
)


def body(html, headline=-1):
    shown = layout(parse(html))
    return [
        shown.blocks[index].text
        for index in choose(shown, Title(shown.blocks[headline].text, "h1", 1.0, headline) if headline >= 0 else None).chosen
    ]


@pytest.mark.parametrize(
    "html",
    [
        f"<div class=post>{TEXT}</div>",
        f"<table><tr><td><a href=/>Home</a></td><td>{'<br><br>'.join(PARAGRAPHS)}</td></tr></table>",
        "<section>" + "".join(f"<div><div>{paragraph}</div></div>" for paragraph in PARAGRAPHS) + "</section>",
        f"<ul><li><a href=/a>City news and weather</a><li><a href=/b>Sport and results</a></ul><div>{TEXT}</div><div>{TEASER * 5}</div>",
        f"<div>{TEXT}<div class=related>{TEASER * 3}</div></div>",
        f"<div>{TEXT}<div class=comments>{COMMENT * 40}</div></div>",
        f"<div>{TEXT}</div><footer><p>Published by the Hedong press, which is owned by its readers, and printed in town.</p></footer>",
        f"<div>{TEXT}<figure><img src=a.jpg><figcaption>The bridge in May, seen from the mill.</figcaption></figure></div>",
        f"<div>{TEXT}<aside>More about bridges, rivers, and towns.</aside></div>",
        f"<div>{TEXT}<div style='display:none'>You have read three articles, and may read two more.</div></div>",
        f"<div>{PARAGRAPHS[0]}<br>Source: Hedong Daily, 2023-05-17<br>{'<br>'.join(PARAGRAPHS[1:])}</div>",
    ],
)
def test_the_article_and_nothing_else(html):
    assert body(f"<body>{html}</body>") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "wrapper",
    [
        "<div class='page has-sidebar'>{}</div>",
        "<div class=promo-wrap>{}</div>",
        "<div id=related-main><div>{}</div></div>",
        "<aside>{}</aside>",
    ],
)
def test_names_are_not_believed_against_the_text(wrapper):
    assert body(wrapper.format(TEXT) + f"<div>{TEASER * 2}</div>") == list(PARAGRAPHS)


def test_subheadings_and_lists_between_paragraphs_belong_to_it():
    first, second, *_ = PARAGRAPHS
    steps = "<h2>What comes next</h2><ul><li>In March, the road is shut.<li>In June, the old piers go.</ul>"
    html = f"<article><p>{first}</p>{steps}<p>{second}</p></article>"
    assert body(html) == [first, "What comes next", "In March, the road is shut.", "In June, the old piers go.", second]


TABLE = "<table>" + "".join(f"<tr><td>{place}<td>{town}<td>{100 - 7 * place}" for place, town in enumerate("ABCDEFGH", 1)) + "</table>"
CELLS = [cell for place, town in enumerate("ABCDEFGH", 1) for cell in (str(place), town, str(100 - 7 * place))]
FIRST, SECOND, *_ = PARAGRAPHS


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (TABLE, CELLS),
        ("<div class=t>" + TABLE + "</div>", CELLS),
        ("<blockquote><p>well.<p>we. are. back.</blockquote>", ["well.", "we. are. back."]),
        ("<ul><li><a href=/a>A bridge, at last</a><li><a href=/b>The ferry is late</a></ul>", []),
        ("<div style='display:none'><table><tr><td>Nobody sees this</table></div>", []),
        ("<table class=advert><tr><td>Buy two sofas<td>pay for one</table>", []),
        ("<ul class=newsletter-signup><li>Enter your address to hear from us.<li>No thanks.</ul>", []),
        ("<ul class=share-buttons><li>Share it with friends<li>Copy the link</ul>", []),
        (
            "<blockquote class=twitter-tweet><p>well. the bridge. again.</p>— A reader</blockquote>",
            ["well. the bridge. again.", "— A reader"],
        ),
    ],
)
def test_what_stands_between_two_paragraphs_belongs_to_them_unless_it_leads_elsewhere(between, expected):
    more = [f"A year later: {paragraph}" for paragraph in PARAGRAPHS]
    html = "".join(f"<p>{paragraph}</p>" for paragraph in more)
    assert body(f"<article>{TEXT}{between}{html}</article>") == [*PARAGRAPHS, *expected, *more]


def test_a_table_beside_the_article_is_none_of_it():
    assert body(f"<div>{TEXT}</div><div>{TABLE}</div><div>{TEASER}</div>") == list(PARAGRAPHS)


def test_an_article_shown_twice_is_taken_once():
    assert body(f"<div>{TEXT}</div><div class=x>{TEXT}</div>") == list(PARAGRAPHS)


def test_what_an_article_says_twice_stays():
    asked = "What do you think of the bridge, and would you use it every day?"
    answers = [*PARAGRAPHS, "I would not, as I live on this side of the river and work on this side of it, and so does all of my family."]
    html = "".join(f"<p>{asked}</p><p>{answer}</p>" for answer in answers)
    assert body(f"<div>{html}</div>") == [line for answer in answers for line in (asked, answer)]


def test_a_refrain_stays_where_it_is_sung_again():
    refrain = "Over the river, over the bridge, over the hill and home we go, singing of rain and of ferries that never were late."
    assert body(f"<div><p>{FIRST}</p><p>{refrain}</p><p>{SECOND}</p><p>{refrain}</p></div>") == [FIRST, refrain, SECOND, refrain]


def test_chinese_text_divided_by_breaks():
    menu = "<td><a href=/>首页</a> <a href=/n>新闻</a></td>"
    html = f"<table><tr>{menu}<td>　　{CHINESE[0]}<br><br>　　{CHINESE[1]}<br></td><td>版权所有 2023</td>"
    assert body(html) == list(CHINESE)


def test_the_headline_and_what_is_above_it_are_left_out():
    html = f"<div><p>Today in the paper</p><h1>A bridge, at last, is rebuilt</h1>{TEXT}</div>"
    assert body(html, headline=1) == list(PARAGRAPHS)


def test_a_page_without_prose_has_no_body():
    shown = layout(parse("<ul><li><a href=/a>One headline of today</a><li><a href=/b>Another headline</a></ul>"))
    assert choose(shown).chosen == ()
    assert choose(layout(parse(""))).confidence == 0


def test_text_in_a_strange_place_is_better_than_none():
    assert body(f"<footer>{TEXT}</footer>") == list(PARAGRAPHS)


def test_confidence_tells_articles_from_notes():
    article = choose(layout(parse(f"<h1>Bridge</h1><div>{TEXT}</div><div>{TEASER}</div>"))).confidence
    note = choose(layout(parse("<p>Closed today, sorry.</p>"))).confidence
    assert article > 0.8
    assert note < 0.5
