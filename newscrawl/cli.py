"""The `newscrawl` command: which commands there are, and how errors leave."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from newscrawl import __version__
from newscrawl.commands import (
    archive,
    crawl,
    export,
    health,
    history,
    jobs,
    keep,
    probe,
    read,
    reextract,
    replay,
    schedule,
    search,
    serve,
    sites,
)
from newscrawl.errors import NewscrawlError


class Door(TyperGroup):
    """Turns every error that newscrawl names into one line on stderr and its exit code."""

    def invoke(self, ctx: Any) -> Any:
        """What the command returns."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # here, where a reader that has gone is noticed, and not while Python shuts down
        except NewscrawlError as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            Console(stderr=True, soft_wrap=True, highlight=False).print(Text.assemble(("newscrawl: ", "bold red"), str(error)))
            raise typer.Exit(error.exit_code) from error
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes stdout once more at its end
            raise typer.Exit(128 + signal.SIGPIPE) from None
        return result


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
    if wanted:
        typer.echo(f"newscrawl {__version__}")
        raise typer.Exit


app = typer.Typer(cls=Door, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
db = typer.Typer(no_args_is_help=True, help="Look after the store.")
warc = typer.Typer(no_args_is_help=True, help="Look after the archive of WARC files.")
site = typer.Typer(invoke_without_command=True)
queue = typer.Typer(invoke_without_command=True)

app.command(rich_help_panel="Crawl")(crawl.demo)
app.command(rich_help_panel="Crawl")(probe.probe)
app.command(rich_help_panel="Crawl")(crawl.crawl)
app.command(rich_help_panel="Crawl")(schedule.due)
app.command(rich_help_panel="Crawl")(schedule.schedule)
app.command(rich_help_panel="Crawl")(jobs.worker)
queue.callback()(jobs.queue)
queue.command()(jobs.replay)
app.add_typer(queue, name="queue", rich_help_panel="Crawl")
site.callback()(sites.sites)
site.command()(sites.show)
app.add_typer(site, name="sites", rich_help_panel="Crawl")
app.command(rich_help_panel="Ask", context_settings={"ignore_unknown_options": True})(search.search)  # -word is a word to leave out
app.command(rich_help_panel="Ask")(read.show)
app.command(rich_help_panel="Ask")(history.diff)
app.command(rich_help_panel="Ask")(replay.replay)
app.command(rich_help_panel="Ask", context_settings={"ignore_unknown_options": True})(export.export)
app.command(rich_help_panel="Ask")(serve.serve)
app.command(rich_help_panel="Ask")(read.runs)
app.command(rich_help_panel="Look after")(health.health)
app.command(rich_help_panel="Look after")(reextract.reextract)
app.command(rich_help_panel="Look after")(history.split)
app.command(rich_help_panel="Look after")(keep.doctor)
db.command()(keep.init)
app.add_typer(db, name="db", rich_help_panel="Look after")
warc.command()(archive.index)
warc.command()(archive.verify)
warc.command("import")(archive.take_in)
warc.command()(archive.send)
warc.command()(archive.prune)
warc.command()(archive.takedown)
app.add_typer(warc, name="archive", rich_help_panel="Look after")


@app.callback()
def newscrawl(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version)] = False,
) -> None:
    """Crawl local news sites into an archive, and ask it questions."""


def main() -> None:
    """Run the command line; ends the process with the exit code."""
    app(prog_name="newscrawl")
