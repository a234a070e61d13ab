"""Both portals, whole: pure, from two origins, an edition and a moment."""

from __future__ import annotations

from datetime import datetime

from newscrawl.demo.modern_cms import pellbrook
from newscrawl.demo.old_cms import luting
from newscrawl.demo.pages import Portal


def build_portals(origins: tuple[str, str], *, now: datetime, edition: int = 1) -> tuple[Portal, Portal]:
    """The Chinese and the English portal as they are served at `origins`; `now` dates the banners and what happened "3 hours ago"."""
    return luting(origins[0], edition=edition, now=now), pellbrook(origins[1], edition=edition, now=now)
