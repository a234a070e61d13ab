"""The templates in templates/ filled in, and the few bits of HTML that both portals share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from string import Template


@cache
def _template(name: str) -> Template:
    return Template((files("newscrawl.demo") / "templates" / name).read_text(encoding="utf-8"))


def filled(template: str, /, **values: str) -> str:
    """A template with its values, which are HTML already. Raises KeyError if one is missing."""
    return _template(template).substitute(values)


def link(address: str, text: str, extra: str = "") -> str:
    """An <a>; `extra` is more attributes, as HTML."""
    return f'<a href="{escape(address)}"{extra}>{escape(text)}</a>'


def listed(items: Iterable[str]) -> str:
    """<li> around each piece of HTML."""
    return "\n".join(f"<li>{item}</li>" for item in items)


def paragraphs(texts: Iterable[str], indent: str = "") -> str:
    """<p> around each text."""
    return "\n".join(f"<p>{indent}{escape(text, quote=False)}</p>" for text in texts)


def clipped(text: str, length: int, mark: str) -> str:
    """A headline cut off after `length` characters, as sidebars do; whole if it fits."""
    return text if len(text) <= length else text[:length] + mark
