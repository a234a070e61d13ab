"""The frontier in SQLite."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice

import msgspec

from newscrawl.models import Target
from newscrawl.store.protocol import Backlog
from newscrawl.store.sqlite.rows import FRONTIER, milliseconds, moment
from newscrawl.store.sqlite.transaction import transaction

# Indexed: "frontier_due" holds what waits, by priority. So a page of it costs the same however much is not due yet.
_NEXT_PRIORITY = "SELECT min(priority) FROM frontier WHERE site = ? AND state = 'due' AND priority > ?"
_DUE = FRONTIER.select(
    """WHERE site = ? AND state = 'due' AND priority = ? AND due <= ? AND id NOT IN (SELECT value FROM json_each(?))
    ORDER BY due, id LIMIT ?""",
)

_UNVISITED = FRONTIER.select(
    "WHERE id IN (SELECT value FROM json_each(?)) AND visits = 0 AND result <> 'taken-down'"
    " AND (state IN ('due', 'skipped') OR kind = 'image')"
)


def add_targets(db: sqlite3.Connection, targets: Iterable[Target]) -> int:
    """Insert those that the frontier does not know; how many."""
    with transaction(db):
        return insert_unknown(db, targets)


def insert_unknown(db: sqlite3.Connection, targets: Iterable[Target]) -> int:
    """As `add_targets`, within a transaction of the caller's. Most links are known: only the others are made into rows."""
    found: dict[str, Target] = {}
    for target in targets:
        found.setdefault(target.id, target)
    for known in list(_known(db, found)):
        del found[known]
    db.executemany(FRONTIER.insert_new, map(FRONTIER.row, found.values()))
    return len(found)


def unknown_targets(db: sqlite3.Connection, ids: Collection[str]) -> set[str]:
    """The ids that are not in the frontier."""
    return set(ids).difference(_known(db, ids))


def unvisited_targets(db: sqlite3.Connection, ids: Collection[str]) -> list[Target]:
    """As Store.unvisited_targets."""
    rows = db.execute(_UNVISITED, (json_list(ids),))
    return FRONTIER.records(rows)


def targets(db: sqlite3.Connection, ids: Collection[str]) -> dict[str, Target]:
    """The targets with these ids."""
    found = FRONTIER.records(db.execute(FRONTIER.select("WHERE id IN (SELECT value FROM json_each(?))"), (json_list(ids),)))
    return {target.id: target for target in found}


def _known(db: sqlite3.Connection, ids: Iterable[str]) -> Iterator[str]:
    """The ids that are in the frontier, looked up a thousand at a time: a sitemap names 50,000."""
    rest = iter(ids)
    while some := list(islice(rest, 1000)):
        found = db.execute("SELECT id FROM frontier WHERE id IN (SELECT value FROM json_each(?))", (json_list(some),))
        yield from (target for (target,) in found)


def due_targets(db: sqlite3.Connection, site: str, at: datetime, limit: int, *, without: Collection[str]) -> list[Target]:
    """What is due, by priority, then due, then id."""
    held, due = json_list(without), milliseconds(at)
    targets: list[Target] = []
    for priority in _priorities(db, site):
        rows = db.execute(_DUE, (site, priority, due, held, limit - len(targets)))
        targets += FRONTIER.records(rows)
        if len(targets) >= limit:
            break
    return targets


def _priorities(db: sqlite3.Connection, site: str) -> Iterator[float]:
    """The priorities that have something waiting, smallest first."""
    last: float = -math.inf
    while (last := db.execute(_NEXT_PRIORITY, (site, last)).fetchone()[0]) is not None:
        yield last


def backlog(db: sqlite3.Connection, site: str) -> Backlog:
    """How many targets wait, and until when."""
    waiting, due = db.execute("SELECT count(*), min(due) FROM frontier WHERE site = ? AND state = 'due'", (site,)).fetchone()
    return Backlog(waiting, None if due is None else moment(due))


def revisit(db: sqlite3.Connection, site: str, at: datetime) -> int:
    """As Store.revisit."""
    statement = """UPDATE frontier SET state = 'due', due = ?1, tries = 0
        WHERE site = ?2 AND state <> 'due' AND kind <> 'robots'
        AND (kind = 'seed' OR again <= ?1 OR (state = 'failed' AND again IS NULL) OR result = 'old' OR (result = 'trap' AND place = ''))"""
    with transaction(db):
        return db.execute(statement, (milliseconds(at), site)).rowcount


def revive(db: sqlite3.Connection, ids: Collection[str], at: datetime) -> None:
    """Make known targets due at `at`, within a transaction of the caller's."""
    statement = """UPDATE frontier SET state = 'due', due = ?, tries = 0
        WHERE state <> 'due' AND result <> 'taken-down' AND id IN (SELECT value FROM json_each(?))"""
    db.execute(statement, (milliseconds(at), json_list(ids)))


def json_list(values: Iterable[str]) -> str:
    """Values for `json_each`: one parameter however many they are."""
    return msgspec.json.encode(list(values)).decode()
