"""Pages of hostile shapes, as in benchmarks.caps, at a tenth of their size."""

import pytest

from benchmarks.caps import SECONDS, SHAPES, main, measure


@pytest.mark.parametrize("shape", SHAPES)
def test_hostile_shapes_take_little_time_and_spoil_no_article(shape):
    seconds, _, came = measure(shape, 0.1)
    assert seconds < SECONDS / 2
    assert came.startswith("no article") == ("NUL" in shape)


@pytest.mark.parametrize(
    ("shape", "why"), [("400,000 nested tags", "depth"), ("100,000 attributes", "attributes"), ("10 MB without a space", "size")]
)
def test_a_page_over_a_cap_says_which(shape, why):
    assert measure(shape, 0.4)[2].endswith(f"cut: {why}")


def test_one_shape_alone_is_printed_as_json(capsys):
    assert main(["an ordinary page"]) == 0
    assert "characters" in capsys.readouterr().out
