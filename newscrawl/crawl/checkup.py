"""At the end of a run: how the site does, with evidence, kept in the store; and whoever wants to know of new alarms is told."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from newscrawl.config import HealthKnobs
from newscrawl.crawl.drift import alarms, baseline
from newscrawl.crawl.figures import LEAST_TEXT
from newscrawl.errors import StoreError
from newscrawl.health import Alarm, Health, Sign, as_json, from_json
from newscrawl.identify.exact import capture_id
from newscrawl.models import Article, Result, Run, Target
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Search, Store

log = logging.getLogger(__name__)

REMEMBERED = 4_000  # runs: four weeks of visits every ten minutes
_LOOKED_AT = 300  # articles in which evidence is sought
_SELECTORS = {
    "date": 'date = { css = "" }   # selector of the element that holds the date',
    "body": 'body = { css = "" }   # selector of the element that holds the text',
    "article": "article = ''   # regular expression found in the address of every article",
    "length": 'body = { css = "" }   # selector of the element that holds the text',
}


async def check_up(store: Store, site: SiteDefinition, run: Run, knobs: HealthKnobs) -> Health:
    """The site's health after `run`, which has ended; saved, and new alarms told. Raises StoreError."""
    at = run.ended or run.started
    runs = await store.runs(site.slug, REMEMBERED)
    found = alarms(runs, at=at, daily_minimum=site.daily_minimum)
    if any(alarm.sign in (Sign.FIELD, Sign.TEMPLATE) for alarm in found):
        articles = await store.search(Search(site=site.slug, limit=_LOOKED_AT))
        others = await store.examples(site.slug, Result.OTHER, _LOOKED_AT)
        found = [_with_evidence(alarm, articles, others) for alarm in found]
    before = from_json(await store.health(site.slug))
    health = Health(site.slug, at, baseline(runs), tuple(_since_before(found, before)))
    await store.save_health(site.slug, as_json(health))
    known = {alarm.key for alarm in before.alarms} if before else set()
    if fresh := [alarm for alarm in health.alarms if alarm.key not in known]:
        await asyncio.to_thread(tell, site.slug, fresh, knobs)
    return health


async def check_up_quietly(store: Store, site: SiteDefinition, run: Run, knobs: HealthKnobs) -> None:
    """As `check_up`; if the store fails at it the run is none the worse, and the next one looks again."""
    try:
        await check_up(store, site, run, knobs)
    except StoreError as error:
        log.warning("%s: its health is not known: %s", site.slug, error)


def _since_before(found: Iterable[Alarm], before: Health | None) -> Iterable[Alarm]:
    """The alarms; of those that were given before, the evidence from then, which is nearest to the change."""
    known = {alarm.key: alarm for alarm in before.alarms} if before else {}
    for alarm in found:
        old = known.get(alarm.key)
        kept = old and replace(alarm, since=old.since, before=old.before, after=old.after, proposal=old.proposal)
        yield kept if kept and kept.after else alarm


def _with_evidence(alarm: Alarm, articles: Sequence[Article], others: Sequence[Target]) -> Alarm:
    """The alarm with a capture from before and one from after, and what the site file might say from then on."""
    if alarm.sign not in (Sign.FIELD, Sign.TEMPLATE):
        return alarm
    fine = [one for one in articles if one.first_seen < alarm.since and _has(one, alarm.field)]
    wrong = [one for one in articles if _seen(one) >= alarm.since and not (alarm.field and _has(one, alarm.field))]
    if alarm.field == "article":
        passed = [one for one in others if one.visited and one.visited >= alarm.since and not one.place]
        after = next((capture_id(one.id, round(one.visited.timestamp() * 1000)) for one in passed if one.visited), "")
    else:
        after = max(wrong, key=_seen).capture if wrong else ""
    lines = ["[[layout]]", f"valid_from = {alarm.since:%Y-%m-%d}", *([_SELECTORS[alarm.field]] if alarm.field in _SELECTORS else [])]
    return replace(
        alarm,
        before=max(fine, key=lambda one: one.first_seen).capture if fine else "",
        after=after,
        proposal="\n".join(lines),
    )


def _seen(article: Article) -> datetime:
    """When its present state was first seen."""
    return article.changed or article.first_seen


def _has(article: Article, field: str) -> bool:
    """Whether an article has the field; of none, and of lengths, one can't tell."""
    has = {"title": article.title, "date": article.published, "authors": article.authors or article.source}
    return len(article.text) >= LEAST_TEXT if field == "body" else bool(has.get(field, field != "length"))


def tell(site: str, fresh: Sequence[Alarm], knobs: HealthKnobs) -> None:
    """Log the alarms, send them to the webhook, hand them to the command. What fails at that is logged: it must not end a crawl."""
    told = {"event": "alarm", "site": site, "alarms": msgspec.to_builtins(fresh)}
    for alarm in fresh:
        log.warning("%s: %s: %s", site, f"{alarm.sign} {alarm.field}".strip(), alarm.told, extra={"site": site, "stage": "health"})
    body = json.dumps(told, ensure_ascii=False).encode()
    try:
        if knobs.webhook:
            _post(knobs.webhook, body)
        if knobs.command:
            subprocess.run(knobs.command, input=body, timeout=knobs.timeout, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - the operator's
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        log.warning("%s: its alarms could not be passed on: %s", site, _cause(error))


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - http or https, by the settings' check
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def _cause(error: Exception) -> Any:
    """What went wrong, without the address: a webhook's often holds its secret."""
    return error.reason if isinstance(error, urllib.error.URLError) else type(error).__name__
