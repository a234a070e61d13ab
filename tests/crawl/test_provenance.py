"""What a WARC file says of its making, and what it keeps to itself."""

import json

from newscrawl import __version__
from newscrawl.config import load_config
from newscrawl.crawl.provenance import warc_info


def test_software_and_settings_are_told_and_no_secrets():
    environment = {
        "NEWSCRAWL_STORE": "mongodb://desk:hunter2@db.internal/newscrawl",
        "NEWSCRAWL_CRAWL_ALLOW_PRIVATE": "intranet.example",
        "NEWSCRAWL_CRAWL_CONTACT": "desk@gazette.example",
        "NEWSCRAWL_CRAWL_DELAY": "7",
    }
    info = warc_info(load_config(environment))
    assert info["software"].startswith(f"newscrawl/{__version__} scrapy/")
    assert json.loads(info["newscrawl-settings"])["delay"] == 7
    assert info["operator"] == "desk@gazette.example"
    assert not [secret for secret in ("hunter2", "db.internal", "intranet") if secret in str(info)]
    assert not [value for value in info.values() if "\n" in value]
