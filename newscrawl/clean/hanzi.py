"""Chinese characters: what counts as one, and their simplified forms."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # the inside of a regex character class
_ANY_HAN = re.compile(f"[{HAN}]")


def has_han(text: str) -> bool:
    """Whether at least one Chinese character stands in the text."""
    return not text.isascii() and _ANY_HAN.search(text) is not None


def simplified(text: str) -> str:
    """The text in simplified characters, word by word where a character has several; other scripts are left alone."""
    return str(_converter().convert(text)) if has_han(text) else text


@cache
def _converter() -> Any:
    """OpenCC's tables, loaded (9 ms) for the first Chinese text. Not tw2sp: that one replaces words."""
    from opencc import OpenCC

    return OpenCC("t2s")
