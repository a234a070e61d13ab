import pytest

from newscrawl.extract.authors import credits_of
from newscrawl.extract.blocks import layout
from newscrawl.extract.parts import inherit
from newscrawl.extract.structured import structured
from newscrawl.extract.tree import parse


def read(html, *lines):
    page = parse(html)
    shown = layout(page)
    return credits_of(shown, structured(page, "https://hedong.example/"), lines, flags=inherit(shown, [0.0] * len(shown.blocks)))


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("By Jane Doe May 17, 2023 | The Hedong Herald", ("Jane Doe",)),
        ("By JANE DOE and JOHN ROE", ("JANE DOE", "JOHN ROE")),
        ("By Jane Doe, Staff Writer", ("Jane Doe",)),
        ("Von Anna Müller und Jörg Weiß 17.05.2023, 09:32 Uhr", ("Anna Müller", "Jörg Weiß")),
        ("Por María de la Peña", ("María de la Peña",)),
        ("Par Anne-Marie L’Hermite", ("Anne-Marie L’Hermite",)),
        ("Autor: Jan Kowalski", ("Jan Kowalski",)),
        ("Автор: Анна Петрова", ("Анна Петрова",)),
        ("时间:2023-05-17 来源:河东日报 作者:王小明 点击:12次", ("王小明",)),
        ("作者：王小明 李 强 责任编辑：赵云", ("王小明",)),
        ("作者：王小明、李强", ("王小明", "李强")),
        ("记者 王小明 2023-05-17 | 河东日报", ("王小明",)),
        ("河东日报记者 王小明 通讯员 李强", ("王小明",)),
        ("文／王小明", ("王小明",)),
        ("作者：阿里·本·萨利赫", ("阿里·本·萨利赫",)),
    ],
)
def test_bylines(line, authors):
    found = read("", line)
    assert found.authors[: len(authors)] == authors
    assert found.evidence == "byline"


@pytest.mark.parametrize(
    "line",
    [
        "时间:2023-05-17 作者:未知 点击:12次",
        "作者：佚名",
        "By Staff",
        "Von Redaktion",
        "Author: admin",
        "By the river, nobody was seen",
        "记者从市政府获悉，老桥要重修了。",
        "Von der Brücke bis zum Markt",
        "Redaktion: Felix Müller",
        "",
    ],
)
def test_lines_that_name_no_author(line):
    assert read("", line).authors == ()


@pytest.mark.parametrize(
    ("line", "source", "editor"),
    [
        ("2023-05-17 09:32 来源：河东日报 作者：王小明", "河东日报", ""),
        ("来 源：河东日报", "河东日报", ""),
        ("(责任编辑：赵云)", "", "赵云"),
        ("编辑：赵云 来源：河东日报", "河东日报", "赵云"),
        ("Quelle: Hedong Anzeiger", "Hedong Anzeiger", ""),
        ("Redaktion: Felix Müller", "", "Felix Müller"),
        ("Editor: Jane Doe", "", "Jane Doe"),
        ("The source of the river is far away", "", ""),
    ],
)
def test_sources_and_editors(line, source, editor):
    found = read("", line)
    assert (found.source, found.editor) == (source, editor)


LD = '<script type="application/ld+json">{"@type": "NewsArticle", "publisher": {"name": "Hedong Daily"}, "author": {"name": "%s"}}</script>'


@pytest.mark.parametrize(
    ("html", "lines", "authors", "evidence"),
    [
        (LD % "Jane Doe", ["By John Roe"], ("Jane Doe",), "json-ld"),
        (LD % "Hedong Daily", ["By John Roe"], ("John Roe",), "byline"),
        (LD % "Hedong Daily", [], ("Hedong Daily",), "json-ld"),
        (LD % "admin", ["By John Roe"], ("John Roe",), "byline"),
        ("<span itemprop=author>Jane Doe</span>", ["By John Roe"], ("Jane Doe",), "itemprop"),
        ("<meta name=author content='Jane Doe'>", ["By John Roe"], ("John Roe",), "byline"),
        ("<meta name=author content='Jane Doe; John Roe'>", [], ("Jane Doe", "John Roe"), "meta"),
        ("<a rel=author href=/jd>Jane Doe</a>", [], ("Jane Doe",), "rel"),
        ("<div class=author-name>Jane Doe</div>", [], ("Jane Doe",), "byline"),
        ("<div class=authors><span>Jane Doe</span><span>John Roe</span></div>", [], ("Jane Doe", "John Roe"), "byline"),
        ("<meta name=author content='河东网络'>", [], (), ""),
        ("<meta name=author content='Hedong Publishers'>", [], (), ""),
        ("<meta name=author content='Hedong Publishers'>", ["By John Roe"], ("John Roe",), "byline"),
        (LD % "Hedong Press Agency", [], ("Hedong Press Agency",), "json-ld"),
        ("<div class=related><div class=author-name>Jane Doe</div></div>", [], (), ""),
    ],
)
def test_the_most_trustworthy_place_wins(html, lines, authors, evidence):
    found = read(html, *lines)
    assert (found.authors, found.evidence) == (authors, evidence)


def test_many_marked_authors_are_not_all_of_this_article():
    html = "".join(f"<span itemprop=author>{name} Doe</span>" for name in ("Jane", "John", "Ann", "Bob", "Eve", "Max"))
    assert read(html).authors == ("Jane Doe",)


def test_whom_other_places_name_is_told():
    found = read(LD % "Jane Doe", "By John Roe")
    assert found.others == (("byline", "John Roe"),)
    assert read(LD % "Jane Doe", "By Jane Doe").others == ()


def test_agreement_raises_confidence():
    assert read(LD % "Jane Doe", "By Jane Doe").confidence > read(LD % "Jane Doe").confidence
