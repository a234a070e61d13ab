"""The robots.txt rules of a site's hosts: each file is asked for once a day, whichever run asks."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from newscrawl.crawl.robots import SHUT, Rules, read_rules

KEPT = timedelta(days=1)  # no longer: RFC 9309, 2.4
SHUT_FOR = timedelta(hours=1)  # until a robots.txt that can't be read is asked for again, and the pages behind it
_MOST_HOSTS = 100
_MOST_CHARACTERS = 1_000_000  # of all files together; MongoDB takes documents of 16 MB
_LONGEST = 200_000  # characters; what is cut off might forbid something, so longer files are read anew


class _Kept(msgspec.Struct):
    """What a host answered. An empty text stands for a robots.txt that isn't there."""

    text: str
    at: datetime


class Rulebook:
    """What is known of each host, this run's knowledge before that of earlier ones."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Rules, datetime]] = {}
        self._kept: dict[str, _Kept] = {}
        self._asked: set[str] = set()

    def rules(self, host: str, at: datetime) -> Rules | None:
        """The rules of a host; None if they have to be recalled or asked for."""
        if host not in self._known:
            return None
        rules, since = self._known[host]
        if _lasts(since, at, SHUT_FOR if rules is SHUT else KEPT):
            return rules
        del self._known[host]
        return None

    def recall(self, host: str, at: datetime) -> Rules | None:
        """The rules that an earlier run has read, which count from now on; None if there are none of this day."""
        kept = self._kept.pop(host, None)
        if kept is None or not _lasts(kept.at, at, KEPT):
            return None
        self._known[host] = read_rules(kept.text), kept.at
        return self._known[host][0]

    def ask(self, host: str) -> None:
        """The host's robots.txt is being asked for."""
        self._asked.add(host)

    def is_asked(self, host: str) -> bool:
        """Whether the host's robots.txt is being asked for, so that its pages wait."""
        return host in self._asked

    @property
    def none_asked(self) -> bool:
        """Whether nothing waits for a robots.txt."""
        return not self._asked

    def learn(self, host: str, rules: Rules, at: datetime) -> None:
        """The host's robots.txt was read, or can't be."""
        self._asked.discard(host)
        self._known[host] = rules, at

    def as_json(self) -> str:
        """What later runs need not ask for: the latest files, each whole. Those that could not be read are not among them."""
        kept = self._kept | {host: _Kept(rules.text, at) for host, (rules, at) in self._known.items() if rules is not SHUT}
        latest = sorted((host for host, one in kept.items() if len(one.text) <= _LONGEST), key=lambda host: kept[host].at, reverse=True)
        chosen, room = {}, _MOST_CHARACTERS
        for host in latest[:_MOST_HOSTS]:
            room -= len(kept[host].text)
            if room >= 0:
                chosen[host] = kept[host]
        return msgspec.json.encode(chosen).decode()

    def remember(self, text: str) -> None:
        """Take over what an earlier run wrote with `as_json`. Raises ValueError for what is none of ours."""
        try:
            self._kept = msgspec.json.decode(text or "{}", type=dict[str, _Kept])
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from None
        self._kept = {host: kept for host, kept in self._kept.items() if kept.at.tzinfo is not None}


def _lasts(since: datetime, at: datetime, long: timedelta) -> bool:
    """Whether something is younger than `long`; what comes from the future was written by another clock, and is not."""
    return timedelta(0) <= at - since < long
