"""Sites: what an operator writes about one in settings/sites/<slug>.toml, and what holds for an address that nobody configured."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

import can_ada
import msgspec
from msgspec import Meta, Struct
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from newscrawl.errors import ConfigError, InputError
from newscrawl.toml import checked, did_you_mean, mistake, read_toml

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.IGNORECASE)  # "localhost:8000" has none
_LAID_OUT = ("next", "article", "body", "date")  # keys of a site that a layout may say anew
_HOST = re.compile(r"[^\s/?#@]+(\.[^\s/?#@.]+|:\d+)([/?#]|$)")  # a dot or a port tells a host from a mistyped slug


class BodyRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a site's articles have their text."""

    css: str  # selector of the element that holds it
    drop: tuple[str, ...] = ()  # selectors of what inside it is not the article


class DateRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a site's articles have their date, and how to read it."""

    css: str = ""
    zone: str = ""  # IANA name, for dates without one
    locale: Annotated[str, Meta(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")] = ""  # BCP 47


class VisitRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Between which bounds a site is visited again; what is None is as in [schedule]."""

    shortest_minutes: Annotated[float, Meta(ge=0.01, le=525_600)] | None = None
    longest_minutes: Annotated[float, Meta(ge=0.01, le=525_600)] | None = None


class Layout(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds for pages fetched on a day or later, after a site was rebuilt; what is None is as it was before."""

    valid_from: dt.date  # UTC
    next: str | None = None
    article: str | None = None
    body: BodyRule | None = None
    date: DateRule | None = None


class SiteKeys(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The keys of a site file."""

    url: str  # the front page, canonical
    listing: tuple[str, ...] = ()  # addresses or paths of pages that list articles
    next: str = ""  # selector of the link to a listing's next page
    article: str = ""  # regular expression found in every article's address
    body: BodyRule | None = None
    date: DateRule | None = None
    javascript: Literal["never", "auto", "always"] = "auto"  # when its scripts are run: see "Pages made by scripts" in docs/commands.md
    script_hosts: tuple[str, ...] = ()  # other hosts that its scripts may ask, such as "cdn.example"
    media: bool = False  # whether pictures of its articles are fetched and kept too
    delay: Annotated[float, Meta(ge=0.001, le=86_400)] | None = None  # seconds; None: crawl.delay
    visits: VisitRule | None = None
    daily_minimum: Annotated[int, Meta(ge=0)] = 0  # new articles a day; fewer is an alarm
    layout: tuple[Layout, ...] = ()  # later ones, in order


class SiteDefinition(SiteKeys, frozen=True, kw_only=True):
    """A site to crawl."""

    slug: str  # its name in the store, in file names and on the command line

    def on(self, day: dt.date) -> Self:
        """The site as its pages of that day are read: with the layouts that were valid by then."""
        site = self
        for layout in self.layout:
            if layout.valid_from <= day:
                keys = msgspec.structs.asdict(layout)
                site = msgspec.structs.replace(site, **{key: keys[key] for key in _LAID_OUT if keys[key] is not None})
        return site


def site_for_url(url: str) -> SiteDefinition:
    """The site behind an address that nobody configured. Without a scheme it is taken as https.

    Raises InputError for what is no address of a web site.
    """
    parsed = _parsed(url)
    return SiteDefinition(slug=_slug(parsed), url=parsed.href)


def load_site(slug: str, folder: Path) -> SiteDefinition:
    """The site that <folder>/<slug>.toml defines. Raises ConfigError if there is none or it is wrong."""
    known = site_slugs(folder)
    if slug not in known:
        example = slug if _SLUG.fullmatch(slug) else "gazette"
        listed = f" Known: {', '.join(known)}" if known else ""
        raise ConfigError(
            f"no site is named {slug}: give an address such as https://{example}.example/, or write {folder / slug}.toml."
            f"{did_you_mean(slug, known)}{listed}"
        )
    path = folder / f"{slug}.toml"
    if not _SLUG.fullmatch(slug):
        raise ConfigError(f"{path}: a site's file name may hold a-z, 0-9, dot, dash and underscore")
    keys = checked(read_toml(path), SiteKeys, str(path))
    return SiteDefinition(**msgspec.structs.asdict(_with_canonical_url(keys, str(path))), slug=slug)


def load_sites(folder: Path) -> list[SiteDefinition]:
    """All configured sites, by slug. Raises ConfigError if one of them is wrong."""
    return [load_site(slug, folder) for slug in site_slugs(folder)]


def site_slugs(folder: Path) -> list[str]:
    """The names of the configured sites."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def named_sites(names: Sequence[str], folder: Path) -> list[SiteDefinition]:
    """The sites that slugs and addresses stand for, each once. An address of a configured site brings that site's definition."""
    found = {}
    for name in names:
        if name in site_slugs(folder) or (_SLUG.fullmatch(name) and not _HOST.match(name)):
            site = load_site(name, folder)
        else:
            plain = site_for_url(name)
            site = next((known for known in load_sites(folder) if _slug(_parsed(known.url)) == plain.slug), plain)
        found[site.slug] = site
    return list(found.values())


def _parsed(url: str) -> can_ada.URL:
    url = url.strip()
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        raise InputError(f"{url}: not the address of a web site; it has to begin with https:// or http://")
    if not scheme and not _HOST.match(url):
        raise InputError(f"{url or 'an empty address'}: not the address of a web site; write it like https://example.org/")
    try:
        parsed = can_ada.parse(url if scheme else f"https://{url}")
    except ValueError:
        raise InputError(f"{url}: not the address of a web site; write it like https://example.org/") from None
    if parsed.username or parsed.password:
        raise InputError(
            f"{parsed.protocol}//{parsed.host}{parsed.pathname}: leave out user name and password, they would end in the archive"
        )
    parsed.hash = ""
    return parsed


def _slug(parsed: can_ada.URL) -> str:
    """Host without "www.", with the port unless it is the scheme's own; fit for a file name."""
    host = parsed.hostname.removeprefix("www.").strip("[].")
    slug = re.sub(r"[^a-z0-9._-]", "-", f"{host}-{parsed.port}" if parsed.port else host).lstrip("._-")
    if not slug:
        raise InputError(f"{parsed.href}: has no host name")
    return slug


def _with_canonical_url(keys: SiteKeys, origin: str) -> SiteKeys:
    """The keys with url as the parser writes it, once every address, expression, selector and zone proved to be one."""
    try:
        url = _parsed(keys.url).href
    except InputError as error:
        raise ConfigError(f"{origin}: url: {error}") from None
    _check_layout(origin, "", keys)
    for at, layout in enumerate(keys.layout):
        _check_layout(origin, f"layout[{at}].", layout)
        if at and layout.valid_from <= keys.layout[at - 1].valid_from:
            raise mistake(origin, f"layout[{at}].valid_from", layout.valid_from, "expected a later day than that of the layout before")
    if (own := keys.visits) and own.shortest_minutes and own.longest_minutes and own.shortest_minutes > own.longest_minutes:
        raise mistake(origin, "visits.shortest_minutes", own.shortest_minutes, "expected no more than visits.longest_minutes")
    return msgspec.structs.replace(keys, url=url)


def _check_layout(origin: str, place: str, keys: SiteKeys | Layout) -> None:
    """Raises ConfigError for an expression, selector or zone that is none; `place` stands before the key."""
    _check_expression(origin, f"{place}article", keys.article or "")
    body, date = keys.body, keys.date
    selectors = {"next": keys.next or ""}
    if body:
        selectors |= {"body.css": body.css} | {f"body.drop[{at}]": css for at, css in enumerate(body.drop)}
    if date:
        selectors["date.css"] = date.css
        if date.zone and date.zone not in zoneinfo.available_timezones():
            raise mistake(origin, f"{place}date.zone", date.zone, 'expected a zone such as "America/Guatemala"')
    for key, selector in selectors.items():
        _check_selector(origin, f"{place}{key}", selector)


def _check_expression(origin: str, key: str, expression: str) -> None:
    try:
        re.compile(expression)
    except re.error as error:
        raise mistake(origin, key, expression, f"not a regular expression: {error}") from None


def _check_selector(origin: str, key: str, selector: str) -> None:
    try:
        LexborHTMLParser("").css(selector or "*")
    except SelectolaxError:
        raise mistake(origin, key, selector, "not a CSS selector") from None
