"""What SQLite answers to those who ask."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from newscrawl.errors import InputError
from newscrawl.models import Article, Capture, Kind, Result, Revision, Run, State, Target
from newscrawl.store.protocol import LEADING, Counts, Tally, leads
from newscrawl.store.sqlite.frontier import json_list
from newscrawl.store.sqlite.rows import ARTICLES, CAPTURES, FRONTIER, REVISIONS, RUNS, milliseconds

PAGE = 200  # records read at a time by the iterators

_EARLIEST = -(2**63)


def article(db: sqlite3.Connection, key: str) -> Article | None:
    """The article with this id, address, alias or beginning of an id."""
    by_address = "WHERE url = ?1 OR id IN (SELECT article FROM aliases WHERE url = ?1) ORDER BY url <> ?1, first_seen, id LIMIT 1"
    exact = db.execute(ARTICLES.select("WHERE id = ?"), (key,)).fetchone() or db.execute(ARTICLES.select(by_address), (key,)).fetchone()
    if exact:
        return ARTICLES.record(exact)
    begun = db.execute(ARTICLES.select("WHERE id BETWEEN ?1 AND ?1 || char(0x10ffff) AND length(?1) >= 8 LIMIT 2"), (key,)).fetchall()
    if len(begun) > 1:
        raise InputError(f"more than one article's id begins with {key}: write more of it")
    return ARTICLES.record(begun[0]) if begun else None


def revisions(db: sqlite3.Connection, article_id: str) -> list[Revision]:
    """Former states, oldest first."""
    return REVISIONS.records(db.execute(REVISIONS.select("WHERE article = ? ORDER BY number"), (article_id,)))


def capture(db: sqlite3.Connection, capture_id: str) -> Capture | None:
    """One capture."""
    row = db.execute(CAPTURES.select("WHERE id = ?"), (capture_id,)).fetchone()
    return CAPTURES.record(row) if row else None


def captures_by_id(db: sqlite3.Connection, ids: Collection[str]) -> dict[str, Capture]:
    """Some captures."""
    found = CAPTURES.records(db.execute(CAPTURES.select("WHERE id IN (SELECT value FROM json_each(?))"), (json_list(ids),)))
    return {capture.id: capture for capture in found}


def captures_after(db: sqlite3.Connection, site: str, last: Capture | None) -> list[Capture]:
    """The next page of captures by time."""
    place = (milliseconds(last.time), last.id) if last else (_EARLIEST, "")
    of_site, parameters = ("site = ? AND", (site, *place, PAGE)) if site else ("", (*place, PAGE))
    return CAPTURES.records(db.execute(CAPTURES.select(f"WHERE {of_site} (time, id) > (?, ?) ORDER BY time, id LIMIT ?"), parameters))


def runs(db: sqlite3.Connection, site: str, limit: int) -> list[Run]:
    """Runs, latest first."""
    of_site = "WHERE site = :site" if site else ""
    return RUNS.records(db.execute(RUNS.select(f"{of_site} ORDER BY started DESC, id LIMIT :limit"), {"site": site, "limit": limit}))


def counts(db: sqlite3.Connection, site: str) -> Counts:
    """Sizes, of one site or of all."""
    of_site = "WHERE site = :site" if site else ""
    statement = f"""SELECT
        (SELECT count(*) FROM articles {of_site}),
        (SELECT count(*) FROM revisions JOIN articles ON articles.id = revisions.article {of_site}),
        (SELECT count(*) FROM captures {of_site}),
        (SELECT count(*) FROM frontier {of_site}),
        (SELECT count(DISTINCT site) FROM frontier {of_site})"""  # noqa: S608  # one of two constants
    return Counts(*db.execute(statement, {"site": site}).fetchone())


def seeds(db: sqlite3.Connection, site: str) -> list[Target]:
    """Where crawls of a site begin."""
    return FRONTIER.records(db.execute(FRONTIER.select("WHERE site = ? AND kind = 'seed' ORDER BY id"), (site,)))


def tally(db: sqlite3.Connection, site: str) -> list[Tally]:
    """How many addresses stand how, of one site or of all."""
    of_site = "WHERE site = :site" if site else ""
    alike = "kind, state, result"
    statement = f"SELECT {alike}, count(*) FROM frontier {of_site} GROUP BY {alike} ORDER BY {alike}"  # noqa: S608  # constants
    rows = db.execute(statement, {"site": site})
    return [Tally(Kind(kind), State(state), Result(result), count) for kind, state, result, count in rows]


def regulars(db: sqlite3.Connection, site: str, kind: Kind, limit: int) -> list[Target]:
    """Addresses of a kind that are looked at again."""
    chosen = "WHERE site = ? AND kind = ? AND number = 0 AND again IS NOT NULL ORDER BY again, id LIMIT ?"
    return FRONTIER.records(db.execute(FRONTIER.select(chosen), (site, kind.value, limit)))


def examples(db: sqlite3.Connection, site: str, result: Result, limit: int) -> list[Target]:
    """Some addresses with a result."""
    return FRONTIER.records(db.execute(FRONTIER.select("WHERE site = ? AND result = ? ORDER BY id LIMIT ?"), (site, result.value, limit)))


def leading_to(db: sqlite3.Connection, site: str, url: str) -> list[Target]:
    """The site's addresses that led to this one."""
    one_of = "IN (SELECT value FROM json_each(?))"
    led = f"WHERE site = ? AND result {one_of} AND detail {one_of} ORDER BY url"
    return FRONTIER.records(db.execute(FRONTIER.select(led), (site, json_list(LEADING), json_list(leads(url)))))
