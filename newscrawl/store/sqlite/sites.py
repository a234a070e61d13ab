"""What SQLite keeps of a site as a whole: its lease, and what the crawler learned."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from newscrawl.store.protocol import Lease
from newscrawl.store.sqlite.rows import milliseconds, moment
from newscrawl.store.sqlite.transaction import transaction
from newscrawl.store.storable import storable

_TAKE = """INSERT INTO sites (site, learned, lease_holder, lease_until) VALUES (:site, '', :holder, :until)
    ON CONFLICT (site) DO UPDATE SET lease_holder = :holder, lease_until = :until
    WHERE lease_holder IN ('', :holder) OR lease_until <= :at"""


def take_lease(db: sqlite3.Connection, site: str, holder: str, *, at: datetime, until: datetime) -> Lease:
    """Take or prolong the lease unless somebody else's is in force; whichever is afterwards."""
    with transaction(db):
        db.execute(_TAKE, {"site": site, "holder": holder, "at": milliseconds(at), "until": milliseconds(until)})
        found = lease(db, site)
    assert found is not None
    return found


def free_lease(db: sqlite3.Connection, site: str, holder: str) -> None:
    """Give up the lease if it is this holder's."""
    with transaction(db):
        db.execute("UPDATE sites SET lease_holder = '', lease_until = 0 WHERE site = ? AND lease_holder = ?", (site, holder))


def lease(db: sqlite3.Connection, site: str) -> Lease | None:
    """The lease last taken."""
    row = db.execute("SELECT lease_holder, lease_until FROM sites WHERE site = ? AND lease_holder <> ''", (site,)).fetchone()
    return Lease(site, row[0], moment(row[1])) if row else None


def learned(db: sqlite3.Connection, site: str) -> str:
    """What was learned; "" if nothing."""
    row = db.execute("SELECT learned FROM sites WHERE site = ?", (site,)).fetchone()
    return str(row[0]) if row else ""


def save_learned(db: sqlite3.Connection, site: str, text: str) -> None:
    """Replace what was learned."""
    statement = """INSERT INTO sites (site, learned, lease_holder, lease_until) VALUES (?, ?, '', 0)
        ON CONFLICT (site) DO UPDATE SET learned = excluded.learned"""
    with transaction(db):
        db.execute(statement, (site, storable(text)))


def health(db: sqlite3.Connection, site: str) -> str:
    """How the site does; "" if nobody has looked."""
    row = db.execute("SELECT health FROM sites WHERE site = ?", (site,)).fetchone()
    return str(row[0]) if row else ""


def save_health(db: sqlite3.Connection, site: str, text: str) -> None:
    """Replace how the site does."""
    statement = """INSERT INTO sites (site, learned, lease_holder, lease_until, health) VALUES (?, '', '', 0, ?)
        ON CONFLICT (site) DO UPDATE SET health = excluded.health"""
    with transaction(db):
        db.execute(statement, (site, storable(text)))
