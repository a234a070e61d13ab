"""MongoDB's addresses: which database, and what of them may be shown."""

from __future__ import annotations

from newscrawl.errors import InputError


def shown(uri: str) -> str:
    """`uri` without user, password and options; an address that can't be read shows nothing but its scheme."""
    scheme, _, rest = uri.partition("://")
    place = rest.rpartition("@")[2].partition("?")[0]  # whatever stands before an @ may be a password, however odd
    return f"{scheme}://{place}"


def database(uri: str) -> str:
    """The name of the database. Raises InputError if there is none or it can't be one."""
    host, _, name = shown(uri).partition("://")[2].partition("/")
    if not host or not name or len(name.encode(errors="replace")) > 63 or set(name) & set('/\\. "$\0'):
        raise InputError(f"{shown(uri)} names no database: write mongodb://HOST/DATABASE (escape @ : / ? % in passwords as %40 and so on)")
    return name
