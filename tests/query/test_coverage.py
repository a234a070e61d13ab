"""What became of a site's headlines, by day."""

from datetime import date

import pytest

from newscrawl.models import Moment, Result, Settlement, State
from newscrawl.query.coverage import Day, coverage
from newscrawl.store.protocol import Store
from tests.store.records import article, hours, target


@pytest.fixture
async def filled(store: Store) -> Store:
    late = Moment(hours(12), "minute", "+08:00")  # 02:00 of the next day there, and 18:00 of this one in UTC
    articles = [article("a"), article("b", published=late), article("elsewhere", site="herald")]
    read = {"state": State.DONE, "result": Result.ARTICLE}
    await store.settle([Settlement(target(f"page {one.url}", site=one.site, **read), article=one) for one in articles])
    await store.add_targets(
        [
            target("missed", listed="2026-07-30", result=Result.BUSY, state=State.FAILED, due=hours(24)),
            target("words", listed="30 July 2026 18:20", due=hours(24)),
            target("far", listed="Thu, 30 Jul 2026 23:30:00 -0400", due=hours(24)),
            target("other", listed="2026年8月1日", result=Result.OTHER, state=State.DONE, visited=hours(1), due=hours(24)),
            target("undated", listed="today's best", due=hours(24)),
            target("fetched", state=State.DONE, result=Result.UNREADABLE, visited=hours(1)),
            target("left", listed="2026-07-30", state=State.SKIPPED, result=Result.TRAP),
        ]
    )
    return store


async def test_each_headline_counts_for_its_day(filled: Store) -> None:
    found = await coverage(filled, "gazette")
    assert found.days == (Day(date(2026, 8, 1), 2, captured=1), Day(date(2026, 7, 31), 0), Day(date(2026, 7, 30), 0, missed=3))
    assert (found.days[0].listed, found.days[2].listed) == (3, 3)
    assert (found.undated_captured, found.undated_missed) == (1, 1)


async def test_only_the_last_days_are_told(filled: Store) -> None:
    assert [day.day for day in (await coverage(filled, "gazette", days=2)).days] == [date(2026, 8, 1), date(2026, 7, 31)]


async def test_a_site_that_is_not_known(filled: Store) -> None:
    assert (await coverage(filled, "nobody")).days == ()
