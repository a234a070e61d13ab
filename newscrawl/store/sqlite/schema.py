"""The tables of the SQLite store and how a file comes to have them.

Migrations are only ever added: what stands here has been run on somebody's archive.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from newscrawl.errors import SchemaError
from newscrawl.models import now
from newscrawl.store.sqlite.backup import copy_beside
from newscrawl.store.sqlite.rows import milliseconds
from newscrawl.store.sqlite.transaction import transaction
from newscrawl.store.terms import title_of, tokens


@dataclass(frozen=True, slots=True)
class Migration:
    """A named step that is done in one transaction, once."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS = (
    Migration(
        "0001-first-tables",
        (
            # What searches and look-ups read comes first: a text of several pages stands between a row's beginning and its end.
            """CREATE TABLE articles (
                n INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                site TEXT NOT NULL,
                at INTEGER NOT NULL,  -- published or, lacking that, first seen
                first_seen INTEGER NOT NULL,
                last_seen INTEGER NOT NULL,
                gone INTEGER,
                url TEXT NOT NULL,
                content_hash TEXT NOT NULL,
                title TEXT NOT NULL,
                capture TEXT NOT NULL,
                reader TEXT NOT NULL,
                revision INTEGER NOT NULL,
                cluster TEXT NOT NULL,
                language TEXT NOT NULL,
                section TEXT NOT NULL,
                source TEXT NOT NULL,
                editor TEXT NOT NULL,
                published TEXT NOT NULL,
                modified TEXT NOT NULL,
                aliases TEXT NOT NULL,
                authors TEXT NOT NULL,
                tags TEXT NOT NULL,
                images TEXT NOT NULL,
                repairs TEXT NOT NULL,
                evidence TEXT NOT NULL,
                summary TEXT NOT NULL,
                text TEXT NOT NULL,
                text_published TEXT NOT NULL,
                text_search TEXT NOT NULL,
                parts TEXT NOT NULL
            ) STRICT""",
            "CREATE INDEX articles_at ON articles(at DESC, id)",
            "CREATE INDEX articles_site_at ON articles(site, at DESC, id)",
            "CREATE INDEX articles_first_seen ON articles(first_seen, id)",
            "CREATE INDEX articles_content ON articles(site, content_hash, first_seen, id)",
            "CREATE INDEX articles_url ON articles(url)",
            "CREATE TABLE aliases (url TEXT, article TEXT, PRIMARY KEY (url, article)) STRICT, WITHOUT ROWID",
            "CREATE INDEX aliases_article ON aliases(article)",
            # The tokenizer only splits at spaces: `terms.tokens` has made everything else of the text. No second copy of the text is kept.
            "CREATE VIRTUAL TABLE search USING fts5(tokens, content='', columnsize=0, tokenize='ascii')",
            """CREATE TABLE revisions (
                article TEXT NOT NULL,
                number INTEGER NOT NULL,
                seen INTEGER NOT NULL,
                changed TEXT NOT NULL,
                title TEXT NOT NULL,
                text TEXT NOT NULL,
                capture TEXT NOT NULL,
                PRIMARY KEY (article, number)
            ) STRICT""",
            """CREATE TABLE captures (
                id TEXT PRIMARY KEY NOT NULL,
                site TEXT NOT NULL,
                target TEXT NOT NULL,
                url TEXT NOT NULL,
                time INTEGER NOT NULL,
                status INTEGER NOT NULL,
                content_type TEXT NOT NULL,
                digest TEXT NOT NULL,
                size INTEGER NOT NULL,
                file TEXT NOT NULL,
                offset INTEGER NOT NULL,
                length INTEGER NOT NULL
            ) STRICT""",
            "CREATE INDEX captures_time ON captures(time, id)",
            "CREATE INDEX captures_site_time ON captures(site, time, id)",
            """CREATE TABLE frontier (
                id TEXT PRIMARY KEY NOT NULL,
                site TEXT NOT NULL,
                url TEXT NOT NULL,
                kind TEXT NOT NULL,
                due INTEGER NOT NULL,
                state TEXT NOT NULL,
                priority INTEGER NOT NULL,
                depth INTEGER NOT NULL,
                hops INTEGER NOT NULL,
                tries INTEGER NOT NULL,
                found_on TEXT NOT NULL,
                link_text TEXT NOT NULL,
                listed TEXT NOT NULL,
                place TEXT NOT NULL,
                parent TEXT NOT NULL,
                number INTEGER NOT NULL,
                result TEXT NOT NULL,
                detail TEXT NOT NULL,
                visited INTEGER,
                visits INTEGER NOT NULL,
                etag TEXT NOT NULL,
                last_modified TEXT NOT NULL,
                seen_change INTEGER
            ) STRICT""",
            # `state` is in the key so that counting what waits reads nothing but the index.
            "CREATE INDEX frontier_due ON frontier(site, state, priority, due, id) WHERE state = 'due'",
            "CREATE INDEX frontier_kind ON frontier(site, kind)",
            """CREATE TABLE sites (
                site TEXT PRIMARY KEY NOT NULL,
                learned TEXT NOT NULL,
                lease_holder TEXT NOT NULL,  -- '' if nobody
                lease_until INTEGER NOT NULL
            ) STRICT""",
            """CREATE TABLE runs (
                id TEXT PRIMARY KEY NOT NULL,
                site TEXT NOT NULL,
                started INTEGER NOT NULL,
                ended INTEGER,
                outcome TEXT NOT NULL,
                counters TEXT NOT NULL,
                version TEXT NOT NULL
            ) STRICT""",
            "CREATE INDEX runs_started ON runs(started, id)",
        ),
    ),
    Migration(
        "0002-looking-again",
        (
            "ALTER TABLE frontier ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE frontier ADD COLUMN again INTEGER",
            "UPDATE frontier SET again = coalesce(visited, due) WHERE kind = 'listing'",
            "CREATE INDEX frontier_again ON frontier(site, again) WHERE again IS NOT NULL",
        ),
    ),
    Migration(
        "0003-reprints",
        (
            # Keys of former texts stay: they only make a comparison that finds nothing.
            "CREATE TABLE near_keys (key INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (key, n)) STRICT, WITHOUT ROWID",
            "CREATE TABLE uncompared (n INTEGER PRIMARY KEY) STRICT",
            "INSERT INTO uncompared SELECT n FROM articles",
            """CREATE TABLE links (
                a TEXT NOT NULL,
                b TEXT NOT NULL,
                of_a REAL NOT NULL,
                of_b REAL NOT NULL,
                kind TEXT NOT NULL,
                PRIMARY KEY (a, b)
            ) STRICT, WITHOUT ROWID""",
            "CREATE INDEX links_b ON links(b)",
            """CREATE TABLE clusters (
                id TEXT PRIMARY KEY NOT NULL,
                since INTEGER NOT NULL,
                changed INTEGER NOT NULL,
                original TEXT NOT NULL,
                copies TEXT NOT NULL,
                merged_into TEXT NOT NULL
            ) STRICT""",
        ),
    ),
    Migration(
        "0004-revisions",
        (
            "ALTER TABLE revisions ADD COLUMN authors TEXT NOT NULL DEFAULT '[]'",
            "ALTER TABLE revisions ADD COLUMN published TEXT NOT NULL DEFAULT 'null'",
            "ALTER TABLE revisions ADD COLUMN modified TEXT NOT NULL DEFAULT 'null'",
            "ALTER TABLE revisions ADD COLUMN replaced INTEGER",
            "ALTER TABLE revisions ADD COLUMN silent TEXT NOT NULL DEFAULT 'false'",
            # Until then `seen` told when a state was seen last, as did nothing else: it is the best that is known of both.
            "UPDATE revisions SET replaced = seen",
            "ALTER TABLE articles ADD COLUMN changed INTEGER",
            "ALTER TABLE articles ADD COLUMN absences TEXT NOT NULL DEFAULT '[]'",
            "ALTER TABLE articles ADD COLUMN joined TEXT NOT NULL DEFAULT '[]'",
        ),
    ),
    Migration(
        "0005-payloads",
        (
            "ALTER TABLE revisions ADD COLUMN reader TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE captures ADD COLUMN refers_to TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX captures_digest ON captures(digest, time, id) WHERE refers_to = ''",
        ),
    ),
    Migration(
        "0006-titles",
        (
            "CREATE VIRTUAL TABLE titles USING fts5(tokens, content='', columnsize=0, tokenize='ascii')",
            "INSERT INTO titles(rowid, tokens) SELECT n, title_tokens(text_search) FROM articles",
        ),
    ),
    Migration(
        "0007-health",
        (
            "ALTER TABLE sites ADD COLUMN health TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX runs_site ON runs(site, started DESC, id)",
        ),
    ),
    Migration(
        "0008-edits-and-losses",
        (
            "CREATE INDEX revisions_replaced ON revisions(replaced DESC, article, number) WHERE replaced IS NOT NULL AND reader = ''",
            "CREATE INDEX articles_gone ON articles(gone DESC, id) WHERE gone IS NOT NULL",
        ),
    ),
)


def migrate(db: sqlite3.Connection, uri: str) -> list[str]:
    """Take the steps that the file lacks; their names. A file that lacks none is not written to, one that has data is copied first."""
    if not _missing(db, uri):
        return []
    db.create_function("title_tokens", 1, lambda text: tokens(title_of(text)), deterministic=True)
    with transaction(db):
        missing = _missing(db, uri)  # another process may have been faster
        if missing and len(missing) < len(MIGRATIONS):
            copy_beside(db, missing[0].name)
        db.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY NOT NULL, applied INTEGER NOT NULL) STRICT")
        for migration in missing:
            for statement in migration.statements:
                db.execute(statement)
            db.execute("INSERT INTO migrations VALUES (?, ?)", (migration.name, milliseconds(now())))
    return [migration.name for migration in missing]


def _missing(db: sqlite3.Connection, uri: str) -> list[Migration]:
    """The migrations still to be run. Raises SchemaError for a file that is not ours or newer than this program."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if tables and "migrations" not in tables:
        raise SchemaError(f"{uri} holds tables of another program: name another file with --store")
    applied = {name for (name,) in db.execute("SELECT name FROM migrations")} if tables else set()
    unknown = applied - {migration.name for migration in MIGRATIONS}
    if unknown:
        raise SchemaError(f"{uri} was written by a newer newscrawl (it has {max(unknown)}): upgrade newscrawl, or name another --store")
    return [migration for migration in MIGRATIONS if migration.name not in applied]
