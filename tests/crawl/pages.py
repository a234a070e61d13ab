"""Pages for sites of the tests' own: articles that are read as such, and lists of links."""

from collections.abc import Mapping

from newscrawl.demo.pages import Answer, Page
from newscrawl.demo.server import Server

_SENTENCES = (
    "The ferry was late again on {name}, and nobody on the quay had expected anything else.",
    "Its captain said that the tide had come in early, which the harbour master denied at some length.",
    "A basket of eels was delivered all the same, and the market opened at the usual hour.",
)


def story(name: str, *, head: str = "", extra: str = "", published: str = "2026-08-01T06:00:00Z") -> Page:
    """An article of its own: headline, date, three paragraphs. `extra` stands behind them, `head` in the head."""
    date = f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{published}"}}</script>'
    text = "".join(f"<p>{sentence.format(name=name)}</p>" for sentence in _SENTENCES)
    body = f"<article><h1>{headline(name)}</h1>{text}</article>{extra}"
    return Page(f"<html><head><title>{headline(name)}</title>{date}{head}</head><body>{body}</body></html>".encode())


def headline(name: str) -> str:
    return f"Ferry to {name} is late for the third time this week"


def listing(*links: str, text: str = "Harbour news that nobody had expected: {}") -> Page:
    """A page of links, each with a headline of its own."""
    rows = "".join(f'<li><a href="{link}">{text.format(link)}</a></li>' for link in links)
    return Page(f"<html><head><title>Harbour Gazette</title></head><body><ul>{rows}</ul></body></html>".encode())


def publish(server: Server, *tables: Mapping[str, Answer]) -> None:
    """Answer from these tables of paths, one for each of the server's origins; there is a 404 for every other path."""
    server.publish(*(lambda target, table=table: table.get(target, Page(b"Not here.", status=404)) for table in tables))
