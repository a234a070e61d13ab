"""Pictures of articles, where a site's definition asks for them: which to fetch, and what came."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from newscrawl.discover.pictures import pictures
from newscrawl.models import Candidate, Kind, Reading, Result

_LEAST = 3  # pixels a side; what has fewer shows nothing and counts who asked for it


def pictures_of(reading: Reading, front: str, most: int) -> Iterator[Candidate]:
    """The pictures in an article's body, up to `most`: what a reader's browser would ask for, without what counts readers."""
    return (Candidate(url, Kind.IMAGE) for url in islice(pictures(reading.images, front), most))


def looked_at(data: bytes, most: int) -> tuple[Result, str]:
    """What came where a picture was expected, and its size in pixels; `most`: width times height of one that is kept."""
    from newscrawl.archive.pictures import size_of  # and its library, which a crawl without pictures can spare

    size = size_of(data)
    if size is None:
        return Result.NOT_IMAGE, f"begins with {data[:12]!r}"
    detail = f"{size.kind}, {size.width} × {size.height}" if size.width else size.kind
    is_kept = not size.width or (min(size.width, size.height) >= _LEAST and size.width * size.height <= most)
    return Result.IMAGE if is_kept else Result.NOT_IMAGE, detail
