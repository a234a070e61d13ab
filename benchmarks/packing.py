"""How much room MongoDB's index of keys takes: `python -m benchmarks.packing mongodb://HOST/DATABASE [--articles 1000]`.

The keys of invented articles (benchmarks.stories) go into a collection of its own, which is removed at the end, once before their index is
built and once in batches as a crawl settles them, with a checkpoint after every thousand. Printed for an index that is packed, as in the
store, and for one that is not: bytes an article on the disk, and the server's seconds of CPU, if it runs on this machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import psutil
from pymongo import IndexModel, MongoClient

from benchmarks.stories import story
from newscrawl.store.mongodb.documents import numbered, searched
from newscrawl.store.mongodb.schema import PACKED, PHRASES

BATCH, CHECKPOINT = 50, 1_000  # articles
NAME = "packing"
Client = MongoClient[dict[str, Any]]


def keyed(many: int) -> Iterator[dict[str, Any]]:
    """Articles with nothing but what leads to them."""
    for number in range(many):
        yield {"_id": f"{number:032x}", **numbered(number), "keys": searched(story(number).text_search)["keys"]}


def measured(client: Client, articles: Sequence[dict[str, Any]], index: IndexModel, *, grown: bool) -> tuple[int, float]:
    """Bytes an article of the index, and seconds of CPU, once all are in the collection."""
    db = client.get_default_database()
    db.drop_collection(NAME)
    begun = _cpu(client)
    if grown:
        db[NAME].create_indexes([index])
    rest = iter(articles)
    for done in range(0, len(articles), BATCH):
        db[NAME].insert_many(islice(rest, BATCH))
        if done % CHECKPOINT == 0:
            client.admin.command("fsync")
    if not grown:
        begun = _cpu(client)
        db[NAME].create_indexes([index])
    client.admin.command("fsync")
    sizes = db.command("collStats", NAME)["indexSizes"]
    return sizes[index.document["name"]] // len(articles), _cpu(client) - begun


def _cpu(client: Client) -> float:
    pid = client.admin.command("serverStatus")["pid"]
    return float(sum(psutil.Process(pid).cpu_times()[:2])) if psutil.pid_exists(pid) else 0.0


def main() -> None:
    """As told at the top."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri")
    parser.add_argument("--articles", type=int, default=1_000)
    arguments = parser.parse_args()
    articles = list(keyed(arguments.articles))
    print("| index of keys | built, bytes an article | CPU, s | grown, bytes an article | CPU, s |\n" + "|---" * 5 + "|")
    with Client(arguments.uri) as client:
        try:
            for told, how in (("not packed", {}), ("packed", PACKED)):
                row = [measured(client, articles, IndexModel(PHRASES, **how), grown=grown) for grown in (False, True)]
                print(f"| {told} | " + " | ".join(f"{size:,} | {cpu:.1f}" for size, cpu in row) + " |", flush=True)
        finally:
            client.get_default_database().drop_collection(NAME)


if __name__ == "__main__":
    main()
