import json
import subprocess
import sys

from benchmarks.floors import digest, losses
from benchmarks.pairwise import compared, page_f1

FLOORS = {"digest": "d", "body": 0.9, "title": 0.8}
SCORE = {"F1": 0.95, "title": 0.85, "date": None, "authorF1": None}


def test_a_loss_is_named():
    assert list(losses(SCORE, FLOORS, "d")) == []
    assert list(losses({**SCORE, "F1": 0.89}, FLOORS, "d")) == ["body 0.8900 is below 0.9"]
    assert list(losses({**SCORE, "title": None}, FLOORS, "d")) == ["title 0.0000 is below 0.8"]
    assert "the labels are others (e)" in next(losses(SCORE, FLOORS, "e"))


def test_the_digest_is_of_the_labels(tmp_path):
    (tmp_path / "gold.jsonl").write_text("one")
    before = digest(tmp_path)
    (tmp_path / "gold.jsonl").write_text("two")
    assert len(before) == 16
    assert digest(tmp_path) != before


def test_the_command_fails_on_a_loss(tmp_path):
    corpus = tmp_path / "fundus"
    corpus.mkdir()
    (corpus / "gold.jsonl").write_text("{}")
    score = json.dumps({"dataset": "fundus", **SCORE})
    ended = subprocess.run([sys.executable, "-m", "benchmarks.floors", corpus], input=score, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "fundus: the labels are others" in ended.stdout


def test_pages_are_compared_one_by_one():
    text = "the old bridge is to be rebuilt next year"
    assert page_f1(text, text) == page_f1("", "") == 1
    assert 0 < page_f1(text, text + " and more of that") < 1
    counts = compared({"a": text, "b": text}, {"a": text}, {"b": text})
    assert counts == {"pages": 2, "better by 0.01": 1, "worse by 0.01": 1, "better by 0.1": 1, "worse by 0.1": 1}
