"""What an analyst typed, as a Search that stores answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from newscrawl.clean.text import search_form
from newscrawl.errors import InputError
from newscrawl.models import utc
from newscrawl.store.protocol import Search
from newscrawl.store.terms import tokens

# A phrase in quotes of any of the scripts we read, or a run without spaces and quotes. A quote left open reaches to the end.
_TERM = re.compile(r'["“”„«»「」『』]([^"“”„«»「」『』]*)(?:["“”„«»「」『』]|$)|([^\s"“”„«»「」『』]+)')
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parsed_search(arguments: Iterable[str], *, site: str = "", since: str = "", until: str = "", limit: int = 20) -> Search:
    """The search for the words in `arguments` between two days, months or years, both included. Raises InputError.

    An argument that holds spaces but no quotes is a phrase: the shell took the quotes away.
    """
    arguments = list(arguments)
    words = tuple(word for argument in arguments for word in _words(argument))
    if arguments and not words:
        raise InputError(f"{' '.join(arguments)!r} holds no word to search for")
    start, end = moment(since) if since else None, moment(until, behind=True) if until else None
    if start and end and start >= end:
        raise InputError(f"since {since} lies after until {until}")
    return Search(words=words, site=site, since=start, until=end, limit=limit)


def moment(text: str, *, behind: bool = False) -> datetime:
    """The first moment of a day, month or year in UTC, or with `behind` the first one after it; a time of day is itself.

    Raises InputError for what is no date.
    """
    try:
        if not (date := _DATE.fullmatch(text.strip())):
            time = datetime.fromisoformat(text.strip())
            return utc(time if time.tzinfo else time.replace(tzinfo=UTC))
        year, month, day = (int(part or 0) for part in date.groups())
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if not behind:
            return start
        if day:
            return start + timedelta(days=1)
        return (start + timedelta(days=31)).replace(day=1) if month else start.replace(year=year + 1)
    except (ValueError, OverflowError):
        raise InputError(f"{text!r} is no date; write 2026, 2026-08, 2026-08-31 or 2026-08-31T18:30+08:00") from None


def _words(argument: str) -> Iterator[str]:
    """The words and phrases of one argument in search form, without those that hold nothing a store can find."""
    terms = _TERM.findall(argument)
    quoted = any(phrase for phrase, _ in terms)
    for term in [phrase or word for phrase, word in terms] if quoted else [argument]:
        if tokens(form := search_form(term)):
            yield form
