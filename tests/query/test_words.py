"""Words that set a result apart, in texts as search sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.query.words import BACKGROUND, SAMPLE, TEXT, telling, top_words
from newscrawl.store.protocol import Search, Store
from tests.store.records import article, holding

# Sentences whose words meet each other anew in each text, as words do.
PLACES = ["县城", "码头", "南岸", "北岸", "老街", "学校", "广场", "车站", "湖边", "桥头"]
VERBS = ["停航", "恢复", "检修", "开放", "改造", "通知", "庆祝", "关闭", "整理", "验收"]


def chinese(at: int, thing: str) -> str:
    place, verb, other = PLACES[at % 10], VERBS[at * 7 % 10], PLACES[at * 3 % 10]
    return f"{place}{thing}的消息。{verb}{thing}之后，{other}居民说起{thing}，{place}和{thing}都在{verb}。"


def words(found: list[str], known: list[str], *asked: str) -> list[str]:
    return [word.text for word in telling(found, known, asked)]


def test_words_that_stand_in_most_of_a_result_and_in_little_else_come_first() -> None:
    found = [f"the ferry sails from pier {at} with the captain" for at in range(20)]
    known = found + [f"the mayor speaks of roads {at} with the council" for at in range(80)]
    assert words(found, known) == ["captain", "ferry", "from", "pier", "sails"]


def test_what_is_everywhere_tells_nothing() -> None:
    texts = [f"the mayor speaks {at}" for at in range(50)]
    assert words(texts, texts) == []
    assert words([], texts) == []
    assert words(texts, []) == []


def test_words_asked_for_are_left_out() -> None:
    found = [f"ferry captain {at}" for at in range(20)]
    known = found + ["something else"] * 80
    assert words(found, known, "ferry") == ["captain"]
    assert words(found, known, "ferry captain") == []


def test_a_word_of_two_articles_is_theirs_alone() -> None:
    assert words(["ferry ferry ferry", "ferry"], ["other"] * 600) == []


def test_chinese_words_are_found_without_their_pieces_and_neighbours() -> None:
    found = [chinese(at, "图书馆") for at in range(30)]
    known = found + [chinese(at, "渡船") for at in range(30)] + [chinese(at, "糖画") for at in range(60)]
    told = words(found, known)
    assert told[0] == "图书馆"
    assert not {"图书", "书馆", "的消", "和图书馆", "图书馆的"} & set(told)


@pytest.mark.parametrize("word", ["किताब", "किताबें", "كَتَبَ", "שָׁלוֹם", "cafe\u0301", "l'été", "দৈনিক"])
def test_marks_are_part_of_their_words(word: str) -> None:
    found = [f"{word} {at}" for at in range(20)]
    assert words(found, found + ["other"] * 100) == [word]


def test_one_long_article_is_read_as_far_as_news_says_what_it_is_about() -> None:
    found = [f"ferry {'x ' * TEXT} harbour" for _ in range(20)]
    assert words(found, found + ["other"] * 100) == ["ferry"]


@given(st.lists(st.text(max_size=60), max_size=8), st.lists(st.text(max_size=60), max_size=8))
def test_any_texts_can_be_weighed(found: list[str], known: list[str]) -> None:
    told = telling(found, known)
    assert [word.weight for word in told] == sorted((word.weight for word in told), reverse=True)
    assert all(3 <= word.found <= len(found) for word in told)


async def test_words_of_a_search(store: Store) -> None:
    await store.settle(holding(*(article(f"f{at}", f"ferry captain number{at}") for at in range(20))))
    await store.settle(holding(*(article(f"m{at}", f"mayor speaks number{at}") for at in range(60))))
    told = await top_words(store, Search(("ferry",)))
    assert ([word.text for word in told.words], told.found, told.known) == (["captain"], 20, 80)
    assert (await top_words(store, Search(("absent",)))).words == ()
    assert len((await top_words(store, Search(("ferry",)), limit=0)).words) == 0


def test_samples_are_small_enough_to_be_read_while_somebody_waits() -> None:
    assert (SAMPLE + BACKGROUND) * TEXT < 1_500_000


@pytest.mark.parametrize("text", ["", "。", "a b", "12 34", "ก็ได้"])
def test_texts_without_words(text: str) -> None:
    assert words([text] * 30, ["other"] * 99) == []


async def test_the_archive_is_sampled_in_the_languages_of_what_was_found(store: Store) -> None:
    english = [article(f"e{at}", f"the ferry of number{at}", language="en") for at in range(20)]
    others = [article(f"o{at}", f"the mayor of number{at}", language="en") for at in range(40)]
    spanish = [article(f"s{at}", f"una barca del puerto{at}", language="es") for at in range(60)]
    await store.settle(holding(*english, *others, *spanish))
    told = await top_words(store, Search(("ferry",)))
    assert (told.words, told.known) == ((), 60)
