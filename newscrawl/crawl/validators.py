"""Whether a site's ETags and Last-Modified dates can be believed. Some never change, and a conditional request would hide all news."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from newscrawl.models import Result, Target

_AMENDS = 20  # changes with which a validator must have changed for each lie before it is believed again
_CHECK = 8  # every so many visits are unconditional, in case a site that could be believed no longer can


@dataclass(slots=True)
class Record:
    """What a site's validators of one name and kind of page have been like, in numbers of visits."""

    followed: int = 0  # since the last lie: the content changed, and so did the validator
    held: int = 0  # likewise: neither changed, and a conditional request would have saved the page
    lied: int = 0  # the content changed, the validator did not


@dataclass(slots=True)
class Validators:
    """The records of one site, by header and kind of target."""

    records: dict[str, Record] = field(default_factory=dict)

    def observe(self, before: Target, after: Target) -> None:
        """Compare a full answer with the one before it."""
        if not before.digest or after.visits == before.visits:
            return
        for name, old, new in (("etag", before.etag, after.etag), ("last-modified", before.last_modified, after.last_modified)):
            if not (old and new):
                continue
            record = self.records.setdefault(f"{name} {after.kind}", Record())
            if before.digest == after.digest:
                record.held += old == new
            elif old != new:
                record.followed += 1
            else:
                record.followed, record.held, record.lied = 0, 0, record.lied + 1

    def conditions(self, target: Target) -> dict[str, str]:
        """The headers that make the request for `target` conditional; none where that has not proved right, and worth it."""
        if target.visits % _CHECK == 0 or target.result is Result.OLD:  # what was too old was not kept
            return {}
        known = (("etag", "If-None-Match", target.etag), ("last-modified", "If-Modified-Since", target.last_modified))
        return {header: value for name, header, value in known if value and self._proved(f"{name} {target.kind}")}

    def _proved(self, name: str) -> bool:
        record = self.records.get(name, Record())
        return record.followed > _AMENDS * record.lied and record.held > 0

    def as_json(self) -> str:
        """What was learned, for the next run."""
        return msgspec.json.encode(self.records).decode()

    @classmethod
    def from_json(cls, text: str) -> Validators:
        """What an earlier run learned. Raises ValueError for what is none of ours."""
        return cls(msgspec.json.decode(text or "{}", type=dict[str, Record]))
