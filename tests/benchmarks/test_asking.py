"""The articles that asking is measured with, and a small round of measuring searches, and what many articles have in common."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import overviews
from benchmarks.asking import HEAD, QUESTIONS, Times, filled, measured
from benchmarks.stories import BYTES, story
from newscrawl.query.language import conditions
from newscrawl.query.search import moment
from newscrawl.store import open_store
from newscrawl.store.protocol import Search

STORIES = [story(number) for number in range(120)]


def test_an_article_of_a_number_is_always_the_same() -> None:
    assert story(7) == STORIES[7]
    assert len({one.id for one in STORIES}) == len(STORIES)


def test_articles_have_five_kilobytes_in_three_languages() -> None:
    sizes = [len(one.text.encode()) for one in STORIES]
    assert 0.9 * BYTES < sum(sizes) / len(sizes) < 1.1 * BYTES
    assert min(Counter(one.language for one in STORIES).values()) > 15


def test_common_words_are_common_and_most_words_rare() -> None:
    english = [one.text_search for one in STORIES if one.language == "en"]
    assert sum(" the " in text for text in english) > 0.95 * len(english)
    shares = Counter(word for text in english for word in set(text.split()))
    assert sum(count == 1 for count in shares.values()) > len(shares) / 3


def test_every_question_can_be_read() -> None:
    for question in QUESTIONS:
        assert conditions(question["q"], lambda day, behind: moment(day, behind=behind))


def test_times_are_told_by_their_middle_and_their_high_end() -> None:
    assert str(Times.of([1, 1, 1, 1, 100])) == "1, 80"


def test_a_store_is_filled_once_and_asked(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/store.db"
    size = asyncio.run(filled(uri, 30))
    assert asyncio.run(filled(uri, 30)) == size > 30 * 4 * BYTES
    told = measured(uri, 30, 2, size)
    assert min(told.first, told.asked.high, told.pages.high, told.front.high, told.memory) > 0
    assert str(told).count("|") == HEAD.splitlines()[0].count("|")


async def counts(uri: str) -> tuple[int, int, int]:
    store = open_store(uri)
    await store.open()
    told = await store.edits(Search(limit=100)), await store.gone(Search(limit=100)), await store.unread(overviews.SITE, 10_000)
    await store.close()
    return len(told[0]), len(told[1]), sum(group.count for group in told[2])


def test_a_store_is_completed_once_and_every_question_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(overviews, "HEADLINES", 300)
    monkeypatch.setattr(overviews, "QUERIES", ("",))
    uri = f"sqlite:///{tmp_path}/store.db"
    asyncio.run(filled(uri, 60))
    for _ in range(2):
        assert asyncio.run(overviews.completed(uri)) == 60
        assert asyncio.run(counts(uri)) == (15, 3, 300)
    overviews.asked(uri, 1)
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == len(overviews.TARGETS)
    assert all(row.endswith("kB |") for row in rows)
