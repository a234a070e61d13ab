"""How to cite an archived article."""

from __future__ import annotations

import re
from datetime import UTC

from newscrawl.models import Article
from newscrawl.query.present import SHORT, visible, when

_NO_BIBTEX = re.compile(r"[{}\\]")
_SPECIAL = re.compile(r"[%&#$_]")  # to TeX


def citation(article: Article) -> str:
    """In one sentence: who, what, where, when, and where it is kept."""
    by = f"{', '.join(article.authors)}: " if article.authors else ""
    kept = f"Archived {article.last_seen.astimezone(UTC):%Y-%m-%d %H:%M} UTC, newscrawl {article.id}."
    told = f"{by}“{article.title}”. {article.site}, {when(article.published, article.first_seen)}. {article.url}. {kept}"
    return _line(told)


def bibtex(article: Article) -> str:
    """As an entry for BibTeX and what imports it. Braces and backslashes, which would end or change a field, are left out.

    What else TeX reads as its own is escaped, but for the address: that field is taken as it is written.
    """
    day = when(article.published, article.first_seen).removeprefix("seen ")[:10]
    fields = {
        "author": " and ".join(f"{{{_field(name)}}}" for name in article.authors),
        "title": f"{{{_field(article.title)}}}",
        "date": day,
        "organization": _field(article.source or article.site),
        "url": _without_braces(article.url),
        "urldate": f"{article.last_seen.astimezone(UTC):%Y-%m-%d}",
        "langid": _field(article.language),
        "note": f"newscrawl {article.id}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{newscrawl-{article.id[:SHORT]},", *lines, "}"])


def _field(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _without_braces(text))


def _without_braces(text: str) -> str:
    return _NO_BIBTEX.sub("", _line(text))


def _line(text: str) -> str:
    return " ".join(visible(text).split())
