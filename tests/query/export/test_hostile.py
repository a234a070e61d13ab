"""Other people's hostile strings as title, author, text and address, through every export: none runs, all come back as they were."""

import csv
import io
import json
import unicodedata
from html.parser import HTMLParser

import pytest

from newscrawl.store.storable import storable
from tests.examples import article
from tests.query.export.writers import FORMS, exported, fields, read

HARMLESS = {
    "html", "head", "meta", "title", "link", "body", "a", "main", "article", "p", "span", "h1", "h2", "h3", "time", "div", "section", "dl",
    "dt", "dd", "nav", "b", "aside", "ul", "li", "mark",
}  # fmt: skip
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "rel", "href", "class", "id", "aria-label"}


@pytest.fixture(scope="module")
def strings(hostile):
    """Naughty strings, XSS payloads, formulas: each once."""
    folder = hostile / "strings"
    found = [*json.loads((folder / "blns.json").read_text("utf-8"))]
    for name in ("xss-payload-list.txt", "csv-payload.txt"):
        found += (folder / name).read_text("utf-8", "replace").splitlines()
    return [storable(text) for text in dict.fromkeys(found)]


@pytest.fixture(scope="module")
def articles(strings):
    assert len(strings) > 6_000
    return [
        article(at, title=text, authors=(text,), text=text, url=f"https://x.example/{at}?{text}", section=text)
        for at, text in enumerate(strings)
    ]


class Holding:
    """A store that holds just these articles."""

    def __init__(self, articles):
        self._articles = articles

    async def articles(self, _query, _after=None):
        for one in self._articles:
            yield one

    async def clusters(self, _labels):
        return []


@pytest.mark.parametrize("form", FORMS[:4], ids=lambda form: form.name)
async def test_all_come_back(form, articles, tmp_path):
    assert (await exported(Holding(articles), form, tmp_path / "all")).count == len(articles)
    assert read(form, tmp_path / "all", articles) == {one.id: fields(one) for one in articles}


async def test_no_cell_is_a_formula(articles, tmp_path):
    await exported(Holding(articles), FORMS[1], tmp_path / "all")
    count = 0
    for row in csv.reader(io.StringIO((tmp_path / "all").read_text("utf-8"), newline="")):
        for cell in row:
            count += 1
            bare = "".join(char for char in cell if unicodedata.category(char) not in ("Cc", "Cf", "Zs", "Zl", "Zp"))
            assert unicodedata.normalize("NFKC", bare)[:1] not in tuple("=+-@"), cell
            assert cell[:1] not in tuple("\t\r\n"), cell
    assert count > 6_000 * 20


class Elements(HTMLParser):
    """The elements of a page, and what might act."""

    def __init__(self, page):
        super().__init__()
        self.wrong = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.wrong += [tag] * (tag not in HARMLESS)
        self.wrong += [(name, value) for name, value in attrs if name not in ATTRIBUTES]
        self.wrong += [value for name, value in attrs if name == "href" and ":" in value]


async def test_pages_hold_nothing_but_text(articles, tmp_path):
    """Every eighth string, as pages take their time; in a browser, `tests/web/test_copy.py`."""
    some = articles[::8]
    form = FORMS[4]
    await exported(Holding(some), form, tmp_path / "all")
    told = read(form, tmp_path / "all", some)
    for one in some:
        _, _, url, title, _, text = told[one.id]
        assert (url, text) == (form.shown(one.url), form.shown(one.text))
        assert title == (form.shown(one.title).strip() or "(no title)")
    wrong = {str(path): found for path in (tmp_path / "all").rglob("*.html") if (found := Elements(path.read_text("utf-8")).wrong)}
    assert wrong == {}


def test_the_page_test_can_fail():
    assert Elements("<p onclick=x>").wrong
    assert Elements("<script>").wrong
    assert Elements('<a href="javascript:x">').wrong
