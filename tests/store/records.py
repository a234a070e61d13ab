"""Records for the stores' tests: plain ones, and strategies for any that the types allow."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from newscrawl.models import Article, Capture, Kind, Result, Revision, Settlement, State, Target, utc

START = datetime(2026, 8, 1, 6, 0, 0, 123000, tzinfo=UTC)


def digest(name: str) -> str:
    """An id such as the real ones."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def target(name: str = "a", **other: Any) -> Target:
    plain = Target(id=digest(name), site="gazette", url=f"https://gazette.example/{name}", kind=Kind.PAGE, due=START)
    return replace(plain, **other)


def capture(name: str = "a", **other: Any) -> Capture:
    plain = Capture(
        id=digest(f"capture {name}"),
        site="gazette",
        target=digest(name),
        url=f"https://gazette.example/{name}",
        time=START,
        status=200,
        content_type="text/html; charset=gbk",
        digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        size=2048,
        file="gazette-1.warc.gz",
        offset=77,
        length=900,
    )
    return replace(plain, **other)


def article(name: str = "a", text: str = "Plain words.", **other: Any) -> Article:
    plain = Article(
        id=digest(f"article {name}"),
        site="gazette",
        url=f"https://gazette.example/{name}",
        title=f"Report {name}",
        text=text,
        text_published=text,
        text_search=text,
        first_seen=START,
        last_seen=START,
        capture=digest(f"capture {name}"),
        content_hash=digest(ascii(text)),
        reader="1",
    )
    return replace(plain, **other)


def revision(name: str = "a", number: int = 1, **other: Any) -> Revision:
    plain = Revision(
        article=digest(f"article {name}"),
        number=number,
        seen=START,
        changed=("text",),
        title="Former title",
        text="Former text.",
        capture=digest(f"capture {name}"),
    )
    return replace(plain, **other)


def visited(name: str = "a", **other: Any) -> Settlement:
    """A page that was fetched and told nothing more."""
    done = target(name, state=State.DONE, result=Result.OTHER, visited=START)
    return Settlement(**{"target": done, "capture": capture(name), **other})


def holding(*articles: Article) -> list[Settlement]:
    """A batch that stores these articles."""
    return [Settlement(target(f"page of {article.id}", state=State.DONE), article=article) for article in articles]


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


# Chosen for what has broken stores: NUL, bytes beyond the BMP, right to left, combining marks, quotes, operators.
AWKWARD = st.text() | st.sampled_from(
    ["\0", "a\0b", "👩‍👩‍👧", "שלום عالم", "e\u0301", "'\"; --", "$where", "{'$ne': ''}", "\ufeff", "𠮷野家", "\r\n"]
)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timezones()).map(utc)  # noqa: DTZ001  # bounds take none


def anything(kind: type[Any], **fixed: Any) -> st.SearchStrategy[Any]:
    """Any record of this kind, but for the fields given."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _values(hints[field.name]) for field in fields(kind)} | fixed)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if hint is str:
        return AWKWARD
    if hint is int:
        return st.integers(-(2**63), 2**63 - 1)
    if hint is float:
        return st.floats(0, 1)
    if hint is datetime:
        return MOMENTS
    if get_origin(hint) is tuple and get_args(hint)[-1] is not Ellipsis:
        return st.tuples(*map(_values, get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(st.from_regex(r"[a-z_-]{1,9}", fullmatch=True), _values(get_args(hint)[1]), max_size=3)
    if get_args(hint):
        return st.one_of([_values(inner) for inner in get_args(hint)])
    return anything(hint) if hasattr(hint, "__dataclass_fields__") else st.from_type(hint)
