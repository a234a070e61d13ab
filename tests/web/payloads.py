"""Text that would run if a page took it for markup, an archive full of it, and a browser that notices."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from newscrawl.health import Alarm, Baseline, Health, Sign, as_json
from newscrawl.models import Article, Result, Run, Settlement, State
from newscrawl.reprints import Cluster, Compared, Copy, Regrouping
from newscrawl.store import open_store
from tests.store.records import START, article, hours, revision, target

TOGETHER = 40  # pages that a browser looks at at once
ASKED = 20  # texts that are asked for as well
_BATCH = 200  # articles stored at once

# Whatever a payload would call. The frames are of the same origin as the page that holds them.
HOOK = """for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
  window[name] = () => window.top.ran.add(window.name)"""
# What waits for a reader's mouse or keys is given what it waits for.
_LOOK = """async pages => {
  window.ran = new Set()
  const frames = pages.map((text, at) => Object.assign(document.createElement('iframe'), {name: String(at), srcdoc: text}))
  const loaded = frames.map(frame => new Promise(resolve => frame.onload = resolve))
  document.body.replaceChildren(...frames)
  await Promise.race([Promise.all(loaded), new Promise(resolve => setTimeout(resolve, 5000))])
  for (const frame of frames) for (const node of frame.contentDocument?.querySelectorAll('*') ?? []) {
    for (const {name} of [...node.attributes]) if (name.startsWith('on')) node.dispatchEvent(new Event(name.slice(2)))
    if (node.protocol === 'javascript:') node.click()
  }
  await new Promise(resolve => setTimeout(resolve, 150))
  return [...window.ran].map(Number)
}"""


def strings(folder: Path) -> list[str]:
    """The naughty strings and XSS payloads of the folder `strings`, each once."""
    naughty = json.loads((folder / "blns.json").read_text("utf-8"))
    payloads = (folder / "xss-payload-list.txt").read_text("utf-8", errors="replace").splitlines()
    return [text for text in dict.fromkeys([*naughty, *payloads]) if text.strip()]


def naive(text: str) -> str:
    """A page that takes text for markup."""
    return f'<!doctype html><title>{text}</title><h1>{text}</h1><a href="{text}" title="{text}">link</a><script>var q = "{text}"</script>'


def hostile_article(text: str, at: int) -> Article:
    """An article all of whose fields are the text; it was edited, reprinted and lost."""
    plain = article(f"payload {at}", f"{text}\nplain words", site="hostile", url=text, title=text, aliases=(text,), gone=hours(90))
    names = replace(plain, authors=(text,), section=text, tags=(text,), source=text, editor=text, language=text[:40])
    return replace(names, text_search=f"{text}\nplain words".lower(), revision=2, changed=hours(5), cluster=f"c{at}")


async def fill(uri: str, texts: Sequence[str]) -> list[Article]:
    """An archive of an article for each text, and of a site whose crawls and health are told with the first."""
    articles = [hostile_article(text, at) for at, text in enumerate(texts)]
    copies = [article(f"copy {at}", one.text, site="herald", cluster=one.cluster) for at, one in enumerate(articles)]
    edits = [revision(f"payload {at}", title=f"{text} before", text=text, replaced=hours(5)) for at, text in enumerate(texts)]
    pages = [*zip(articles, edits, strict=True), *((copy, None) for copy in copies)]
    settled = [
        Settlement(target(f"page {at}", state=State.DONE, result=Result.ARTICLE), article=one, revision=edit)
        for at, (one, edit) in enumerate(pages)
    ]
    store = open_store(uri)
    await store.prepare()
    await store.open()
    for at in range(0, len(settled), _BATCH):
        await store.settle(settled[at : at + _BATCH])
    clusters = tuple(
        Cluster(a.cluster, START, START, a.id, (Copy(a.id, 1.0), Copy(b.id, 0.9))) for a, b in zip(articles, copies, strict=True)
    )
    compared = tuple(Compared(one.id, one.text_search, ()) for one in (*articles, *copies))
    await store.regroup(Regrouping(compared, labels={one.id: one.cluster for one in (*articles, *copies)}, clusters=clusters))
    await store.add_targets([target("lost", site="hostile", url=texts[0], result=Result.BUSY, detail=texts[0], listed="2026-08-01")])
    await store.save_run(Run("r", "hostile", START, hours(1), texts[0], {"new": 1}))
    alarm = Alarm(Sign.FIELD, texts[0], START, texts[0], proposal=texts[0])
    await store.save_health("hostile", as_json(Health("hostile", START, Baseline(), (alarm,))))
    await store.close()
    return articles


def addresses(articles: Sequence[Article]) -> Iterator[str]:
    """All pages on which the texts stand, or are asked for."""
    yield from ("/sites", "/sites/hostile", "/runs", "/flows", "/words?q=site:hostile")
    for path in ("/", "/edits", "/gone"):
        yield from (f"{path}?q=site:hostile&page={number}" for number in range(1, len(articles) // 20 + 2))
    for one in articles:
        yield from (f"/article/{one.id}", f"/article/{one.id}/changes")
    yield from (f"/?q={quote(one.title[:500], safe='')}" for one in articles[:ASKED])


def loads_and_runs(text: str) -> list[str]:
    """What a page would run, or load from elsewhere."""
    nodes = LexborHTMLParser(text).css("*")
    inline = [f"{name}={value}" for node in nodes for name, value in node.attributes.items() if name.startswith("on") or name == "style"]
    leads = [value or "" for node in nodes for name, value in node.attributes.items() if name in {"href", "src", "action", "srcdoc"}]
    tags = [node.tag for node in nodes if node.tag in {"script", "style", "img", "object", "embed", "base"}]
    return [*inline, *tags, *(lead for lead in leads if not lead.startswith(("/", "#", "?")) or lead.startswith("//"))]


def ran_in(page: Any, texts: Sequence[str]) -> list[int]:
    """Which of these pages run anything in a browser that holds them without the policy they are served with. `page` has HOOK."""
    found = []
    for at in range(0, len(texts), TOGETHER):
        found += [at + number for number in page.evaluate(_LOOK, list(texts[at : at + TOGETHER]))]
    return found
