"""The shipped settings, for tests that need some of them."""

from typing import Any

import msgspec

from newscrawl.config import BrowserKnobs, CrawlKnobs, ScheduleKnobs, load_config


def crawl_knobs(**changes: Any) -> CrawlKnobs:
    return msgspec.structs.replace(load_config({}).crawl, **changes)


def browser_knobs(**changes: Any) -> BrowserKnobs:
    return msgspec.structs.replace(load_config({}).browser, **changes)


def schedule_knobs(**changes: Any) -> ScheduleKnobs:
    return msgspec.structs.replace(load_config({}).schedule, **changes)
