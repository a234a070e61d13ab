"""`scrapy crawl portal`, with clear errors and the exit code of their cause."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from newscrawl.config import Config
from newscrawl.crawl.portal import PortalSpider, chosen_sites
from newscrawl.crawl.run import run
from newscrawl.errors import NewscrawlError


class Command(crawl.Command):
    """Scrapy's own command, but for what happens when something is wrong."""

    requires_crawler_process = False  # made by `run`, after the arguments proved good

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and set the exit code."""
        if args != [PortalSpider.name]:
            raise UsageError(f"newscrawl has one spider: scrapy crawl {PortalSpider.name} -a url=… | -a site=… | -a sites=all")
        assert self.settings is not None
        config: Config = self.settings["NEWSCRAWL"]
        try:
            run(self.settings, chosen_sites(config, opts.spargs), limit=opts.spargs.get("limit"))
        except NewscrawlError as error:
            sys.stderr.write(f"newscrawl: {error}\n")
            self.exitcode = error.exit_code
