"""Citations."""

from newscrawl.models import Moment
from newscrawl.query.citation import bibtex, citation
from tests.store.records import START, article

FERRY = article(
    "ferry",
    title="Ferry {stays}\n in port\u202e",
    authors=("Ann Lee", "李明"),
    published=Moment(START, "minute", "+08:00"),
    language="en",
)


def test_a_sentence_tells_who_what_where_when_and_where_it_is_kept() -> None:
    assert citation(FERRY) == (
        "Ann Lee, 李明: “Ferry {stays} in port”. gazette, 2026-08-01 14:00 +08:00. https://gazette.example/ferry. "
        f"Archived 2026-08-01 06:00 UTC, newscrawl {FERRY.id}."
    )
    assert citation(article("a")).startswith("“Report a”. gazette, seen 2026-08-01.")


def test_bibtex_holds_nothing_of_the_page_that_tex_would_obey() -> None:
    assert bibtex(FERRY).splitlines() == [
        f"@online{{newscrawl-{FERRY.id[:10]},",
        "  author = {{Ann Lee} and {李明}},",
        "  title = {{Ferry stays in port}},",
        "  date = {2026-08-01},",
        "  organization = {gazette},",
        "  url = {https://gazette.example/ferry},",
        "  urldate = {2026-08-01},",
        "  langid = {en},",
        f"  note = {{newscrawl {FERRY.id}}},",
        "}",
    ]
    escaped = bibtex(article("a_b", title="5 % & more_less #1: $ 3", source="Ink & Paper"))
    assert r"title = {{5 \% \& more\_less \#1: \$ 3}}" in escaped
    assert r"organization = {Ink \& Paper}" in escaped
    assert "url = {https://gazette.example/a_b}" in escaped  # biblatex reads addresses as they are
    hostile = bibtex(article("x", title="}, evil = {\\input{/etc/passwd}"))
    assert "\\" not in hostile
    assert hostile.count("{") == hostile.count("}")
