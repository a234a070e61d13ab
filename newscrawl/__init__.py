"""newscrawl: a crawler and archiver for local news.

seeds -> frontier -> fetch -> capture -> read -> links -> frontier
                                          |
                                          article -> clean -> identify -> store -> query

Package by package: `crawl` (frontier, fetch), `archive` (capture), `discover` (links), `extract` (article),
`clean`, `identify`, `store`, `query`. `cli` is the door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.query.archive import Archive

__all__ = ["__version__", "open_archive"]
__version__ = "0.1.0"


def open_archive(uri: str) -> Archive:
    """The archive in a store (sqlite:///FILE or mongodb://HOST/DATABASE) to ask from Python. Raises StoreError if there is none."""
    from newscrawl.query.archive import Archive

    return Archive(uri)
