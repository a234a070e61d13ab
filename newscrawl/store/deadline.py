"""How long a question may take. Who asks sets it around the question, and stores give up when it is over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from newscrawl.errors import TimeLimitError

_END: ContextVar[tuple[float, float] | None] = ContextVar("end", default=None)  # by the monotonic clock; and the seconds it was set to


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Questions asked in this block raise TimeLimitError when it has taken so long."""
    before = _END.set((time.monotonic() + seconds, seconds))
    try:
        yield
    finally:
        _END.reset(before)


def end() -> float | None:
    """When the time is over, by the monotonic clock; None if nobody has set a limit."""
    told = _END.get()
    return told[0] if told else None


def over() -> TimeLimitError:
    """The error for a question whose time is over."""
    told = _END.get()
    limit = f"{told[1]:g} s" if told else "it may"
    return TimeLimitError(
        f"the answer takes longer than {limit}: ask for less, with a rarer word, site: or since:, or try again when there is less to do "
        "(web.seconds in newscrawl.toml sets the limit)"
    )
