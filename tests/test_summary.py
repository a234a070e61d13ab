"""The table of runs."""

import io
from datetime import timedelta

from rich.console import Console

from newscrawl.models import Result, Run
from newscrawl.summary import run_table
from tests.examples import START


def cells(*runs):
    table = run_table(runs)
    return [
        dict(zip([str(column.header) for column in table.columns], row, strict=True))
        for row in zip(*(column.cells for column in table.columns), strict=True)
    ]


def test_counters_are_added_up_by_what_they_mean():
    counters = {"new": 3, Result.ARTICLE: 5, Result.MISSING: 1, Result.BUSY: 2, Result.FORBIDDEN: 4, "requests": 20, "bytes": 2_500_000}
    (row,) = cells(Run(id="r", site="gazette", started=START, ended=START + timedelta(seconds=90), outcome="finished", counters=counters))
    assert (row["new"], row["articles"], row["failed"], row["left"], row["asked"]) == ("3", "5", "3", "4", "20")
    assert (row["MB"], row["time"], row["outcome"]) == ("2.5", "0:01:30", "finished")


def test_a_run_without_an_end_is_running():
    (row,) = cells(Run(id="r", site="gazette", started=START))
    assert (row["time"], row["outcome"]) == ("", "running")


def test_garbled_texts_are_told():
    (row,) = cells(Run(id="r", site="gazette", started=START, ended=START, outcome="finished", counters={"damaged": 3}))
    assert row["outcome"] == "finished, 3 garbled"


def test_it_fits_a_terminal_of_80_columns():
    out = io.StringIO()
    Console(file=out, width=80).print(
        run_table([Run(id="r", site="gazette", started=START, ended=START + timedelta(seconds=9), outcome="finished")])
    )
    assert len(out.getvalue().splitlines()) == 2
