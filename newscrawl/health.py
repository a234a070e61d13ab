"""How a site does: what its runs were like, and alarms on what is no longer so. Written at the end of each run, read by those who ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec


class Sign(StrEnum):
    """What an alarm goes by."""

    FEW = "few articles"  # fewer than in any comparable time
    MANY = "many articles"
    MINIMUM = "daily minimum"  # of the site file
    FIELD = "field"  # title, date, authors or body are missing, or texts have another length
    TEMPLATE = "template"  # pages share no lines with what they shared before: a redesign
    BLOCKED = "blocked"  # a captcha, a challenge, refusals
    SILENT = "no answer"
    NOT_BEGUN = "could not begin"  # crawls end before they have asked for anything
    EMPTY = "nothing read"  # neither an article nor a list of them
    ERRORS = "errors"  # more addresses fail than did
    SLOW = "slow answers"
    ROBOTS = "robots"  # robots.txt has changed, and asks for more to be left


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is no longer as it was."""

    sign: Sign
    told: str  # in words, with figures
    since: datetime  # when the first run of which it is told began
    field: str = ""  # for Sign.FIELD: "title", "date", "authors", "body", "length"; "article": pages are not taken for one
    before: str = ""  # id of a capture that shows how it was
    after: str = ""  # id of one that shows how it is
    proposal: str = ""  # lines for the site file

    @property
    def key(self) -> str:
        """What tells whether it is the same alarm as one of an earlier run."""
        return f"{self.sign}/{self.field}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a site's runs have been like. Shares are from 0 to 1; None where nothing tells yet."""

    articles_a_day: float | None = None
    shares: Mapping[str, float] = field(default_factory=dict)  # of the articles read, by field
    characters: float | None = None  # of a text, the geometric mean
    failing: float | None = None  # share of requests without the answer that was asked for
    seconds: float | None = None  # a request, the site's delay included


@dataclass(frozen=True, slots=True)
class Health:
    """A site at the end of a run."""

    site: str
    at: datetime
    baseline: Baseline
    alarms: tuple[Alarm, ...] = ()


def as_json(health: Health) -> str:
    """The text that a store keeps."""
    return msgspec.json.encode(health).decode()


def from_json(text: str) -> Health | None:
    """What `as_json` wrote; None for "" and for what another version wrote, which the next run replaces."""
    try:
        return msgspec.json.decode(text, type=Health) if text else None
    except msgspec.DecodeError:
        return None
