"""A first look at a site: probe."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from newscrawl.commands.options import asked, configured, output
from newscrawl.config import Config, load_config
from newscrawl.errors import InputError, PartialError
from newscrawl.query.probe import Probe
from newscrawl.sites import SiteDefinition, named_sites, site_slugs


def probe(
    address: Annotated[str, typer.Argument(metavar="SITE|URL", help="A configured site, or an address.")],
    *,
    requests: Annotated[int, typer.Option(min=3, max=1_000, help="Requests that the look may take.")] = 25,
    keep: Annotated[Path | None, typer.Option("--keep", help="Folder for store and archive of the look, forgotten otherwise.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the site file that the probe proposes.")] = False,
) -> None:
    """Look at a few pages of a site: its sources, its sections, a sample of its articles, and whether the defaults will do."""
    from newscrawl.query.probe_page import probe_page

    (site,) = named_sites([address], configured().sites_folder)
    with tempfile.TemporaryDirectory(prefix="newscrawl-probe-") as folder:
        found = _looked_at(site, keep or Path(folder), requests)
    output().print(probe_page(found))
    if found.site_file:
        _propose(found, configured(), write=write)
    elif write:
        typer.echo("\nNothing was written: no key of a site file is needed.")
    if not found.articles:
        raise PartialError(f"{site.url} showed no article")
    if found.cut_short:
        raise PartialError(f"the look at {site.url} was broken off: {found.outcome}")


def _looked_at(site: SiteDefinition, folder: Path, requests: int) -> Probe:
    from newscrawl.crawl.run import crawl
    from newscrawl.crawl.wishes import Wishes
    from newscrawl.query.probe import probed

    overrides = {"store.uri": f"sqlite:///{folder}/newscrawl.db", "archive.folder": f"{folder}/warc", "crawl.window": _WINDOW}
    config = load_config(overrides=overrides)
    (run,) = crawl(config, [site], Wishes(survey=requests))
    return asked(config.store.uri, lambda store: probed(store, run, site.url))


_WINDOW = 2_000  # addresses among which to choose what is unlike the others


def _propose(found: Probe, config: Config, *, write: bool) -> None:
    path = config.own_sites_folder / f"{found.site}.toml"
    known = found.site in site_slugs(config.sites_folder) or path.exists()
    if write and not known:
        _written(path, found.site_file)
        typer.echo(f"\nWritten: {path}. Fill in what stands behind a #.")
        return
    typer.echo(f"\n{'Add to' if known else 'A beginning for'} {path}{'' if known else ', which --write writes'}:\n")
    sys.stdout.write(found.site_file)


def _written(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{path}: can't be written: {error.strerror}") from error
