"""Text that was garbled before we saw it, or by reading it in the wrong encoding: found, not mended, for what it was is a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

_CP1252 = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"  # what Windows-1252 makes of the second byte of a UTF-8 character
_CP1251 = "Ђ-Џђ-џЎўҐґ‚„…†‡€‰‹‘’“”•–—™›\xa0-\xbf№"  # and Windows-1251
_KINDS = {
    "replacement characters": re.compile("\ufffd+"),
    "mojibake": re.compile(
        "锟斤拷|烫烫烫|屯屯屯"
        f"|(?<![A-ZÀ-Þ])[ÃÂ][\xa0-\xbf€‚ƒ…](?![A-ZÀ-Þ])|â€[{_CP1252}]"
        f"|(?:[ÐÑ][{_CP1252}]){{3,}}|(?:[äåæçèé][{_CP1252}]{{2}}){{2,}}|(?:[РС][{_CP1251}]){{3,}}"
    ),
}
_TRACE = re.compile("[\ufffd锟烫屯ÃÂâÐÑäåæçèéРС]")  # without one of these a text has none of both: most are asked nothing else
_AROUND = 20  # characters shown on either side
_MOST = 3  # places shown of a kind


def damages(text: str) -> tuple[tuple[str, str], ...]:
    """What is garbled in a text, as (kind, the place in its surroundings); () for a sound one."""
    if text.isascii() or not _TRACE.search(text):
        return ()
    spots = [trace.start() for trace in _TRACE.finditer(text)]
    return tuple((kind, _shown(text, found)) for kind, pattern in _KINDS.items() for found in islice(_found(pattern, text, spots), _MOST))


def _found(pattern: re.Pattern[str], text: str, spots: Iterable[int]) -> Iterator[re.Match[str]]:
    """What a pattern matches, one behind the other, beginning at one of the spots."""
    end = 0
    for spot in spots:
        if spot >= end and (found := pattern.match(text, spot)):
            end = found.end()
            yield found


def _shown(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - _AROUND) : found.end() + _AROUND].replace("\n", " ")
