"""What many articles have in common, on a terminal: words, flows, edits, losses, days."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from newscrawl.query.coverage import Coverage
from newscrawl.query.flows import Flows
from newscrawl.query.present import SHORT, visible, when
from newscrawl.query.words import Words
from newscrawl.store.overview import Edit, Outline

_BAR = 30  # columns of the longest bar


def words_page(found: Words) -> Table:
    """The words with their shares of what was found and of the archive."""
    table = Table("word", box=None, pad_edge=False, header_style="bold")
    for name in ("of these", "of all", "weight"):
        table.add_column(name, justify="right", no_wrap=True)
    for word in found.words:
        shares = (f"{word.found / found.found:.0%}", f"{word.known / max(found.known, 1):.1%}")
        table.add_row(Text(visible(word.text)), *shares, f"{word.weight:.0f}")
    return table


def flows_page(found: Flows) -> Table:
    """Which site likely took how much from which."""
    table = Table("from", "to", box=None, pad_edge=False, header_style="bold")
    for name in ("articles", "later by"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("the latest", overflow="fold")
    for flow in found.flows:
        title = Text(f"{flow.example.id[:SHORT]}  {visible(flow.example.title)}")
        table.add_row(visible(flow.source), visible(flow.taker), f"{flow.articles:,}", later(flow.hours), title)
    return table


def later(hours: float) -> str:
    """A lapse of time in the unit that suits it."""
    size = abs(hours)
    if size < 1:
        told = f"{size * 60:.0f} min" if size > 1 / 30 else f"{size * 3600:.0f} s"
    else:
        told = f"{size:.0f} h" if size < 48 else f"{size / 24:.0f} days"
    return f"-{told}" if hours < 0 and not told.startswith("0") else told


def edits_page(edits: Sequence[Edit]) -> Table:
    """The edits with the headline before and after, if it was changed."""
    table = Table("seen, UTC", "site", "article", "changed", box=None, pad_edge=False, header_style="bold")
    table.add_column("headline", overflow="fold")
    for edit in edits:
        how = ", ".join(edit.changed) + (", silently" if edit.silent else "")
        title = Text(visible(edit.article.title))
        if "title" in edit.changed:
            title = Text(f"{visible(edit.title)} → {visible(edit.article.title)}")
        table.add_row(f"{edit.replaced:%Y-%m-%d %H:%M}", visible(edit.article.site), edit.article.id[:SHORT], how, title)
    return table


def gone_page(articles: Sequence[Outline]) -> Table:
    """What is no longer where it was."""
    table = Table("gone since, UTC", "site", "article", "published", box=None, pad_edge=False, header_style="bold")
    table.add_column("headline", overflow="fold")
    for one in articles:
        since = f"{one.gone:%Y-%m-%d %H:%M}" if one.gone else ""
        table.add_row(since, visible(one.site), one.id[:SHORT], when(one.published, one.first_seen), Text(visible(one.title)))
    return table


def coverage_page(found: Coverage) -> Group:
    """A line a day, with a bar of what was read out of what was listed."""
    most = max((day.listed for day in found.days), default=1)
    table = Table("day", box=None, pad_edge=False, header_style="bold")
    for name in ("listed", "read", "captured only", "missed"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for day in found.days:
        read, rest = (round(count / most * _BAR) for count in (day.read, day.listed - day.read))
        bar = Text("█" * read, style="cyan").append("░" * rest, style="red")
        table.add_row(day.day.isoformat(), f"{day.listed:,}", f"{day.read:,}", _number(day.captured), _number(day.missed), bar)
    undated = f"Without a date: {found.undated_captured:,} captured only, {found.undated_missed:,} missed."
    return Group(table, *([undated] if found.undated_captured or found.undated_missed else []))


def _number(count: int) -> str:
    return f"{count:,}" if count else ""
