"""Addresses that are another one once more, for small screens, printers or AMP: told by rules that a site's own pages have proved.

A rule is the one piece in which an address differs from its twin: another host with the same path, a pair of the query, a segment of
the path, a part of its last name. It is written in words, such as "host m.example.org www.example.org" or "query print=1". Those of
`identify.visitors`, such as "idle sid example.org/read?id=0", are kept here as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from newscrawl.clean.urls import further_pages, url_key
from newscrawl.identify.visitors import parameters, without

ENOUGH = 3  # articles whose two addresses differ by a rule, and none that proves it wrong
CHECKS = (
    1,
    4,
    16,
    64,
    256,
)  # which of the addresses that a rule explains are asked for all the same: the first of all, then ever more rarely
_SELDOM = 1024  # addresses; checks become no rarer than that
HELD = 3  # addresses asked for all the same that bore a rule out, after which what it explains need not be kept in mind
BY_HAND = "by hand"  # who has said that a rule is wrong, if no page has
MANY = 3  # articles that lists show with a parameter alone, and most of them, from which on they are other lists; fewer are news
_MOST = 200  # rules of a site; where addresses have nothing in common each makes one of its own


def difference(url: str, known: str) -> str:
    """The rule that makes of a canonical address the one it is a twin of; "" if more than one piece differs, or the piece is a number."""
    path, _, query = url_key(url).partition("?")
    known_path, _, known_query = url_key(known).partition("?")
    (host, *segments), (known_host, *known_segments) = path.split("/"), known_path.split("/")
    if host != known_host:
        return f"host {host} {known_host}" if (segments, query) == (known_segments, known_query) else ""
    if path == known_path:
        extra = list((Counter(_pairs(query)) - Counter(_pairs(known_query))).elements())
        return f"query {extra[0]}" if len(extra) == 1 and len(_pairs(query)) == len(_pairs(known_query)) + 1 else ""
    found = _segment(segments, known_segments) or _name(segments, known_segments) if query == known_query else ""
    return "" if any(map(str.isdigit, found.partition(" ")[2].partition(" ")[0])) else found


def _segment(segments: list[str], known: list[str]) -> str:
    """Which segment is too many, where it stands, and how the known address ends."""
    end = "/" if known[-1:] == [""] else "."
    inner, known_inner = _inner(segments), _inner(known)
    for at in range(len(inner)):
        if inner[at] and inner[:at] + inner[at + 1 :] == known_inner:
            return f"segment {inner[at]} {at - len(inner) if at else 0} {end}"
    return ""


def _name(segments: list[str], known: list[str]) -> str:
    """What the last name has too much, before it, behind it, or before its ending."""
    if not (segments and known) or segments[:-1] != known[:-1]:
        return ""
    (stem, ending), (known_stem, known_ending) = _split_name(segments[-1]), _split_name(known[-1])
    if known_stem and ending == known_ending and stem != known_stem:
        if stem.startswith(known_stem):
            return f"name {stem.removeprefix(known_stem)} behind"
        if stem.endswith(known_stem):
            return f"name {stem.removesuffix(known_stem)} before"
    return ""


def _split_name(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem else (name, "")


def _inner(segments: list[str]) -> list[str]:
    return segments[:-1] if segments[-1:] == [""] else segments


def applied(rule: str, url: str) -> str:
    """The address of which a canonical one would be the twin; "" if the rule says nothing of it, or it may be a further page."""
    kind, piece, *where = rule.split(" ")
    scheme, _, key = url.partition("://")
    path, mark, query = key.partition("?")
    if kind == "query":
        known = _without_pair(path, query, piece)
    else:
        known_path = _APPLIED[kind](path, piece, *where)
        known = known_path and known_path + mark + query
    return f"{scheme}://{known}" if known and not _is_further(url, known) else ""


def _elsewhere(path: str, host: str, known: str) -> str:
    return known + path.removeprefix(host) if path.partition("/")[0] == host else ""


def _without_pair(path: str, query: str, pair: str) -> str:
    pairs = _pairs(query)
    if pair not in pairs:
        return ""
    pairs.remove(pair)
    return f"{path}?{'&'.join(pairs)}" if pairs else path


def _without_segment(path: str, piece: str, at: str, end: str) -> str:
    host, *segments = path.split("/")
    inner, place = _inner(segments), int(at)
    if not -len(inner) <= place < len(inner) or inner[place] != piece:
        return ""
    del inner[place]
    return "/".join([host, *inner, *([""] if end == "/" or not inner else [])])


def _without_part(path: str, piece: str, where: str) -> str:
    folder, _, name = path.rpartition("/")
    stem, ending = _split_name(name)
    less = stem.removesuffix(piece) if where == "behind" else stem.removeprefix(piece)
    return f"{folder}/{less}{ending}" if folder and less and less != stem else ""


_APPLIED: Mapping[str, Callable[..., str]] = {"host": _elsewhere, "segment": _without_segment, "name": _without_part}


def _is_further(url: str, known: str) -> bool:
    first = url_key(f"://{known}").rstrip("/")
    return any(base == first for base, _ in further_pages(url))


def _pairs(query: str) -> list[str]:
    return query.split("&") if query else []


def in_words(rule: str) -> str:
    """What a rule says of addresses."""
    kind, piece, *where = rule.split(" ")
    if kind == "host":
        return f"{piece} has the same pages as {where[0]}"
    if is_idle(rule):
        return f"?{piece}=… makes it no other page, as in {where[0]}"
    shown = {"query": f"?{piece}", "segment": f"/{piece}/", "name": f"{piece}…" if where[-1:] == ["before"] else f"…{piece}"}
    return f"{shown[kind]} makes it no other page"


def is_idle(rule: str) -> bool:
    """Whether a rule says of a parameter that it makes no difference, whatever its value."""
    return rule.startswith("idle ")


@dataclass(slots=True)
class _Evidence:
    shown: list[str] = field(default_factory=list)  # addresses of articles that have proved the rule, the first ENOUGH
    spared: int = 0  # addresses that it has explained
    held: int = 0  # addresses that have shown what it says
    vouched: bool = False  # by links, as for sessions
    headlines: int = 0  # that lists have shown by which it was checked
    new: int = 0  # of them, those that nothing had shown before
    wrong: str = ""  # the address that has proved it wrong, or BY_HAND
    owed: bool = False  # what it has spared, while it was in force, is not due again yet


@dataclass(slots=True)
class Twins:
    """The rules of one site."""

    _rules: dict[str, _Evidence] = field(default_factory=dict)

    @property
    def owes(self) -> bool:
        """Whether a rule has proved wrong, and what it spared is not due again yet: kept from run to run."""
        return any(evidence.owed for evidence in self._rules.values())

    @property
    def owes_more(self) -> bool:
        """Whether one of those has also explained what was not kept in mind."""
        return any(evidence.owed and self.is_trusted(rule) for rule, evidence in self._rules.items())

    def settle(self) -> None:
        """All that wrong rules have spared is due again."""
        for evidence in self._rules.values():
            evidence.owed = False

    def saw(self, url: str, known: str) -> None:
        """An address has led to the article at `known`, or to a page that says so: both canonical."""
        if rule := difference(url, known):
            self.prove(rule, known)

    def prove(self, rule: str, known: str) -> None:
        """A rule was borne out by the article, or the page, at `known`."""
        if rule not in self._rules and not self._has_room():
            return
        evidence = self._rules.setdefault(rule, _Evidence())
        if len(evidence.shown) < ENOUGH and known not in evidence.shown:
            evidence.shown.append(known)

    def _has_room(self) -> bool:
        if len(self._rules) >= _MOST:
            self._rules = {rule: evidence for rule, evidence in self._rules.items() if evidence.wrong or len(evidence.shown) >= ENOUGH}
        return len(self._rules) < _MOST

    def known_as(self, url: str) -> Iterator[tuple[str, str]]:
        """The rules in force that explain a canonical address, each with the address of which it would be the twin."""
        for rule in self._rules:
            if not is_idle(rule) and self.is_in_force(rule) and (known := applied(rule, url)):
                yield rule, known
        yield from self.idle_in(url)

    def idle_in(self, url: str) -> list[tuple[str, str]]:
        """The rules in force by which parameters of a canonical address are idle, each with the address less all of these."""
        names = self.idle
        idle = [one for one in parameters(url) if one.name in names and self.is_in_force(one.rule)] if names else []
        known = without(url, (one.name for one in idle))
        return [(one.rule, known) for one in idle] if not _is_further(url, known.partition("://")[2]) else []

    @property
    def idle(self) -> frozenset[str]:
        """Names of parameters that are idle in some addresses, by rules in force."""
        return frozenset(rule.split(" ")[1] for rule in self._rules if is_idle(rule) and self.is_in_force(rule))

    def is_in_force(self, rule: str) -> bool:
        """Whether a rule has been proved, and nothing has proved it wrong."""
        evidence = self._rules.get(rule)
        return evidence is not None and not evidence.wrong and len(evidence.shown) >= ENOUGH

    def hold(self, rule: str) -> None:
        """An address has shown what a rule in force says."""
        self._rules[rule].held += 1

    def weigh(self, rule: str, *, new: int, shown: int) -> bool:
        """Whether lists, this being the last that a rule was checked by, have shown mostly what no list without the parameter did.

        Where no links vouch for it, a list of nothing but news is enough, however short.
        """
        evidence = self._rules[rule]
        evidence.headlines += shown
        evidence.new += new
        return (evidence.new >= MANY and 2 * evidence.new > evidence.headlines) or (not evidence.vouched and 0 < new == shown)

    def is_vouched(self, rule: str) -> bool:
        """Whether links bear a rule out."""
        return self._rules[rule].vouched

    def vouch(self, rule: str, page: str) -> None:
        """The links of a page bear a rule on an idle parameter out: it says who looks."""
        self.prove(rule, page)
        if rule in self._rules:
            self._rules[rule].vouched = True

    def is_trusted(self, rule: str) -> bool:
        """Whether what a rule explains need not be kept in mind: each page of such a site names more of it, and it has been borne out."""
        return self._rules[rule].vouched and self._rules[rule].held >= HELD

    def is_sample(self, rule: str, identity: str) -> bool:
        """Whether the target with this id is one by which a trusted rule is checked, the more rarely the oftener it has held.

        Its id tells, so that whoever asks decides alike.
        """
        return self.is_trusted(rule) and int(identity[:8], 16) % min(_SELDOM, 4 ** self._rules[rule].held) == 0

    def spare(self, rule: str) -> bool:
        """Whether an address that `rule` explains need not be asked for; else it is one that the rule is checked by."""
        self._rules[rule].spared += 1
        many = self._rules[rule].spared
        return many not in CHECKS and many % _SELDOM != 0

    def refute(self, rule: str, by: str) -> None:
        """An address, or a person, has proved a rule wrong: it holds no more, nor ever again.

        If it is one on an idle parameter, nor do those on single values of that.
        """
        self._rules.setdefault(rule, _Evidence())
        values = f"query {rule.split(' ')[1]}=" if is_idle(rule) else ""
        for one, evidence in self._rules.items():
            if one != rule and not (values and one.startswith(values)):
                continue
            evidence.owed = evidence.owed or not evidence.wrong
            evidence.wrong = evidence.wrong or by

    def evidence(self, rule: str) -> str:
        """What speaks for or against a rule, in words."""
        found = self._rules.get(rule, _Evidence())
        if found.wrong:
            return f"wrong: {found.wrong}"
        return f"proved by {len(found.shown)} articles, {found.spared or 'none'} spared {'since' if found.spared else 'yet'}"

    def as_json(self) -> str:
        """What was learned, for the next run."""
        return msgspec.json.encode(self._rules).decode()

    @classmethod
    def from_json(cls, text: str) -> Twins:
        """What an earlier run learned. Raises msgspec.DecodeError for what is none of ours."""
        return cls(msgspec.json.decode(text or "{}", type=dict[str, _Evidence]))
