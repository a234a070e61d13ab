import pytest

from benchmarks.folds import FOLDS, fold_of, unseen
from benchmarks.labels import labels

GOLD = "The old bridge is to be rebuilt next year.\nIt was built in 1931.\nBoats\n河东镇的老桥要重修了。"


def test_blocks_of_the_gold_text():
    blocks = [
        "The old bridge is to be rebuilt next year.",
        "Boats",
        "Bridges and more",
        "The old bridge is a film",
        "河东镇的老桥要重修了。",
        "©",
    ]
    shares, sizes = labels(blocks, GOLD)
    assert shares.tolist() == pytest.approx([1, 1, 0, 1 / 6, 1, 0])  # a short block that is not there whole counts half
    assert sizes.tolist() == [9, 1, 3, 6, 10, 0]


def test_a_hosts_pages_are_left_out_together():
    assert fold_of("https://www.post.example/a", b"x") == fold_of("http://m.post.example/b?c", b"y")
    assert len({fold_of(f"https://paper{number}.example/", b"") for number in range(50)}) == FOLDS
    assert len({fold_of("http://unknown.invalid/", bytes([number])) for number in range(50)}) == FOLDS


def test_no_folder_of_folds(monkeypatch):
    monkeypatch.delenv("NEWSCRAWL_FOLDS", raising=False)
    assert unseen("https://post.example/", b"") is None
