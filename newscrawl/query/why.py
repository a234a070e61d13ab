"""Why an article was read as it was: where each field stood, how sure it is, what else was found; what was left out, what was mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newscrawl.models import Article, Evidence
from newscrawl.query.present import visible, when
from newscrawl.remarks import Alarm, Dropped

_LONGEST = 160  # characters of a value
_SURE, _LIKELY = 0.9, 0.7

PLACES: Mapping[str, str] = {
    "json-ld": "the page's JSON-LD",
    "og": "og: elements in the page's head",
    "meta": "meta elements in the page's head",
    "keywords": "the keywords in the page's head, often those of the whole site",
    "itemprop": "microdata in the page",
    "rel": "links that are marked for it",
    "h1": "the main heading",
    "heading": "a heading that the page's title confirms",
    "text": "a line of the page",
    "title": "the page's title, without the site's name",
    "link": "the text of the link that led here",
    "listing": "the date beside the link that led here",
    "url": "the page's address",
    "time": "a time element near the headline",
    "guess": "a line of the page where no date is expected",
    "byline": "a line near the headline or the end",
    "signature": "the end of the text",
    "editor line": "a line of its own behind the text",
    "dateline": "the first words of the text",
    "breadcrumbs": "the page's breadcrumbs, as it states them",
    "trail": "the breadcrumbs above the headline",
    "letters": "the text itself",
    "lang": "what the page says its language is",
    "figures": "pictures in the text, with captions",
    "pictures": "pictures in the text",
    "blocks": "comparing all parts of the page",
    "network": "what the reader has learned of the parts of pages",
    "template": "what the site's other pages have in common",
    "site file": "the site's own file",
}
LEFT_OUT: Mapping[str, str] = {
    Dropped.BANNER: "the site's greeting or slogan",
    Dropped.TITLE: "the headline once more",
    Dropped.META: "about the article, not of it",
    Dropped.SHARE: "an invitation to share, print, comment or subscribe",
    Dropped.EDITOR: "names the editor",
    Dropped.DISCLAIMER: "a disclaimer",
    Dropped.COPYRIGHT: "a copyright notice",
    Dropped.RELATED: "leads to other articles",
    Dropped.CUT_OFF: "a headline that is cut off",
    Dropped.REPEATED: "stands on the site's other pages too",
}
REPAIRS: Mapping[str, str] = {
    "pinyin": "readings behind Chinese characters taken out",
    "byte-shift": "characters put together again that such readings had torn apart",
    "entities": "entities that were escaped twice",
    "email": "placeholders for an e-mail address taken out",
    "windows-controls": "control characters turned into the quotes and dashes they were",
    "unseen": "invisible characters taken out",
    "composed": "letters and accents put together",
    "spaced-han": "spaces between Chinese characters taken out",
    "white-space": "lines with odd white space tidied",
    "ruby": "readings above characters taken out",
}


def reasons_page(article: Article) -> Group:
    """What each field of an article rests on, as a person would tell it."""
    return Group(Text(visible(article.title), style="bold"), *_fields(article), *_alarms(article), *_left_out(article), *_repairs(article))


def sureness(confidence: float) -> str:
    """A confidence in a word and as a share."""
    word = "sure" if confidence >= _SURE else "likely" if confidence >= _LIKELY else "a guess"
    return f"{word}, {confidence:.0%}"


def _fields(article: Article) -> Iterator[RenderableType]:
    for name, value in _values(article):
        evidence = article.evidence.get(name)
        if not value and not evidence:
            continue
        head = Text(f"\n{name:<10} ", style="cyan", end="")
        yield Text.assemble(head, (visible(value)[:_LONGEST] or "none", "" if value else "dim"))
        yield from (Padding(line, (0, 0, 0, 11), expand=False) for line in _told(name, evidence))


def _told(name: str, evidence: Evidence | None) -> Iterator[Text]:
    if evidence is None:
        yield Text("nothing is known of where it stood", style="dim")
        return
    if evidence.source:
        yield Text.assemble((f"{sureness(evidence.confidence)}: from {_place(evidence.source)}", "dim"))
    if name != "body":
        for place, other in evidence.others:
            yield Text.assemble((f"not taken, from {_place(place)}: ", "dim"), visible(other))


def _place(source: str) -> str:
    return PLACES.get(source, visible(source))


def _values(article: Article) -> Iterator[tuple[str, str]]:
    yield "title", article.title
    paragraphs = article.text.count("\n") + 1
    yield "body", f"{paragraphs} paragraph{'s' if paragraphs > 1 else ''}, {len(article.text)} characters"
    yield "published", _moment(article, "published")
    yield "modified", _moment(article, "modified")
    yield "authors", ", ".join(article.authors)
    yield from ((name, getattr(article, name)) for name in ("source", "editor", "section"))
    yield "tags", ", ".join(article.tags)
    yield "language", article.language
    yield "summary", article.summary
    yield "images", f"{len(article.images)}, the first {article.images[0].url}" if article.images else ""


def _moment(article: Article, name: str) -> str:
    moment = article.published if name == "published" else article.modified
    if moment is None:
        return ""
    zone = {"text": "with its zone", "site": "in the site's zone"}.get(moment.zone_source, "taken for UTC, as no zone is known")
    exact = f"exact to the {moment.precision}" + ("" if moment.precision == "day" else f", {zone}")
    return f"{when(moment, article.first_seen)}  (written “{moment.raw[:60]}”; {exact})"


def _alarms(article: Article) -> Iterator[RenderableType]:
    others = _body(article)
    for reason, detail in others:
        if reason == Alarm.DAMAGED:
            yield Text.assemble(("\ngarbled    ", "bold red"), visible(detail))
        elif reason == Alarm.CUT:
            yield Text.assemble(("\nnot whole  ", "bold red"), f"the page was read up to a limit only ({visible(detail)})")


def _left_out(article: Article) -> Iterator[RenderableType]:
    lines = [(reason, line) for reason, line in _body(article) if reason not in (Alarm.DAMAGED, Alarm.CUT)]
    if not lines:
        return
    counts = Counter(reason for reason, _ in lines)
    yield Text(f"\nLeft out of the text: {len(lines)} line{'s' if len(lines) > 1 else ''}", style="bold")
    table = Table.grid(padding=(0, 2))
    for reason in counts:
        for number, line in enumerate(line for why, line in lines if why == reason):
            table.add_row(Text("" if number else LEFT_OUT.get(reason, visible(reason)), style="dim"), Text(visible(line), overflow="fold"))
    yield table


def _repairs(article: Article) -> Iterator[RenderableType]:
    if not article.repairs:
        return
    yield Text("\nMended, while the published text is kept beside", style="bold")
    for name, count in article.repairs.items():
        yield Text(f"{count:>6} × {REPAIRS.get(name, name)}")


def _body(article: Article) -> tuple[tuple[str, str], ...]:
    body = article.evidence.get("body")
    return body.others if body else ()
