"""The query language: what an analyst typed, as conditions.

    query  = group { ["AND"] group }            all of them
    group  = term { "OR" term }                 one of them: OR binds closer than a space
    term   = ["-" | "NOT"] ( word | phrase | field ":" (word | phrase) | "(" query ")" )

A phrase stands in quotes of any of the scripts we read. What holds no letter or digit, such as "!", is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from newscrawl.clean.text import search_form
from newscrawl.errors import InputError, QueryError
from newscrawl.store.conditions import All, Among, Condition, Field, Holds, Like, Not, Some, Within
from newscrawl.store.terms import tokens

DEEPEST = 20  # brackets within brackets
LONGEST = 200  # terms

_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", "”": "”"}
_QUOTES = "".join(_CLOSING)
_FIELD = re.compile(r"([A-Za-z]+)[:：]")
_WORD = re.compile(rf"[^\s()（）{_QUOTES}]+")
_SYNTAX = re.compile(rf"[{_QUOTES}()（）]|(?:^|\s)(?:-\S|(?:OR|AND|NOT)(?:\s|$))|[A-Za-z][:：]")

Moment = Callable[[str, bool], datetime]  # the first moment of a day, or with True the first one after it; raises InputError


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query, and where it stands."""

    kind: str  # "(", ")", "-", "OR", "AND", "field", "word", "phrase"
    value: str
    start: int
    end: int


def joined(arguments: list[str]) -> str:
    """The arguments of a command line as one query. One with spaces and no syntax is a phrase: the shell took its quotes away."""
    return " ".join(f'"{one}"' if re.search(r"\s", one.strip()) and not _SYNTAX.search(one) else one for one in arguments)


def conditions(text: str, moment: Moment) -> list[Condition]:
    """The conditions of a query, all of which must hold. Raises QueryError."""
    return _Parser(text, list(_tokens(text)), moment).all(depth=0)


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        token, at = _token(text, at)
        if token:
            yield token


def _token(text: str, at: int) -> tuple[Token | None, int]:
    char = text[at]
    if char.isspace():
        return None, at + 1
    if char in "()（）":
        return Token("(" if char in "(（" else ")", char, at, at + 1), at + 1
    if char in _CLOSING:
        end = next((place for place in range(at + 1, len(text)) if text[place] in _CLOSING[char]), -1)
        if end < 0:
            raise QueryError("this quotation mark is never closed", text, at, at + 1)
        return Token("phrase", text[at + 1 : end], at, end + 1), end + 1
    if text.startswith("--", at):
        raise QueryError("there is no such option; a word to leave out has one hyphen before it", text, at, _end_of_word(text, at))
    if char == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        return Token("-", char, at, at + 1), at + 1
    if field := _FIELD.match(text, at):
        return Token("field", field[1].lower(), at, field.end()), field.end()
    end = _end_of_word(text, at)
    word = text[at:end]
    kind = {"OR": "OR", "AND": "AND", "NOT": "-"}.get(word, "word")
    return Token(kind, word, at, end), end


def _end_of_word(text: str, at: int) -> int:
    found = _WORD.match(text, at)
    return found.end() if found else at + 1


class _Parser:
    """Goes through the tokens once."""

    def __init__(self, text: str, tokens: list[Token], moment: Moment) -> None:
        self.text, self.tokens, self.at, self.moment = text, tokens, 0, moment
        if len(tokens) > LONGEST:
            raise QueryError(f"more than {LONGEST} words", text, tokens[LONGEST].start, len(text))

    def all(self, depth: int) -> list[Condition]:
        found: list[Condition] = []
        while token := self.next(")" if depth else ""):
            if token.kind == "AND" and found and self.at + 1 < len(self.tokens):
                self.at += 1
            elif token.kind == "AND":
                raise self.error(token, "AND needs something on both sides")
            elif (group := self.group(depth)) is not None:
                found.append(group)
        return found

    def group(self, depth: int) -> Condition | None:
        terms = [self.term(depth)]
        while (token := self.next()) and token.kind == "OR":
            self.at += 1
            if self.next(")") is None:
                raise self.error(token, "OR needs something on both sides")
            terms.append(self.term(depth))
        some = tuple(term for term in terms if term is not None)
        return some[0] if len(some) == 1 else Some(some) if some else None

    def term(self, depth: int) -> Condition | None:
        """The next term; None if there is nothing in it that can be looked for."""
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "-":
            if self.next(")") is None:
                raise self.error(token, "nothing follows that could be left out")
            inner = self.term(depth)
            return None if inner is None else Not(inner)
        if token.kind == "(":
            return self.brackets(token, depth + 1)
        if token.kind == "field":
            return self.field(token)
        if token.kind in {"word", "phrase"}:
            form = search_form(token.value)
            return Holds(form) if tokens(form) else None
        side = {")": "there is no bracket that this one closes"}.get(token.kind, f"{token.value} needs something on both sides")
        raise self.error(token, side)

    def brackets(self, opening: Token, depth: int) -> Condition | None:
        if depth > DEEPEST:
            raise self.error(opening, f"more than {DEEPEST} brackets within each other")
        found = self.all(depth)
        if self.at >= len(self.tokens):
            raise self.error(opening, "this bracket is never closed")
        self.at += 1
        return found[0] if len(found) == 1 else All(tuple(found)) if found else None

    def field(self, name: Token) -> Condition:
        if name.value not in FIELDS:
            known = ", ".join(f"{field}:" for field in FIELDS)
            raise self.error(name, f"there is no field {name.value}: (there are {known}); put quotes around what is to be looked for")
        value = self.tokens[self.at] if self.at < len(self.tokens) else name
        if value is name or value.kind not in {"word", "phrase"} or value.start != name.end or not tokens(value.value):
            raise self.error(name, f"{name.value}: needs a word or a phrase in quotes right behind it")
        self.at += 1
        try:
            return FIELDS[name.value](value.value, self.moment)
        except InputError as error:
            raise self.error(value, str(error)) from None

    def next(self, stop: str = "") -> Token | None:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return None if token and stop and token.kind == stop else token

    def error(self, token: Token, reason: str) -> QueryError:
        return QueryError(reason, self.text, token.start, token.end)


FIELDS: Mapping[str, Callable[[str, Moment], Condition]] = {
    "site": lambda value, _: Among(Field.SITE, (value.strip(),)),
    "author": lambda value, _: Like(Field.AUTHOR, search_form(value)),
    "section": lambda value, _: Like(Field.SECTION, search_form(value)),
    "lang": lambda value, _: Like(Field.LANGUAGE, value.strip().lower()),
    "title": lambda value, _: Holds(search_form(value), title=True),
    "since": lambda value, moment: Within(since=moment(value, False)),
    "until": lambda value, moment: Within(until=moment(value, True)),
    "cluster": lambda value, _: Among(Field.CLUSTER, (value.strip(),)),
}
