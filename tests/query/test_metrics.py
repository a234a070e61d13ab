"""Figures for Prometheus."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.errors import InputError
from newscrawl.health import Alarm, Baseline, Health, Sign, as_json
from newscrawl.models import Run
from newscrawl.query.metrics import metrics, write_metrics
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.examples import START

LINE = re.compile(r'[a-z_]+\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\} -?[0-9.e+-]+')  # the text format, as far as we use it


async def test_each_line_is_in_the_format_and_each_family_stands_together(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    ended, why = START + timedelta(seconds=90), "deferred until 2026-08-01 09:00 UTC: why"
    await store.save_run(Run("r1", 'ga"z\\ette', START, ended=ended, outcome=why, counters={"new": 3, "bytes": 5_000_000_000}))
    await store.save_run(Run("r2", "herald", START))
    alarm = Alarm(Sign.FIELD, "told", START, field="date")
    await store.save_health("herald", as_json(Health("herald", START, Baseline(2.5, {"date": 0.9}), (alarm,))))
    text = await metrics(store, ["herald", 'ga"z\\ette', "unknown"])
    await store.close()
    lines = text.splitlines()
    assert all(line.startswith("#") or LINE.fullmatch(line) for line in lines), text
    names = [line.partition("{")[0] for line in lines if line[0] != "#"]
    assert len({name for name, before in zip(names, ["", *names], strict=False) if name != before}) == len(set(names))
    assert r'newscrawl_run_bytes{site="ga\"z\\ette"} 5000000000' in lines
    assert r'newscrawl_run_outcome{site="ga\"z\\ette",outcome="deferred"} 1' in lines
    assert 'newscrawl_alarms{site="herald"} 1' in lines
    assert f'newscrawl_alarm_since_seconds{{site="herald",alarm="field",field="date"}} {START.timestamp():.10g}' in lines
    assert 'newscrawl_run_seconds{site="herald"}' not in text


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "newscrawl.prom"
    write_metrics(path, "old\n")
    write_metrics(path, "new\n")
    assert [found.name for found in tmp_path.iterdir()] == ["newscrawl.prom"]
    assert path.read_text() == "new\n"
    with pytest.raises(InputError, match=r"nowhere.*newscrawl.prom"):
        write_metrics(tmp_path / "nowhere" / "newscrawl.prom", "")
