"""Crawling: crawl, demo."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from typing import Annotated

import typer

from newscrawl.commands.options import DEMO_STORE, ArchiveFolder, MetricsFile, StoreUri, asked, configured, output, written_metrics
from newscrawl.config import Config, load_config
from newscrawl.errors import InputError
from newscrawl.sites import SiteDefinition, load_sites, named_sites
from newscrawl.store.protocol import Search

DEMO_WORD = "渡船"


def crawl(
    sites: Annotated[list[str] | None, typer.Argument(metavar="SITE|URL", help="Names of configured sites, or addresses of any.")] = None,
    *,
    all_sites: Annotated[bool, typer.Option("--all", help="Every configured site.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Articles of a site after which its run ends.")] = None,
    since: Annotated[str, typer.Option("--since", help="Nothing published before: 2026, 2026-08 or 2026-08-31; UTC.")] = "",
    metrics: MetricsFile = None,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
    parent: Annotated[
        int | None, typer.Option("--parent", hidden=True, help="Process that started this one: end when it has gone.")
    ] = None,
) -> None:
    """Crawl sites into the archive; the same as `scrapy crawl portal`. A run that was stopped is continued."""
    if parent is not None:
        from newscrawl.jobs.children import end_with

        end_with(parent)
    config = configured(store, archive)
    if bool(sites) == all_sites:
        raise InputError(
            "name sites or addresses to crawl, or use --all" if all_sites is False else "--all means every site; leave out the names"
        )
    chosen = named_sites(sites, config.sites_folder) if sites else load_sites(config.sites_folder)
    if not chosen:
        raise InputError(f"no site is configured in {config.sites_folder}; give an address instead")
    try:
        _crawled(config, chosen, limit=limit, since=since)
    finally:
        if metrics:
            asked(config.store.uri, lambda opened: written_metrics(opened, metrics))


def demo(
    *,
    port: Annotated[int, typer.Option(min=1024, max=65_534, help="Where to serve; the next port is used too.")] = 8640,
    store: Annotated[str | None, typer.Option("--store", help="Where to keep the articles; NEWSCRAWL_STORE is left alone.")] = None,
    archive: Annotated[str | None, typer.Option("--archive", help="Folder of their WARC files.")] = None,
) -> None:
    """Crawl two small invented portals on this machine, and search them."""
    from newscrawl.demo.serving import serve_demo
    from newscrawl.query.present import found

    overrides = {
        "store.uri": store or DEMO_STORE,
        "archive.folder": archive or "archive/demo/warc",
        "crawl.delay": 0.01,  # nobody else's server
    }
    config = load_config(overrides=overrides)
    with serve_demo(port=port) as served:
        _crawled(config, [SiteDefinition(slug=portal.slug, url=portal.home) for portal in served.portals])
    answers = asked(config.store.uri, lambda opened: opened.search(Search(words=(DEMO_WORD,), limit=3)))
    typer.echo(f"\n$ newscrawl search {DEMO_WORD} --limit 3")
    output().print(found(answers, (DEMO_WORD,)), end="")
    typer.echo(_next_steps(config, answers[0].id[:10] if answers else ""))


def _crawled(config: Config, sites: list[SiteDefinition], *, limit: int | None = None, since: str = "") -> None:
    from newscrawl.crawl.wishes import read_wishes

    wishes = read_wishes(limit, since)
    from newscrawl.crawl.run import crawl as run  # Scrapy loads here and nowhere else
    from newscrawl.crawl.runs import check_whole
    from newscrawl.summary import outcome

    runs = run(config, sites, wishes)
    output().print(outcome(runs))
    check_whole(runs)


def _next_steps(config: Config, article: str) -> str:
    """The commands to try after the demo, as they can be typed where it was started."""
    program = "newscrawl" if shutil.which("newscrawl") else os.path.relpath(sys.argv[0])
    from newscrawl.store import open_store

    store = open_store(config.store.uri).uri  # without credentials
    places = f"NEWSCRAWL_STORE={shlex.quote(store)} NEWSCRAWL_ARCHIVE={shlex.quote(config.archive.folder)}"
    return f"""Where to look next:
  export {places}
  {program} show {article}          the article, cleaned
  {program} show {article} --html   the page as it was served
  {program} export --format csv
  unset NEWSCRAWL_STORE NEWSCRAWL_ARCHIVE
  {program} crawl https://…          a portal of your choice"""
