"""Which of the images in an article's body are pictures, and which count its readers: by their addresses alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newscrawl.clean.urls import host_of
from newscrawl.discover.links import in_site
from newscrawl.models import Image

_WORD = re.compile(r"[a-z]+|\d+x\d+")
_COUNTS = frozenset("pixel pixels beacon beacons counter tracker tracking spacer blank 1x1 transparent webbug".split())
_COUNTS_ELSEWHERE = frozenset("analytics stat stats metric metrics telemetry track trk count log hit hits impression ad ads".split())
_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|gif|webp|avif|svg|bmp)(?![a-z0-9])", re.IGNORECASE)


def pictures(images: Iterable[Image], front: str) -> Iterator[str]:
    """The addresses of those that show something. `front` is the site's front page.

    On other hosts than the site's, where those who count readers are, an address must also look like that of a picture.
    """
    for image in images:
        path = image.url.partition("://")[2].partition("?")[0]
        words = set(_WORD.findall(path.removeprefix(host_of(image.url)).lower()))
        if not in_site(image.url, front):
            words |= set(_WORD.findall(host_of(image.url)))
            if not _PICTURE.search(image.url) or words & _COUNTS_ELSEWHERE:
                continue
        if not words & _COUNTS:
            yield image.url
