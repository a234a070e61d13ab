"""What SQLite tells of many articles at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from newscrawl.models import Result, Run
from newscrawl.store.overview import HEADLINES, SETTLED, Edit, EditPlace, LossPlace, Outline, Unread
from newscrawl.store.protocol import Search
from newscrawl.store.sqlite.frontier import json_list
from newscrawl.store.sqlite.rows import RUNS, Table, milliseconds, moment
from newscrawl.store.sqlite.searching import Searching

_OUTLINES = Table("articles", Outline)


def outlines(db: sqlite3.Connection, ids: Collection[str]) -> dict[str, Outline]:
    """As Overview.outlines."""
    rows = db.execute(_OUTLINES.select("WHERE id IN (SELECT value FROM json_each(?))"), (json_list(ids),))
    return {found.id: found for found in _OUTLINES.records(rows)}


def sample(db: sqlite3.Connection, searching: Searching, query: Search, size: int) -> list[str]:
    """As Overview.sample."""
    condition, parameters = _found(db, searching, query)
    # Chosen by number first: sorting would carry the texts along.
    chosen = f"SELECT n FROM articles WHERE {condition} ORDER BY id LIMIT ?"  # noqa: S608  # clauses of this file
    rows = db.execute(f"SELECT text_search FROM articles WHERE n IN ({chosen}) ORDER BY id", (*parameters, size))  # noqa: S608
    return [text for (text,) in rows]


def edits(db: sqlite3.Connection, searching: Searching, query: Search, after: EditPlace | None) -> list[Edit]:
    """As Overview.edits."""
    condition, parameters = _found(db, searching, query)
    of_found = f"AND article IN (SELECT id FROM articles WHERE {condition})" if parameters else ""  # noqa: S608  # clauses of this file
    if after:
        time = milliseconds(after[0])
        of_found += " AND replaced <= ? AND (replaced < ? OR (article, number) > (?, ?))"
        parameters += [time, time, after[1], after[2]]
    statement = f"""SELECT article, number, replaced, changed, silent, title FROM revisions
        WHERE replaced IS NOT NULL AND reader = '' {of_found} ORDER BY replaced DESC, article, number LIMIT ? OFFSET ?"""  # noqa: S608
    rows = db.execute(statement, (*parameters, query.limit, query.offset)).fetchall()
    articles = outlines(db, {row[0] for row in rows})
    return [
        Edit(articles[id_], number, moment(replaced), tuple(msgspec.json.decode(changed)), silent == "true", title)
        for id_, number, replaced, changed, silent, title in rows
        if id_ in articles
    ]


def gone(db: sqlite3.Connection, searching: Searching, query: Search, after: LossPlace | None) -> list[Outline]:
    """As Overview.gone."""
    condition, parameters = _found(db, searching, query)
    if after:
        time = milliseconds(after[0])
        condition += " AND gone <= ? AND (gone < ? OR id > ?)"
        parameters += [time, time, after[1]]
    lost = f"WHERE gone IS NOT NULL AND {condition} ORDER BY gone DESC, id LIMIT ? OFFSET ?"
    return _OUTLINES.records(db.execute(_OUTLINES.select(lost), (*parameters, query.limit, query.offset)))


def unread(db: sqlite3.Connection, site: str, limit: int) -> list[Unread]:
    """As Overview.unread."""
    statement = """SELECT listed, min(due), visited IS NOT NULL, result, count(*) FROM frontier
        WHERE site = ?1 AND kind IN (SELECT value FROM json_each(?2)) AND place = ''
        AND result NOT IN (SELECT value FROM json_each(?3)) GROUP BY listed, result, visited IS NOT NULL
        ORDER BY listed, result, visited IS NOT NULL LIMIT ?4"""
    rows = db.execute(statement, (site, _names(HEADLINES), _names(SETTLED), limit))
    return [Unread(listed, moment(due), bool(captured), Result(result), count) for listed, due, captured, result, count in rows]


def latest_runs(db: sqlite3.Connection) -> dict[str, Run]:
    """As Overview.latest_runs."""
    latest = "SELECT id FROM runs WHERE site = every.site ORDER BY started DESC, id LIMIT 1"
    found = db.execute(RUNS.select(f"WHERE id IN (SELECT ({latest}) FROM (SELECT DISTINCT site FROM runs) AS every)"))  # noqa: S608
    return {run.site: run for run in RUNS.records(found)}


def _found(db: sqlite3.Connection, searching: Searching, query: Search) -> tuple[str, list[Any]]:
    """What is so of the articles found alone."""
    if not query.asks:
        return "TRUE", []
    return "id IN (SELECT value FROM json_each(?))", [json_list(searching.oldest_first(db, query))]


def _names(values: Iterable[str]) -> str:
    return json_list([str(value) for value in values])
