"""Pipelines without a crawl around them."""

import logging
from datetime import UTC, datetime

import pytest
from scrapy.utils.test import get_crawler

from newscrawl.crawl.pipelines import CleanPipeline
from newscrawl.crawl.visit import Visit
from newscrawl.models import Evidence, Kind, Reading, Target

TARGET = Target(id="t", site="gazette", url="https://gazette.example/1", kind=Kind.PAGE, due=datetime(2026, 8, 1, tzinfo=UTC))


def processed(text, *others):
    crawler = get_crawler()
    reading = Reading(title="Old bridge", paragraphs=(text,), evidence={"body": Evidence("blocks", 0.9, others)})
    item = CleanPipeline(crawler).process_item(Visit(TARGET, reading=reading))
    return item, crawler.stats.get_stats()


@pytest.mark.parametrize(
    ("text", "others", "stat"),
    [
        ("Die alte Br\ufffdcke wird neu gebaut.", (), "clean/damaged"),
        ("The old bridge will be rebuilt.", (("cut", "size"),), "clean/cut"),
    ],
)
def test_a_text_that_is_garbled_or_not_whole_raises_an_alarm(text, others, stat, caplog):
    with caplog.at_level(logging.WARNING):
        item, stats = processed(text, *others)
    assert stats[stat] == 1
    assert "https://gazette.example/1 is" in caplog.text
    assert item.cleaned.text == text


def test_a_sound_text_raises_none(caplog):
    _, stats = processed("The old bridge will be rebuilt.")
    assert (stats, caplog.text) == ({"clean/article": 1}, "")


def test_a_reading_without_evidence_is_cleaned():
    item = CleanPipeline(get_crawler()).process_item(Visit(TARGET, reading=Reading(title="Old bridge", paragraphs=("Text.",))))
    assert item.cleaned.text == "Text."
