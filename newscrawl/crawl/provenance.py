"""What the warcinfo record of every WARC file says: who wrote it, and under which settings."""

from __future__ import annotations

import msgspec
import scrapy

from newscrawl import __version__
from newscrawl.config import Config

_WITHHELD = frozenset({"allow_private"})  # names of the operator's own network


def warc_info(config: Config) -> dict[str, str]:
    """Named fields of a warcinfo record. Of the settings [crawl], as JSON: no addresses of stores or proxies, which may hold passwords."""
    crawl = {name: value for name, value in msgspec.structs.asdict(config.crawl).items() if name not in _WITHHELD}
    return {
        "software": f"newscrawl/{__version__} scrapy/{scrapy.__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "http-header-user-agent": config.user_agent,
        **({"operator": config.crawl.contact} if config.crawl.contact else {}),
        "newscrawl-settings": msgspec.json.encode(crawl).decode(),
    }
