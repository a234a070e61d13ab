"""`scrapy crawl portal`, with clear errors and the exit code of their cause."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from newscrawl.config import Config
from newscrawl.crawl.portal import PortalSpider, chosen_sites
from newscrawl.crawl.run import run
from newscrawl.crawl.runs import check_whole
from newscrawl.crawl.wishes import read_wishes
from newscrawl.errors import NewscrawlError
from newscrawl.summary import outcome

WIDTH = 200  # of the table in a file or pipe


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
            wishes = read_wishes(opts.spargs.get("limit"), opts.spargs.get("since"))
            runs = run(self.settings, chosen_sites(config, opts.spargs), wishes)
            Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH).print(outcome(runs))
            check_whole(runs)
        except NewscrawlError as error:
            sys.stderr.write(f"newscrawl: {error}\n")
            self.exitcode = error.exit_code
