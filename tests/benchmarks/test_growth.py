"""The benchmark of growth, on a store that is small enough for a test."""

import asyncio
from xml.dom.minidom import parseString

import pytest

from benchmarks.growth import grow, slow_enough
from benchmarks.growth_plot import Measured, svg


def row(documents: int, lookup: float, store: str = "sqlite") -> Measured:
    return Measured(store, documents, lookup, 1.0, 600.0)


def test_all_copies_are_found_and_keys_take_what_the_figures_say(tmp_path) -> None:
    """That they are found `measured` checks itself."""
    small, large = asyncio.run(grow(f"sqlite:///{tmp_path}/store.db", [500, 3000]))
    assert (small.documents, large.documents) == (500, 3000)
    assert 500 < large.bytes < 700


@pytest.mark.parametrize(("lookup", "slow"), [(0.29, True), (0.31, False)])
def test_what_grows_faster_than_the_logarithm_is_told(lookup: float, *, slow: bool, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(1_000_000, lookup), row(10_000, 0.2), row(1_000_000, 99.0, "mongodb")]
    assert slow_enough("sqlite", rows) is slow
    assert "the logarithm is 1.50 times as large" in capsys.readouterr().out


def test_the_picture_has_a_point_for_each_size_of_each_store() -> None:
    rows = [row(size, 0.2, store) for store in ("sqlite", "mongodb") for size in (10_000, 100_000, 1_000_000)]
    picture = parseString(svg(rows))
    assert len(picture.getElementsByTagName("circle")) == 2 * len(rows)
    words = [node.firstChild.data for node in picture.getElementsByTagName("text")]
    assert {"sqlite", "mongodb", "1,000,000", "bytes an article"} <= set(words)
