"""What a page says of itself: JSON-LD, meta elements, itemprop, links."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from newscrawl.extract.blocks import plain
from newscrawl.extract.tree import Page

_MAX_JSON = 500_000  # characters of one script
_MAX_OBJECTS = 500
_MAX_SCRIPTS = 30
_MAX_VALUE = 1000  # characters of one attribute or title

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Reportage|Report|Review)$")
# Names and properties of <meta>, most trustworthy first.
_PUBLISHED_NAMES = """
article:published_time og:published_time og:article:published_time datepublished pubdate publishdate publish-date publish_date
publication_date publication-date published_time published_at article.published dc.date.issued dcterms.created dcterms.date dc.date
dc.date.created dcterms.issued parsely-pub-date sailthru.date cxenseparse:recs:publishtime weibo:article:create_at bt:pubdate
rnews:datepublished displaydate firstcreatedate apub:time date originalpublicationdate iptc_date release_date
"""
_MODIFIED_NAMES = """
article:modified_time og:updated_time datemodified last-modified lastmod dc.date.modified dcterms.modified weibo:article:update_at
"""
_AUTHOR_NAMES = "author article:author parsely-author sailthru.author dc.creator dcterms.creator byl cxenseparse:author"
_PUBLISHED, _MODIFIED, _AUTHOR = (tuple(names.split()) for names in (_PUBLISHED_NAMES, _MODIFIED_NAMES, _AUTHOR_NAMES))
_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "dc.subject")
_SECTION = ("article:section", "og:article:section", "parsely-section", "section", "category")
_OUTLET = ("source", "article:source", "dc.source", "og:article:source")
_KEY = r'"%s"\s*:\s*"((?:[^"\\]|\\.){1,400})"'
_BROKEN = {name: re.compile(_KEY % name) for name in ("headline", "datePublished", "dateModified")}
_AUTHOR_KEY = re.compile(r'"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"((?:[^"\\]|\\.){1,100})"')


@dataclass(frozen=True, slots=True)
class Claim:
    """A value as the page states it, unread, and where."""

    source: str  # "json-ld", "og", "meta", "itemprop", "rel"
    value: str


@dataclass(frozen=True, slots=True)
class Structured:
    """What a page says of itself; each tuple holds the most trustworthy claim first."""

    titles: tuple[Claim, ...] = ()
    published: tuple[Claim, ...] = ()
    modified: tuple[Claim, ...] = ()
    authors: tuple[Claim, ...] = ()
    publisher: str = ""
    site_name: str = ""
    sections: tuple[Claim, ...] = ()
    tags: tuple[Claim, ...] = ()
    summaries: tuple[Claim, ...] = ()
    outlets: tuple[Claim, ...] = ()  # from which the article was taken
    language: str = ""  # as stated
    canonical: str = ""  # absolute
    kind: str = ""  # of the article in JSON-LD, or og:type
    document_title: str = ""  # <title>


@dataclass(slots=True)
class _Found:
    """Claims as they are gathered."""

    json_ld: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)
    meta: dict[str, list[str]] = field(default_factory=dict)
    itemprop: dict[str, list[str]] = field(default_factory=dict)
    canonical: str = ""
    related_authors: list[str] = field(default_factory=list)  # rel=author
    related_tags: list[str] = field(default_factory=list)  # rel=tag
    breadcrumbs: list[str] = field(default_factory=list)  # innermost first


def structured(page: Page, url: str) -> Structured:
    """What the page at `url` says of itself."""
    found = _Found()
    _read_json_ld(page.json_ld, found)
    _read_elements(page, url, found)
    thing, meta, prop = found.json_ld, found.meta, found.itemprop
    title = page.tree.css_first("title")
    return Structured(
        titles=_claims(
            ("json-ld", [*_texts(thing.get("headline")), *found.broken.get("headline", ())]),
            ("og", meta.get("og:title", ())),
            ("meta", [*meta.get("twitter:title", ()), *meta.get("dc.title", ())]),
            ("itemprop", prop.get("headline", ())),
        ),
        published=_claims(
            ("json-ld", [*_texts(thing.get("datePublished")), *_texts(thing.get("dateCreated")), *found.broken.get("datePublished", ())]),
            ("itemprop", prop.get("datepublished", ())),
            ("meta", _named(meta, _PUBLISHED)),
        ),
        modified=_claims(
            ("json-ld", [*_texts(thing.get("dateModified")), *found.broken.get("dateModified", ())]),
            ("itemprop", prop.get("datemodified", ())),
            ("meta", _named(meta, _MODIFIED)),
        ),
        authors=_claims(
            ("json-ld", [*_names(thing.get("author")), *_names(thing.get("creator")), *found.broken.get("author", ())]),
            ("itemprop", prop.get("author", ())),
            ("meta", _named(meta, _AUTHOR)),
            ("rel", found.related_authors),
        ),
        publisher=next(iter(_names(thing.get("publisher"))), ""),
        site_name=_first(meta, "og:site_name", "application-name"),
        **_labels(found),
        language=_stated_language(page, meta),
        canonical=found.canonical,
        kind=next(iter(_texts(thing.get("@type"))), "") or _first(meta, "og:type"),
        document_title=plain(title.text()[:_MAX_VALUE]) if title else "",
    )


def _labels(found: _Found) -> dict[str, tuple[Claim, ...]]:
    """What sorts the article, by name of the field."""
    thing, meta = found.json_ld, found.meta
    return {
        "sections": _claims(
            ("json-ld", _texts(thing.get("articleSection"))), ("meta", _named(meta, _SECTION)), ("breadcrumbs", found.breadcrumbs)
        ),
        "tags": _claims(
            ("json-ld", _tags(_texts(thing.get("keywords")))),
            ("meta", _tags(_named(meta, _TAGS))),
            ("rel", _tags(found.related_tags)),
            ("keywords", _tags(meta.get("keywords", ()))),
        ),
        "summaries": _claims(
            ("json-ld", [plain(html.unescape(text)) for text in _texts(thing.get("description"))]),
            ("og", meta.get("og:description", ())),
            ("meta", meta.get("description", ())),
        ),
        "outlets": _claims(("json-ld", _names(thing.get("sourceOrganization"))), ("meta", _named(meta, _OUTLET))),
    }


def _read_elements(page: Page, url: str, found: _Found) -> None:
    for node in page.tree.css("meta[content], link[rel=canonical], a[rel~=author], a[rel~=tag], [itemprop]"):
        attributes = node.attributes
        tag = node.tag
        if tag == "link" and attributes.get("href") and not attributes.get("itemprop"):
            found.canonical = found.canonical or _absolute(url, attributes["href"] or "")
            continue
        content = plain((attributes.get("content") or "")[:_MAX_VALUE])
        if tag == "meta" and (name := attributes.get("property") or attributes.get("name") or attributes.get("http-equiv")):
            found.meta.setdefault(name.strip().lower(), []).append(content)
        if (prop := attributes.get("itemprop")) and (prop := prop.lower()) in _PROPS:
            found.itemprop.setdefault(prop, []).append(plain(content or attributes.get("datetime") or node.text(separator=" ")[:300]))
        elif tag == "a" and (rel := (attributes.get("rel") or "").lower().split()):
            (found.related_authors if "author" in rel else found.related_tags).append(plain(node.text()[:100]))


_PROPS = frozenset(("headline", "datepublished", "datemodified", "author"))


def _read_json_ld(scripts: Iterable[str], found: _Found) -> None:
    """The first article among the scripts' objects, or what can be made out of scripts that are broken."""
    objects: list[dict[str, Any]] = []
    for script in islice(scripts, _MAX_SCRIPTS):
        text = script[:_MAX_JSON].strip().removeprefix("<!--").removesuffix("-->").strip().removesuffix(";")
        try:
            objects.extend(_objects(json.loads(text, strict=False)))
        except (ValueError, RecursionError):
            for name, pattern in _BROKEN.items():
                found.broken.setdefault(name, []).extend(match[1] for match in pattern.finditer(text))
            found.broken.setdefault("author", []).extend(match[1] for match in _AUTHOR_KEY.finditer(text))
    by_id = {thing["@id"]: thing for thing in objects if isinstance(thing.get("@id"), str) and len(thing) > 2}
    articles = [thing for thing in objects if any(_ARTICLE.search(kind) for kind in _texts(thing.get("@type")))]
    pages = [thing for thing in objects if any(kind.endswith("Page") for kind in _texts(thing.get("@type")))]
    for thing in (*articles, *pages)[:1]:
        found.json_ld = {key: _followed(value, by_id) for key, value in thing.items()}
    trails = [thing for thing in objects if "BreadcrumbList" in _texts(thing.get("@type"))]
    found.breadcrumbs = _between_ends(trails[0].get("itemListElement")) if trails else []


def _between_ends(steps: Any) -> list[str]:
    """What breadcrumbs name between the front page and the article, innermost first."""
    names = [name for step in (steps if isinstance(steps, list) else [])[:8] if isinstance(step, dict) for name in _step_names(step)]
    return names[-2:0:-1]


def _step_names(step: dict[str, Any]) -> list[str]:
    return (_texts(step.get("name")) or _names(step.get("item")))[:1]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD document that are not parts of others: at the top, in lists, in @graph, as a page's main entity."""
    waiting, seen = [value], 0
    while waiting and seen < _MAX_OBJECTS:
        seen += 1
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting.extend(value[:_MAX_OBJECTS])
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if isinstance(value.get(key), dict | list))


def _followed(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    """The value with references {"@id": …} replaced by what they name."""
    if isinstance(value, list):
        return [_followed(each, by_id) for each in value[:50]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return by_id.get(value["@id"], value)
    return value


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [plain(html.unescape(each[:_MAX_VALUE])) for each in values if isinstance(each, str) and each.strip()]


def _names(value: Any) -> list[str]:
    """The names of persons or organisations, however they are given."""
    names: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        names.extend(_texts(each.get("name")) if isinstance(each, dict) else _texts(each))
    return names


def _claims(*groups: tuple[str, Iterable[str]]) -> tuple[Claim, ...]:
    return tuple(Claim(source, value) for source, values in groups for value in values if value)


def _named(meta: dict[str, list[str]], names: Iterable[str]) -> list[str]:
    return [value for name in names for value in meta.get(name, ())]


def _first(meta: dict[str, list[str]], *names: str) -> str:
    return next((value for value in _named(meta, names) if value), "")


def _stated_language(page: Page, meta: dict[str, list[str]]) -> str:
    html_node = page.tree.root
    lang = (html_node.attrs.get("lang") or html_node.attrs.get("xml:lang")) if html_node else ""
    return lang or _first(meta, "content-language", "og:locale")


def _tags(values: Iterable[str]) -> tuple[str, ...]:
    """Keywords apart, without repetition."""
    tags = (tag.strip() for value in values for tag in re.split(r"[,;，、；|]", value))
    return tuple(dict.fromkeys(tag for tag in tags if 1 < len(tag) <= 60))[:30]


def _absolute(url: str, href: str) -> str:
    try:
        return urljoin(url, href.strip())
    except ValueError:  # such as an unclosed [ in the host
        return ""
