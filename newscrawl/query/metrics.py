"""Figures of runs and health for Prometheus, in the text format that node_exporter's textfile collector reads."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from newscrawl.errors import InputError
from newscrawl.health import Health, from_json
from newscrawl.models import Run
from newscrawl.store.protocol import Store

# Name, what it is, and which counter of the last run it shows.
_COUNTED = {
    "newscrawl_run_new_articles": ("Articles that the last run found new.", "new"),
    "newscrawl_run_changed_articles": ("Articles that the last run found changed.", "changed"),
    "newscrawl_run_requests": ("Requests of the last run.", "requests"),
    "newscrawl_run_bytes": ("Bytes of pages that the last run received.", "bytes"),
    "newscrawl_run_failed": ("Addresses that gave the last run no answer, for the first time.", "failed"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure."""

    name: str
    about: str
    labels: tuple[tuple[str, str], ...]
    value: float
    kind: str = "gauge"

    def __str__(self) -> str:
        labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in self.labels)
        return f"{self.name}{{{labels}}} {self.value:.10g}" if labels else f"{self.name} {self.value:.10g}"


async def metrics(store: Store, sites: Collection[str]) -> str:
    """The figures of these sites, each as its last run left it."""
    samples: list[Sample] = []
    for site in sorted(sites):
        for run in await store.runs(site, 1):
            samples += _of_run(run)
        if health := from_json(await store.health(site)):
            samples += _of_health(health)
    return in_words(samples)


def in_words(samples: Iterable[Sample]) -> str:
    """The samples as Prometheus reads them, those of one name together."""
    families: dict[str, list[Sample]] = {}
    for sample in samples:
        families.setdefault(sample.name, []).append(sample)
    heads = {name: f"# HELP {name} {found[0].about}\n# TYPE {name} {found[0].kind}\n" for name, found in families.items()}
    return "".join(heads[name] + "".join(f"{sample}\n" for sample in found) for name, found in families.items())


def write_metrics(path: Path, text: str) -> None:
    """Put the text in the place of what the file held, at once: who reads it never sees half of it. Raises InputError."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")  # not *.prom, which would be read
    try:
        unfinished.write_text(text, "utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InputError(f"--metrics {path}: can't be written: {error.strerror}") from error


def _of_run(run: Run) -> Iterable[Sample]:
    site = (("site", run.site),)
    yield Sample("newscrawl_run_started_seconds", "When the last run began, as Unix time.", site, run.started.timestamp())
    if run.ended is None:
        return
    yield Sample("newscrawl_run_seconds", "How long the last run took.", site, (run.ended - run.started).total_seconds())
    outcome = run.outcome.partition(" until ")[0]  # a label must not be new each time
    yield Sample("newscrawl_run_outcome", "How the last run ended.", (*site, ("outcome", outcome)), 1)
    for name, (about, counter) in _COUNTED.items():
        yield Sample(name, about, site, run.counters.get(counter, 0))


def _of_health(health: Health) -> Iterable[Sample]:
    site, known = (("site", health.site),), health.baseline
    yield Sample("newscrawl_alarms", "Alarms of a site.", site, len(health.alarms))
    for alarm in health.alarms:
        labels = (*site, ("alarm", alarm.sign.value), ("field", alarm.field))
        yield Sample("newscrawl_alarm_since_seconds", "Since when, as Unix time.", labels, alarm.since.timestamp())
    if known.articles_a_day is not None:
        yield Sample("newscrawl_articles_a_day", "New articles a day, as a rule.", site, known.articles_a_day)
    for name, share in known.shares.items():
        yield Sample("newscrawl_field_share", "Share of articles that have a field, as a rule.", (*site, ("field", name)), share)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
