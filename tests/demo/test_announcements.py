from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from protego import Protego

from newscrawl.demo.announcements import robots, rss, sitemap

DAY = datetime(2026, 5, 1, 10, tzinfo=UTC)


def test_robots_say_what_is_forbidden_and_how_slowly():
    rules = Protego.parse(robots(["/admin/"], delay=0.1, sitemap="http://a/sitemap.xml").body.decode())
    assert not rules.can_fetch("http://a/admin/x", "anybody")
    assert rules.can_fetch("http://a/x", "anybody")
    assert rules.crawl_delay("anybody") == 0.1
    assert list(rules.sitemaps) == ["http://a/sitemap.xml"]


def test_robots_without_a_delay_set_none():
    assert Protego.parse(robots([]).body.decode()).crawl_delay("anybody") is None


def test_a_feed_is_xml_in_its_encoding():
    feed = rss("湖报 & co", "http://a", [("山羊 < 船", "http://a/?x=1&y=2", DAY)], encoding="gbk").body
    root = ET.fromstring(feed.decode("gbk").replace('encoding="gbk"', ""))
    assert root.findtext("channel/item/title") == "山羊 < 船"
    assert root.findtext("channel/item/link") == "http://a/?x=1&y=2"
    assert root.findtext("channel/item/pubDate") == "Fri, 01 May 2026 10:00:00 +0000"


def test_a_sitemap_lists_addresses_with_their_last_change():
    root = ET.fromstring(sitemap([("http://a/?x=1&y=2", DAY)]).body)
    assert [element.text for element in root.iter() if not len(element)] == ["http://a/?x=1&y=2", "2026-05-01T10:00:00+00:00"]
