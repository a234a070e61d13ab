from newscrawl.extract.authors import Credits
from newscrawl.extract.dates import Dates
from newscrawl.extract.evidence import fields_evidence, images_evidence, language_evidence
from newscrawl.extract.title import Title
from newscrawl.models import Image
from tests.examples import published

TITLE = Title("Old bridge", "h1", 0.9, others=tuple(("og", f"{number} " + "x" * 500) for number in range(10)))


def test_only_what_was_found_is_explained():
    assert set(fields_evidence(TITLE, Dates(), Credits())) == {"title"}
    dates = Dates(published("2026-08-01 06:00"), published("2026-08-01 07:00"), 0.9)
    names = Credits(("Jane Doe",), "Hedong Daily", "John Roe", "byline", 0.85)
    assert set(fields_evidence(TITLE, dates, names)) == {"title", "published", "modified", "authors", "source", "editor"}


def test_refused_authors_are_told_though_nobody_is_left():
    assert fields_evidence(TITLE, Dates(), Credits(others=(("meta", "Hedong"),)))["authors"].others == (("meta", "Hedong"),)


def test_evidence_stays_small():
    others = fields_evidence(TITLE, Dates(), Credits())["title"].others
    assert len(others) == 4
    assert max(len(text) for _, text in others) == 160


def test_a_language_is_surer_if_the_page_states_it():
    agreed, alone, denied = (language_evidence("zh-Hans", stated)["language"] for stated in ("zh_CN", "", "en"))
    assert agreed.confidence > alone.confidence > denied.confidence
    assert denied.others == (("lang", "en"),)
    assert language_evidence("", "en") == {}


def test_pictures_with_captions_are_surely_the_articles():
    sure = images_evidence((Image("a.jpg", "The bridge"),))["images"].confidence
    assert sure > images_evidence((Image("a.jpg"),))["images"].confidence
    assert images_evidence(()) == {}
