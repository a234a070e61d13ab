"""What `newscrawl doctor SITE` looks at: the name, the server, its clock, robots.txt, and the sources that are known."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from newscrawl.commands.checks import CLOCK_OFF, Check, Verdict
from newscrawl.commands.options import asked, missing_file
from newscrawl.config import Config
from newscrawl.errors import NewscrawlError
from newscrawl.models import Kind
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store

_SLOW = 2.0  # seconds for a name


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nowhere: only a crawl checks each address that it is led to."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        """None: the redirect itself is the answer."""


def examined_site(config: Config, site: SiteDefinition) -> list[Check]:
    """All checks of a site. One request is made, for robots.txt; a name that can't be resolved ends them."""
    name = _name(site)
    if name.verdict is Verdict.BAD:
        return [name]
    return [name, *_robots(config, site), *_sources(config, site)]


def _name(site: SiteDefinition) -> Check:
    host, begun = urlsplit(site.url).hostname or "", time.monotonic()
    try:
        found = sorted({str(address[4][0]) for address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
    except OSError as error:
        return Check(
            f"{site.slug}: name",
            Verdict.BAD,
            f"{host}: {error.strerror or error}",
            "check url in its file, and this machine's resolver",
        )
    taken = time.monotonic() - begun
    verdict = Verdict.NOTE if taken > _SLOW else Verdict.OK
    advice = "the resolver is slow: a local cache helps" if verdict is Verdict.NOTE else ""
    return Check(f"{site.slug}: name", verdict, f"{host}: {', '.join(found)} ({taken:.2f} s)", advice)


def _robots(config: Config, site: SiteDefinition) -> list[Check]:
    """robots.txt as a crawl would read it, and the server's clock beside ours."""
    from newscrawl.crawl.robots import read_rules

    label, url = f"{site.slug}: robots.txt", urljoin(site.url, "/robots.txt")
    request = urllib.request.Request(url, headers={"User-Agent": config.user_agent})  # noqa: S310 - sites are http or https
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=config.crawl.timeout) as answer:
            text, date = answer.read(config.crawl.robots_bytes).decode("utf-8", "replace"), answer.headers.get("Date", "")
    except urllib.error.HTTPError as error:
        if error.code < 400:
            return [Check(label, Verdict.OK, f"{url}: leads to {error.headers.get('Location', 'nowhere')}, where a crawl follows")]
        if error.code >= 500:
            return [Check(label, Verdict.BAD, f"{url}: {error.code}", "the host is left alone until it can be read: wait, or ask the site")]
        return [Check(label, Verdict.OK, f"{url}: {error.code}, so everything is allowed")]
    except OSError as error:
        return [Check(label, Verdict.BAD, f"{url}: {getattr(error, 'reason', error)}", "check url in its file, and the network")]
    rules = read_rules(text)
    if not rules.allow(site.url):
        return [Check(label, Verdict.BAD, f"it forbids {site.url}", "ask the site for permission, or leave it"), *_server_clock(site, date)]
    if rules.crawl_delay > config.crawl.crawl_delay_max:
        told = f"it asks for {rules.crawl_delay:g} s between requests; crawl.crawl_delay_max is {config.crawl.crawl_delay_max:g}"
        return [Check(label, Verdict.BAD, told, "raise crawl.crawl_delay_max, or leave the site"), *_server_clock(site, date)]
    delay = f", {rules.crawl_delay:g} s between requests" if rules.crawl_delay else ""
    return [Check(label, Verdict.OK, f"read: the front page is allowed{delay}"), *_server_clock(site, date)]


def _server_clock(site: SiteDefinition, date: str) -> list[Check]:
    try:
        off = abs((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # none is sent, or it is none
        return []
    if off <= CLOCK_OFF:
        return []
    return [Check(f"{site.slug}: clock", Verdict.NOTE, f"the server's clock is {off:.0f} s off ours", "if others are too, set ours")]


def _sources(config: Config, site: SiteDefinition) -> list[Check]:
    """What crawls found that lists articles."""
    label = f"{site.slug}: sources"
    if missing_file(config.store.uri):
        return [Check(label, Verdict.OK, "never crawled")]

    async def count(store: Store) -> dict[str, int]:
        return {kind.value: len(await store.regulars(site.slug, kind, 1_000)) for kind in (Kind.FEED, Kind.SITEMAP, Kind.LISTING)}

    try:
        found = asked(config.store.uri, count)
    except NewscrawlError:
        return []  # the check of the store has told
    told = ", ".join(f"{kind}s: {number}" for kind, number in found.items())
    if any(found.values()):
        return [Check(label, Verdict.OK, told)]
    return [Check(label, Verdict.NOTE, told, f"the front page alone is known: `newscrawl probe {site.url}` says what helps")]
