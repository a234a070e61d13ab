from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.identify.clusters import COMPARED, copies, groups, labelled, published_by, shares_of
from newscrawl.models import Moment
from newscrawl.reprints import Cluster, Copy, Likeness, Link
from tests.store.records import START, article

NAMES = "abcdefgh"


def linked(a, b, of_a=0.8, of_b=0.8, kind=Likeness.REPRINT):
    return Link(a, b, of_a, of_b, kind)


def test_who_agrees_belongs_together():
    links = [linked("a", "b"), linked("a", "c"), linked("b", "c"), linked("d", "e")]
    assert groups("abcdef", links) == [("a", "b", "c"), ("d", "e")]


def test_a_copy_that_is_like_one_of_two_may_join():
    assert groups("abc", [linked("a", "b"), linked("b", "c")]) == [("a", "b", "c")]


def test_one_text_that_is_like_many_strangers_joins_one_of_them_at_most():
    """What ruined union-find: 37 texts that shared a frame with one short document were one cluster."""
    strangers = [f"s{number:02}" for number in range(37)]
    found = groups(["hub", *strangers], [linked("hub", stranger) for stranger in strangers])
    assert all(len(group) <= 3 for group in found)


def test_one_link_does_not_merge_two_clusters():
    clusters = ["a1 a2 a3 a4".split(), "b1 b2 b3 b4".split()]
    inside = [linked(*pair) for members in clusters for pair in combinations(members, 2)]
    assert groups([*clusters[0], *clusters[1]], [*inside, linked("a1", "b1")]) == [tuple(members) for members in clusters]


def test_clusters_whose_members_agree_are_merged():
    names = ["a1", "a2", "b1", "b2"]
    links = [linked(*pair, 0.6, 0.6) for pair in combinations(names, 2)] + [linked("a1", "a2"), linked("b1", "b2")]
    assert groups(names, links) == [tuple(names)]


def test_a_weak_link_is_no_reason():
    assert groups("ab", [linked("a", "b", 0.4, 0.4)]) == []


def sampled(names, seed):
    """Each compared with some of those before it, as many as there are at most."""
    chance = Random(seed)
    return [linked(other, one) for at, one in enumerate(names) for other in chance.sample(names[:at], min(at, COMPARED))]


def test_copies_that_were_not_all_compared_with_each_other_are_one_cluster():
    many = [f"m{number:03}" for number in range(200)]
    assert groups(many, sampled(many, 1)) == [tuple(many)]


def test_and_one_link_more_still_merges_no_two():
    one, other = ([f"{name}{number:03}" for number in range(90)] for name in "ab")
    links = [*sampled(one, 1), *sampled(other, 2), *[linked(one[0], stranger) for stranger in other[:COMPARED]]]
    assert groups([*one, *other], links) == [tuple(one), tuple(other)]


def test_those_that_are_settled_stay_together_and_may_be_joined():
    settled = {"a": "x", "b": "x", "c": "y"}
    assert groups("abcd", [linked("a", "d")], settled) == [("a", "b", "d"), ("c",)]
    assert groups("abcd", [], settled) == [("a", "b"), ("c",)]


def test_a_roundup_is_no_copy_of_what_it_holds():
    roundup = [linked("item1", "round", 1.0, 0.35), linked("item2", "round", 0.9, 0.3, Likeness.PASSAGE)]
    assert groups(["item1", "item2", "round"], roundup) == []
    assert groups(["item1", "round"], roundup) == []  # item2 lies beyond what is weighed
    assert groups(["item1", "round"], roundup[:1]) == [("item1", "round")]


def test_an_excerpt_from_the_middle_of_a_copied_article_is_no_roundup():
    links = [
        linked("copy", "whole"),
        linked("part", "whole", 1.0, 0.4, Likeness.PASSAGE),
        linked("copy", "part", 0.4, 1.0, Likeness.PASSAGE),
    ]
    assert groups(["copy", "part", "whole"], links) == [("copy", "part", "whole")]


@given(
    st.permutations(list(NAMES)),
    st.dictionaries(st.sampled_from(list(combinations(NAMES, 2))), st.floats(0.2, 1), max_size=20),
    st.randoms(),
)
def test_neither_the_order_of_articles_nor_of_links_matters(names, pairs, chance):
    links = [linked(a, b, value, value) for (a, b), value in pairs.items()]
    found = groups(NAMES, links)
    chance.shuffle(links)
    assert groups(names, links) == found
    members = [article for group in found for article in group]
    assert len(members) == len(set(members))


# labels


def cluster(label, since=0):
    at = START + timedelta(hours=since)
    return Cluster(label, at, at)


def test_a_new_group_is_called_after_its_first_article():
    assert labelled([("a", "b"), ("c", "d")], {}, {}, founders=["b", "d", "c", "a"]) == {"b": ("a", "b"), "d": ("c", "d")}


def test_a_label_is_never_used_for_another_cluster():
    assert labelled([("a", "b")], {}, {"a": cluster("a")}, founders=["a", "b"]) == {"b": ("a", "b")}
    taken = {"a": cluster("a"), "b": cluster("b")}
    assert list(labelled([("a", "b")], {}, taken, founders=["a", "b"])) == ["a-2"]


def test_two_that_merge_keep_the_older_label():
    known = {"x": cluster("x", since=2), "y": cluster("y", since=1)}
    assert labelled([("a", "b", "c")], {"a": "x", "b": "x", "c": "y"}, known, founders="abc") == {"y": ("a", "b", "c")}


def test_of_two_that_part_the_larger_keeps_the_label():
    former = dict.fromkeys("abcde", "x")
    assert labelled([("a", "b"), ("c", "d", "e")], former, {"x": cluster("x")}, founders="abcde") == {"a": ("a", "b"), "x": ("c", "d", "e")}


def test_a_label_that_a_crash_left_without_a_cluster_counts_as_new():
    assert labelled([("a", "b", "c")], {"a": "a", "c": "c"}, {"c": cluster("c")}, founders="abc") == {"c": ("a", "b", "c")}


# the likely original


def dated(name, time, precision="minute", **other):
    return article(name, published=Moment(time, precision), **other)


NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


def test_the_earliest_is_the_likely_original():
    first, second = dated("first", NOON), dated("second", NOON + timedelta(hours=1))
    shares = {first.id: {second.id: 0.7}, second.id: {first.id: 0.9}}
    assert copies([second, first], shares) == (Copy(first.id, 1.0), Copy(second.id, 0.9))


def test_a_day_may_be_its_end():
    day, minute = dated("day", NOON.replace(hour=0), "day"), dated("minute", NOON)
    assert copies([day, minute], {minute.id: {}, day.id: {}})[0].article == minute.id
    assert published_by(day) == NOON.replace(hour=0) + timedelta(days=1)
    assert published_by(article("undated")) == START


def test_who_names_another_of_them_as_the_source_is_not_the_original():
    taken = dated("taken", NOON, source="herald.example", site="gazette")
    original = dated("original", NOON + timedelta(hours=2), site="herald", url="https://www.herald.example/1")
    assert copies([taken, original], {taken.id: {original.id: 1.0}})[0].article == original.id
    linking = dated("linking", NOON, "minute", site="gazette", text="First published at herald.example.", text_search="at herald.example.")
    assert copies([linking, original], {linking.id: {original.id: 1.0}})[0].article == original.id


def test_ones_own_address_is_no_source():
    own = dated("own", NOON, source="gazette.example", site="gazette")
    later = dated("later", NOON + timedelta(hours=2), site="herald", url="https://herald.example/1")
    assert copies([own, later], {later.id: {own.id: 1.0}})[0].article == own.id


def test_a_share_that_was_never_measured_is_that_of_the_copy_most_alike():
    group = [dated(name, NOON + timedelta(hours=hour)) for hour, name in enumerate(("first", "second", "third"))]
    first, second, third = (one.id for one in group)
    links = [linked(*sorted((first, second)), 0.5, 0.5), linked(*sorted((second, third)), 0.6, 0.6)]
    assert copies(group, shares_of(links)) == (Copy(first, 1.0), Copy(second, 0.5), Copy(third, 0.6))
