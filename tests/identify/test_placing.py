"""New, unchanged, changed, or known under another address; and articles of several pages."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.text import search_form
from newscrawl.identify import placing
from newscrawl.identify.placing import Placed, looked_at, with_part
from newscrawl.known import Known
from newscrawl.models import Article, Part, Result
from tests.examples import article, published

HOUR = timedelta(hours=1)


def known(*articles: Article) -> Known:
    """A store that holds these, asked for everything."""
    by_content = {(one.site, one.content_hash): one for one in reversed(articles)}
    return Known({one.id: one for one in articles}, by_content)


def place(read: Article, store: Known, repeated: Collection[str] = ()) -> Placed:
    """Where it belongs, texts being made fit for search as the crawl does it."""
    return placing.place(read, store, search_form=search_form, repeated=repeated)


def later(old: Article, hours: float = 1, **fields: object) -> Article:
    """The same page read again."""
    seen = old.last_seen + hours * HOUR
    return replace(old, first_seen=seen, last_seen=seen, capture=f"c{hours}", **fields)


def twin(old: Article, **fields: object) -> Article:
    """The same content read at another address."""
    return later(old, **{"id": "f" * 32, "url": "https://m.gazette.example/1", **fields})


def test_a_new_article_is_stored_as_it_was_read():
    new = article(1)
    assert place(new, Known({}, {})) == Placed(new, Result.ARTICLE)
    assert place(new, known(article(2))) == Placed(new, Result.ARTICLE)


def test_an_unchanged_article_was_only_seen_again():
    old = article(1, aliases=("https://m.gazette.example/1",), cluster="k", revision=3)
    assert place(later(old), known(old)) == Placed(replace(old, last_seen=old.last_seen + HOUR), Result.UNCHANGED)


def test_lines_that_proved_to_be_the_sites_make_no_revision():
    plea = "Become a friend of the Gazette."
    bare = article(1, revision=3, cluster="k")
    old = replace(bare, text=f"{bare.text}\n{plea}", content_hash="before")
    placed = place(later(bare, revision=1), known(old), {plea})
    assert (placed.result, placed.revision) == (Result.UNCHANGED, None)
    assert (placed.article.text, placed.article.revision, placed.article.first_seen) == (old.text, 3, old.first_seen)
    edited = place(later(bare, text="Other words.", content_hash="after"), known(old), {plea})
    assert edited.revision is not None
    assert edited.revision.text == old.text


def test_reading_an_older_capture_again_does_not_turn_back_the_clock():
    old = article(1)
    assert place(later(old, -5), known(old)).article == old
    assert place(twin(old, hours=-5), known(old)).article.last_seen == old.last_seen


def test_a_changed_article_leaves_its_former_state_behind():
    old = article(1, aliases=("https://m.gazette.example/1",), cluster="k", revision=2)
    read = later(old, text="Corrected.", text_search="corrected.", content_hash="new", title="Report 1, corrected")
    placed = place(read, known(old))
    assert placed.result is Result.ARTICLE
    assert placed.article == replace(read, first_seen=old.first_seen, aliases=old.aliases, cluster="k", revision=3, changed=read.last_seen)
    former = placed.revision
    assert former is not None
    assert (former.article, former.number, former.seen, former.replaced) == (old.id, 2, old.first_seen, read.last_seen)
    assert (former.title, former.text, former.capture) == (old.title, old.text, old.capture)
    assert former.changed == ("title", "text")


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"title": "Other"}, ("title",)),
        ({"text": "Other"}, ("text",)),
        ({"authors": ("Ann Oster",), "published": published("2026-01-01 00:00")}, ("authors", "published")),
        ({"authors": (), "published": None, "title": "Other"}, ("title",)),
    ],
)
def test_a_revision_names_what_changed(fields, changed):
    old = article(1, authors=("Bo Lind",), published=published("2025-12-24 00:00"))
    revision = place(later(old, content_hash="new", **fields), known(old)).revision
    assert revision is not None
    assert revision.changed == changed


def test_the_same_content_at_another_address_is_an_alias():
    old = article(1, aliases=("https://a.example/",))
    placed = place(twin(old), known(old))
    assert placed.result is Result.SAME_CONTENT
    aliases, joined = ("https://a.example/", "https://m.gazette.example/1"), (("https://m.gazette.example/1", "same-content"),)
    assert placed.article == replace(old, aliases=aliases, joined=joined, last_seen=old.last_seen + HOUR)
    assert placed.revision is None


def test_an_alias_is_named_once():
    old = article(1)
    once = place(twin(old), known(old)).article
    assert place(twin(old, hours=2), known(once)).article.aliases == once.aliases
    assert place(twin(old, url=old.url), known(old)).article.aliases == ()


def test_an_address_that_is_known_is_not_taken_for_another_with_the_same_content():
    first, second = article(1), article(2)
    placed = place(later(second, content_hash=first.content_hash, text=first.text), known(first, second))
    assert (placed.article.id, placed.result) == (second.id, Result.ARTICLE)


def test_articles_without_text_are_never_one():
    first = article(1, text="", content_hash="")
    second = article(2, text="", content_hash="")
    assert place(second, known(first)) == Placed(second, Result.ARTICLE)


def test_the_same_content_on_another_site_is_a_reprint_not_an_alias():
    ours = article(1)
    theirs = replace(article(2), site="herald", content_hash=ours.content_hash)
    assert place(theirs, known(ours)) == Placed(theirs, Result.ARTICLE)


READS = st.lists(st.tuples(st.sampled_from(["main", "mobile", "other"]), st.sampled_from(["a", "b", ""])), min_size=1, max_size=6)


@given(READS)
def test_placing_twice_is_placing_once(reads):
    """A batch that is repeated after a crash adds no revision, no alias, no article."""
    stored: dict[str, Article] = {}
    for hours, (address, content) in enumerate(reads):
        read = later(article(1), hours, id=address, url=f"https://{address}.example/", content_hash=content, text=content)
        placed = place(read, known(*stored.values()))
        stored[placed.article.id] = placed.article
        again = place(read, known(*stored.values()))
        assert again == Placed(placed.article, again.result)
        assert again.result is not Result.ARTICLE
    for one in stored.values():
        assert one.revision <= len(reads)
        assert one.url not in one.aliases
        assert len(set(one.aliases)) == len(one.aliases)


# articles on several pages


def part(number: int, text: str = "") -> Part:
    text = text or f"Page {number}."
    return Part(number=number, text=text, text_published=text.upper(), capture=f"p{number}")


def joined(first: Article, *parts: Part) -> Article:
    for one in parts:
        first = with_part(first, one, search_form=search_form)
    return first


FIRST = article(1, text="Page 1.", text_published="PAGE 1.", text_search="report 1\npage 1.")


def test_a_part_is_put_behind_page_one():
    whole = joined(FIRST, part(2))
    assert (whole.text, whole.text_published, whole.text_search) == ("Page 1.\nPage 2.", "PAGE 1.\nPAGE 2.", "report 1\npage 1.\npage 2.")
    assert whole.parts == (Part(1, "Page 1.", "PAGE 1.", FIRST.capture), part(2))
    assert replace(whole, parts=(), text=FIRST.text, text_published=FIRST.text_published, text_search=FIRST.text_search) == FIRST


def test_parts_in_any_order_and_any_number_of_times_give_one_article():
    whole = joined(FIRST, part(2), part(3), part(4), part(11))
    assert whole.text == "Page 1.\nPage 2.\nPage 3.\nPage 4.\nPage 11."
    for order in permutations([part(2), part(3), part(4), part(11)]):
        assert joined(FIRST, *order, order[0]) == whole


def test_a_part_that_is_read_again_replaces_itself():
    whole = joined(FIRST, part(2), part(3), part(2, "Corrected."))
    assert whole == joined(FIRST, part(2, "Corrected."), part(3))
    assert whole.text_search == "report 1\npage 1.\ncorrected.\npage 3."


def test_page_one_may_be_replaced_like_any_other():
    assert joined(FIRST, part(2), part(1, "New.")).text == "New.\nPage 2."


def test_further_pages_do_not_change_what_the_article_is_recognised_by():
    whole = joined(FIRST, part(2))
    assert place(later(FIRST), known(whole)) == Placed(replace(whole, last_seen=whole.last_seen + HOUR), Result.UNCHANGED)


def test_a_changed_article_keeps_its_further_pages_until_they_are_read_again():
    whole = joined(FIRST, part(2), part(3))
    read = later(FIRST, title="Corrected", text="New.", text_published="NEW.", text_search="corrected\nnew.", content_hash="new")
    placed = place(read, known(whole))
    assert (placed.article.text, placed.article.text_published) == ("New.\nPage 2.\nPage 3.", "NEW.\nPAGE 2.\nPAGE 3.")
    assert placed.article.text_search == "corrected\nnew.\npage 2.\npage 3."
    assert placed.article.parts == (Part(1, "New.", "NEW.", read.capture), part(2), part(3))
    assert placed.revision is not None
    assert (placed.revision.text, placed.revision.changed) == (whole.text, ("title", "text"))


def test_a_corrected_headline_is_no_change_of_the_text_behind_it():
    """The page that was read has page 1 only; the further pages count as unchanged."""
    whole = joined(FIRST, part(2))
    placed = place(later(FIRST, title="Corrected", content_hash="new"), known(whole))
    assert placed.revision is not None
    assert placed.revision.changed == ("title",)


# articles that are gone


def test_an_article_is_gone_since_its_address_first_said_so():
    old = article(1)
    gone = looked_at(old, at=old.last_seen + HOUR, there=False)
    assert gone == replace(old, gone=old.last_seen + HOUR)
    assert looked_at(gone, at=old.last_seen + 5 * HOUR, there=False) == gone


def test_and_is_back_when_it_is_there_again_changed_or_not():
    old = article(1)
    gone = looked_at(old, at=old.last_seen + HOUR, there=False)
    back = old.last_seen + 2 * HOUR
    returned = replace(old, last_seen=back, absences=((back - HOUR, back),))
    assert looked_at(gone, at=back, there=True) == returned
    assert place(later(old, 2), known(gone)) == Placed(returned, Result.UNCHANGED)
    changed = place(later(old, 2, content_hash="new", text="Other."), known(gone)).article
    assert (changed.gone, changed.absences) == (None, returned.absences)


def test_a_copy_of_an_article_that_is_gone_does_not_bring_it_back():
    gone = looked_at(article(1), at=article(1).last_seen, there=False)
    assert place(twin(gone), known(gone)).article.gone == gone.gone


# edits seen at an alias


EDITION = " ".join(f"word{number}" for number in range(60))


def at_alias(old: Article, text: str, **fields: object) -> Article:
    return twin(old, text=text, text_search=text, content_hash=text, **fields)


def aliased(text: str = EDITION) -> tuple[Article, Known]:
    alias = "https://m.gazette.example/1"
    old = article(1, text=text, text_search=text, content_hash=text, aliases=(alias,), joined=((alias, "same-content"),))
    return old, Known({}, {}, {(old.site, alias): old})


def test_an_edited_article_at_an_alias_is_no_article_of_its_own():
    old, store = aliased()
    placed = place(at_alias(old, EDITION.replace("word7", "other")), store)
    assert placed == Placed(replace(old, last_seen=old.last_seen + HOUR), Result.SAME_CONTENT)


def test_another_text_at_what_was_an_alias_is():
    old, store = aliased()
    read = at_alias(old, " ".join(f"other{number}" for number in range(60)))
    assert place(read, store) == Placed(read, Result.ARTICLE)


def test_what_somebody_parted_is_not_joined_again():
    old = article(1, joined=(("https://m.gazette.example/1", "parted"),))
    read = twin(old)
    assert place(read, known(old)) == Placed(read, Result.ARTICLE)


# further pages that change


def read_part(parent: Article, one: Part, hours: float = 5) -> Placed:
    return placing.place_part(parent, one, at=parent.last_seen + hours * HOUR, search_form=search_form)


def test_a_further_page_that_was_never_read_makes_no_revision():
    assert read_part(FIRST, part(2)) == Placed(joined(FIRST, part(2)), Result.PART)


def test_a_further_page_that_changed_makes_one():
    whole = joined(FIRST, part(2))
    at = whole.last_seen + 5 * HOUR
    placed = read_part(whole, part(2, "Corrected."))
    assert placed.article == replace(joined(FIRST, part(2, "Corrected.")), revision=2, changed=at)
    assert placed.revision is not None
    assert (placed.revision.text, placed.revision.changed, placed.revision.replaced) == (whole.text, ("text",), at)


def test_a_further_page_that_is_the_same_changes_nothing():
    whole = joined(FIRST, part(2, "Page two."))
    assert read_part(whole, part(2, "Page  two")) == Placed(whole, Result.PART)


def test_a_further_page_belongs_to_the_change_of_page_one():
    whole = replace(joined(FIRST, part(2)), revision=2, changed=FIRST.last_seen)
    placed = read_part(whole, part(2, "Corrected."), hours=0.1)
    assert (placed.revision, placed.article.revision) == (None, 2)
    assert placed.article.text == "Page 1.\nCorrected."
