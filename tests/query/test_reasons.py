import pytest

from newscrawl.models import Result
from newscrawl.query.reasons import EXPECTED, MEANINGS


@pytest.mark.parametrize("result", Result)
def test_every_result_has_a_meaning_of_its_own(result: Result) -> None:
    meaning = MEANINGS[result]
    assert 10 <= len(meaning) <= 90
    assert not meaning.endswith(".")
    assert list(MEANINGS.values()).count(meaning) == 1


def test_what_is_not_fetched_is_always_explained() -> None:
    assert not EXPECTED & {Result.FORBIDDEN, Result.TRAP, Result.BAD_ADDRESS, Result.BUSY, Result.UNREACHABLE, Result.LEAKED}
