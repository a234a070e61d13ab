from hypothesis import given
from hypothesis import strategies as st

from newscrawl.models import Article, Kind
from newscrawl.store.storable import storable
from tests.store.records import anything, article, target, visited


def test_halves_are_joined_or_replaced_wherever_they_stand() -> None:
    page = visited(found=(target("b", link_text="\udc00"),), article=article(tags=("\ud83d\ude00", "x"), repairs={"\ud800": 1}))
    mended = storable((page,))[0]
    assert mended.found[0].link_text == "\ufffd"
    assert mended.article.tags == ("😀", "x")
    assert mended.article.repairs == {"\ufffd": 1}
    assert mended.target == page.target
    assert mended.target.kind is Kind.PAGE


@given(anything(Article))
def test_what_can_be_stored_stays(record: Article) -> None:
    assert storable(record) == record


@given(st.text(st.characters()))
def test_all_text_can_be_stored_afterwards(text: str) -> None:
    assert storable(text).encode().decode() == storable(text)
