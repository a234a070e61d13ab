"""Search in SQLite: which articles, in which order, how many of which kind and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Any

from newscrawl.models import Article
from newscrawl.store.conditions import All, Among, Condition, Field, Holds, Not, Some, Within
from newscrawl.store.protocol import Order, Search, Slot
from newscrawl.store.sqlite.frontier import json_list
from newscrawl.store.sqlite.rows import ARTICLES, milliseconds, moment
from newscrawl.store.terms import phrases, tokens

PAGE = 200  # articles read at a time by the iterator
Sql = tuple[str, list[Any]]  # an expression and its parameters

_EARLIEST = -(2**63)
_QUARTER = 15 * 60_000  # milliseconds
_FOUND = "n IN (SELECT rowid FROM search WHERE search MATCH ?)"
_TITLED = "n IN (SELECT rowid FROM titles WHERE titles MATCH ?)"


def search(db: sqlite3.Connection, query: Search) -> list[Article]:
    """As Store.search."""
    where, parameters = filter_of(query)
    wanted = phrases(query.phrases) if query.order is Order.RELEVANCE else []
    score = "".join(f" + ({_TITLED})" for _ in wanted)
    statement = f"SELECT n FROM articles WHERE {where} ORDER BY 0.0{score} DESC, at DESC, id LIMIT ? OFFSET ?"  # noqa: S608  # clauses of this file
    titles = [_quoted((phrase,)) for phrase in wanted]
    numbers = [n for (n,) in db.execute(statement, (*parameters, *titles, query.limit, query.offset))]
    rows = db.execute(ARTICLES.select("JOIN json_each(?) AS chosen ON articles.n = chosen.value ORDER BY chosen.key"), (str(numbers),))
    return ARTICLES.records(rows)


def articles_after(db: sqlite3.Connection, query: Search, last: Article | None) -> list[Article]:
    """The next page of what is found, oldest first seen first."""
    where, parameters = filter_of(query)
    place = (milliseconds(last.first_seen), last.id) if last else (_EARLIEST, "")
    # Articles are chosen by number first: sorting whole rows would carry all their texts along.
    chosen = f"SELECT n FROM articles WHERE {where} AND (first_seen, id) > (?, ?) ORDER BY first_seen, id LIMIT ?"  # noqa: S608  # clauses of this file
    statement = ARTICLES.select(f"WHERE n IN ({chosen}) ORDER BY first_seen, id")
    return ARTICLES.records(db.execute(statement, (*parameters, *place, PAGE)))


def count(db: sqlite3.Connection, query: Search) -> int:
    """As Store.count."""
    where, parameters = filter_of(query)
    return int(db.execute(f"SELECT count(*) FROM articles WHERE {where}", parameters).fetchone()[0])  # noqa: S608  # clauses of this file


def facet(db: sqlite3.Connection, query: Search, field: Field, limit: int) -> list[tuple[str, int]]:
    """As Store.facet."""
    where, parameters = filter_of(query)
    value, source = ("names.value", "articles, json_each(authors) AS names") if field is Field.AUTHOR else (field.value, "articles")
    statement = f"""SELECT {value}, count(DISTINCT n) FROM {source} WHERE {where} AND {value} <> ''
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"""  # noqa: S608  # clauses of this file
    return db.execute(statement, (*parameters, limit or -1)).fetchall()


def slots(db: sqlite3.Connection, query: Search) -> list[Slot]:
    """As Store.slots."""
    where, parameters = filter_of(query)
    # Division cuts towards 0, also before 1970.
    statement = f"""SELECT (at - (at % ?1 + ?1) % ?1) AS start,
        CASE WHEN json_extract(published, '$.precision') = 'day' THEN json_extract(published, '$.zone') END AS zone, count(*)
        FROM articles WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608  # clauses of this file
    return [Slot(moment(start), zone, many) for start, zone, many in db.execute(statement, (_QUARTER, *parameters))]


def filter_of(query: Search) -> Sql:
    """What an article must fulfil. Nothing a user wrote stands in the SQL, or where FTS looks for an operator."""
    conditions: list[Condition] = [*query.conditions]
    if query.site:
        conditions.append(Among(Field.SITE, (query.site,)))
    if query.since or query.until:
        conditions.append(Within(query.since, query.until))
    parts = [_words(query.words)] if query.words else []
    return _joined(" AND ", [*parts, *map(_sql, conditions)], none="TRUE")


def _words(words: Sequence[str]) -> Sql:
    return _FOUND, [_quoted(words)]


def _quoted(words: Sequence[str]) -> str:
    """What FTS looks for. Quoted, a phrase can't hold an operator; and a word without tokens, such as "!", finds nothing by itself."""
    return " AND ".join(f'"{tokens(phrase)}"' for phrase in phrases(words)) or '""'


def _sql(condition: Condition) -> Sql:
    match condition:
        case Holds(phrase, title):
            return (_TITLED if title else _FOUND), [_quoted((phrase,))]
        case Among(Field.AUTHOR, values):
            one = "SELECT 1 FROM json_each(authors) AS names WHERE names.value IN (SELECT value FROM json_each(?))"
            return f"EXISTS ({one})", [_json(values)]
        case Among(field, values):
            return f"{field.value} IN (SELECT value FROM json_each(?))", [_json(values)]  # noqa: S608  # a Field names a column
        case Within(since, until):
            bounds: list[Sql] = [("at >= ?", [milliseconds(since)])] if since else []
            return _joined(" AND ", [*bounds, *([("at < ?", [milliseconds(until)])] if until else [])], none="TRUE")
        case Not(inner):
            negated, parameters = _sql(inner)
            return f"NOT ({negated})", parameters
        case All(several):
            return _joined(" AND ", [_sql(one) for one in several], none="TRUE")
        case Some(several):
            return _joined(" OR ", [_sql(one) for one in several], none="FALSE")
    raise TypeError(f"{condition} has to be looked up first: query.names")


def _joined(by: str, parts: Sequence[Sql], *, none: str) -> Sql:
    expression = by.join(part for part, _ in parts)
    return f"({expression or none})", list(chain.from_iterable(parameters for _, parameters in parts))


def _json(values: Sequence[str]) -> str:
    """`json_each` cuts a value off at a NUL, and would find what the rest of it names; no field that was cleaned holds one."""
    return json_list(value for value in values if "\0" not in value)
