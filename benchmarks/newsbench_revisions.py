"""Which articles have revisions after two visits of newsbench, and which should: `python -m benchmarks.newsbench_revisions WORK`.

WORK is newsbench's folder after a trial with `--epochs 2` of benchmarks/newsbench.sh. An article that is older than `crawl.review_days`
is looked at again when it is twice as old: NEWSCRAWL_CRAWL_REVIEW_DAYS=120 has the second visit look at all of them, LATER=80 a third
one. Ends with 1 if an updated article that was seen before its update has no revision, or another one has.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newscrawl.models import Article, Revision
from newscrawl.store import open_store
from newscrawl.store.protocol import Search


def truth(work: Path, epoch: int) -> dict[str, dict[str, Any]]:
    """What the sites held, by each address without its scheme."""
    with (work / f"truth{epoch}.jsonl").open(encoding="utf-8") as file:
        return {address: one for one in map(json.loads, file) for address in one["aliases"]}


async def histories(uri: str) -> list[tuple[Article, list[Revision]]]:
    """All articles with their revisions."""
    store = open_store(uri)
    await store.open()
    found = [(article, await store.revisions(article.id)) async for article in store.articles(Search())]
    await store.close()
    return found


def main() -> None:
    """As told at the top."""
    work = Path(sys.argv[1])
    before, after = truth(work, 1), truth(work, 2)
    updated = {one["id"]: one for address, one in after.items() if address in before and before[address]["text"] != one["text"]}
    have: dict[str, tuple[Article, list[Revision]]] = {}
    for article, revisions in asyncio.run(histories(f"sqlite:///{work.resolve()}/newscrawl/store.db")):
        address = article.url.partition("://")[2]
        if revisions and address in after:
            have[after[address]["id"]] = article, revisions
    missing, extra = updated.keys() - have.keys(), have.keys() - updated.keys()
    print(json.dumps({"updated": len(updated), "with_revision": len(have), "missing": len(missing), "extra": len(extra)}))
    show("missing", {id_: updated[id_]["url"] for id_ in missing})
    show("extra", {id_: f"{have[id_][0].url} {[(one.changed, one.text[-80:]) for one in have[id_][1]]}" for id_ in extra})
    sys.exit(bool(missing or extra))


def show(name: str, found: Mapping[str, str]) -> None:
    """A few of them."""
    for id_, text in sorted(found.items())[:5]:
        print(name, id_, text)


if __name__ == "__main__":
    main()
