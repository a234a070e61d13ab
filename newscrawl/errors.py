"""Every error that newscrawl raises on purpose, with the exit code of its cause.

NewscrawlError          1  something newscrawl noticed and can name
├── InputError          2  the caller asked for something that can't be: an address, an option, a query
│   └── QueryError      2  a search that can't be read: points at the place
├── ConfigError         3  a settings or site file is wrong: names file, key and what is allowed
├── StoreError          4  the store does not answer, or refuses
│   └── SchemaError     4  the store was written by a newer newscrawl, or never prepared
├── ArchiveError        5  a WARC folder or file can't be written or read
├── LeaseError          6  another process is crawling this site
├── PartialError        7  the run ended before the work was whole
└── QueueError          8  the queue of jobs does not answer
"""

from __future__ import annotations

import unicodedata

_AROUND = 60  # characters of a query that are shown before and behind what is wrong in it


class NewscrawlError(Exception):
    """Root of the tree; its message says what is wrong and what to do next."""

    exit_code = 1


class InputError(NewscrawlError):
    """What the caller asked for can't be done as asked."""

    exit_code = 2


class QueryError(InputError):
    """A search that can't be read. `text` is the search, `start` and `end` the half-open range of it that is wrong."""

    def __init__(self, reason: str, text: str, start: int, end: int) -> None:
        self.reason, self.text, self.start, self.end = reason, text, start, max(end, start + 1)
        before, there, behind = text[max(start - _AROUND, 0) : start], text[start : min(end, start + _AROUND)], text[end : end + _AROUND]
        super().__init__(f"{reason}\n  {before}{there}{behind}\n  {_under(before, ' ')}{_under(there or ' ', '^')}")


class ConfigError(NewscrawlError):
    """A settings file is wrong; the message names file and key."""

    exit_code = 3


class StoreError(NewscrawlError):
    """The store does not answer, or refuses what was asked."""

    exit_code = 4


class SchemaError(StoreError):
    """The store's schema is not the one this program writes."""


class ArchiveError(NewscrawlError):
    """A WARC folder or file can't be written or read."""

    exit_code = 5


class LeaseError(NewscrawlError):
    """The site is being crawled by somebody else."""

    exit_code = 6


class PartialError(NewscrawlError):
    """The run ended before the work was whole."""

    exit_code = 7


class QueueError(NewscrawlError):
    """The queue of jobs does not answer."""

    exit_code = 8


def _under(text: str, sign: str) -> str:
    """As many signs as the text is wide on a terminal, where a Chinese character takes two columns."""
    return sign * sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)
