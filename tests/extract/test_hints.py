import pytest

from newscrawl.extract import hints

KNOWN = [
    ("related-posts", hints.RELATED),
    ("relatedArticles", hints.RELATED),
    ("comments-area", hints.COMMENT),
    ("shareBar", hints.SHARE),
    ("ad-slot top", hints.PROMOTION),
    ("article__byline", hints.BYLINE),
    ("pub_time", hints.DATE),
    ("wp-caption", hints.CAPTION),
    ("site-footer", hints.FOOTER),
    ("zhengwen", hints.BODY),
    ("xiangguan", hints.RELATED),
    ("breadcrumbs", hints.NAVIGATION),
    ("tag-list", hints.TAGS),
]


@pytest.mark.parametrize(("name", "flag"), KNOWN)
def test_names_tell_their_part(name, flag):
    assert hints.of_name(name) & flag


@pytest.mark.parametrize("name", ["page", "wrapper", "shadow", "headline-loader", "col-md-8", "download", "readable", "b1", ""])
def test_harmless_names_are_not_outside(name):
    assert not hints.of_name(name) & hints.OUTSIDE


def test_several_names_add_up():
    assert hints.of_name("story related") == hints.of_name("story") | hints.of_name("related")


def test_elements_tell_their_part():
    assert hints.of_tag("footer") == hints.FOOTER
    assert hints.of_tag("figcaption") & hints.OUTSIDE
    assert hints.of_tag("div") == 0
