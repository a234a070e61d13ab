"""Site definitions: addresses, files, and what is said about mistakes."""

import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.config import shipped_folder
from newscrawl.errors import ConfigError, InputError
from newscrawl.sites import load_site, load_sites, named_sites, site_for_url

SAMPLE = shipped_folder() / "sites" / "example.toml.sample"


def write(folder: Path, slug: str, text: str) -> Path:
    path = folder / f"{slug}.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("url", "slug", "canonical"),
    [
        ("https://example.org/", "example.org", "https://example.org/"),
        ("HTTP://WWW.Example.org:80/city#top", "example.org", "http://www.example.org/city"),
        ("http://example.org:8080", "example.org-8080", "http://example.org:8080/"),
        ("example.org", "example.org", "https://example.org/"),
        ("  example.org/city ", "example.org", "https://example.org/city"),
        ("localhost:8000/a", "localhost-8000", "https://localhost:8000/a"),
        ("http://127.0.0.1:9/", "127.0.0.1-9", "http://127.0.0.1:9/"),
        ("http://[::1]:9/", "1-9", "http://[::1]:9/"),
        ("https://新闻.example/", "xn--efvy88h.example", "https://xn--efvy88h.example/"),
    ],
)
def test_an_address_that_nobody_configured_is_a_site(url, slug, canonical):
    site = site_for_url(url)
    assert (site.slug, site.url) == (slug, canonical)
    assert site.delay is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mailto:desk@example.org", "has to begin with https"),
        ("file:///etc/passwd", "has to begin with https"),
        ("file://example.org/etc/passwd", "has to begin with https"),
        ("javascript:alert(1)", "has to begin with https"),
        ("ftp://example.org/", "has to begin with https"),
        ("news", "write it like https://example.org/"),
        ("https://", "write it like"),
        ("//example.org/", "write it like"),
        ("http://exa mple.org/", "write it like"),
        ("", "an empty address"),
        ("https://me:secret@example.org/", "leave out user name and password"),
    ],
)
def test_what_is_no_address_is_refused(url, said):
    with pytest.raises(InputError, match=said) as caught:
        site_for_url(url)
    assert "secret" not in str(caught.value)


PRINTABLE = st.text(alphabet=string.printable, max_size=30)


@given(PRINTABLE | PRINTABLE.map("https://{}".format))
def test_any_text_is_a_site_with_a_safe_name_or_an_input_error(text):
    try:
        site = site_for_url(text)
    except InputError:
        return
    assert set(site.slug) <= set(string.ascii_lowercase + string.digits + "._-")
    assert site.slug[0] not in ".-"
    assert site.url.startswith(("http://", "https://"))


def test_the_sample_is_valid_and_not_loaded(tmp_path):
    write(tmp_path, "example", SAMPLE.read_text("utf-8"))
    site = load_site("example", tmp_path)
    assert (site.slug, site.url) == ("example", "https://example-local.news/")
    assert site.body is not None
    assert site.body.drop == (".relacionadas",)
    assert [layout.valid_from for layout in site.layout] == [date(2026, 8, 1)]
    assert load_sites(SAMPLE.parent) == []


def test_the_url_alone_is_enough(tmp_path):
    write(tmp_path, "b", 'url = "https://b.example"')
    write(tmp_path, "a", 'url = "https://a.example/"\ndelay = 2')
    sites = load_sites(tmp_path)
    assert [(site.slug, site.url, site.delay) for site in sites] == [("a", "https://a.example/", 2.0), ("b", "https://b.example/", None)]


def test_a_layout_holds_from_its_day_on_and_says_only_what_is_different(tmp_path):
    write(
        tmp_path,
        "x",
        """url = "https://x.example/"
article = "/news/"
body = { css = "div.old" }
date = { css = "time" }
[[layout]]
valid_from = 2026-08-01
body = { css = "div.new" }
[[layout]]
valid_from = 2026-09-01
article = "/story/"
date = { css = "" }
""",
    )
    site = load_site("x", tmp_path)
    read = [(day.article, day.body.css, day.date.css) for day in (site.on(date(2026, month, 1)) for month in (7, 8, 9))]
    assert read == [("/news/", "div.old", "time"), ("/news/", "div.new", "time"), ("/story/", "div.new", "")]
    assert (site.on(date(2026, 8, 31)).slug, site.on(date(2026, 7, 31)).body.css) == ("x", "div.old")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "url is missing"),
        ("listing = [3]", "listing[0] = 3: expected text"),
        ("listng = []", "unknown key listng. Did you mean 'listing'? Allowed: url, listing"),
        ('slug = "x"', "unknown key slug"),
        ('body = { css = "p", dropp = [] }', "unknown key body.dropp. Did you mean 'drop'? Allowed: css, drop"),
        ("body = {}", "body.css is missing"),
        ('body = { css = "p", drop = ["a", "b["] }', 'body.drop[1] = "b[": not a CSS selector'),
        ('next = "a["', 'next = "a[": not a CSS selector'),
        ('article = "("', 'article = "(": not a regular expression'),
        ('javascript = "sometimes"', 'javascript = "sometimes": expected "never" or "auto" or "always"'),
        ('date = { zone = "Mars/Olympus" }', 'date.zone = "Mars/Olympus": expected a zone'),
        ('date = { locale = "Spanish" }', 'date.locale = "Spanish": expected text'),
        ("delay = 0", "delay = 0: expected a number >= 0.001"),
        ("daily_minimum = -1", "daily_minimum = -1: expected a whole number >= 0"),
        ('[[layout]]\nvalid_from = "soon"', 'layout[0].valid_from = "soon"'),
        ('[[layout]]\nbody = { css = "p" }', "layout[0].valid_from is missing"),
        ('[[layout]]\nvalid_from = 2026-08-01\nurl = "x"', "unknown key layout[0].url"),
        ('[[layout]]\nvalid_from = 2026-08-01\nnext = "a["', 'layout[0].next = "a[": not a CSS selector'),
        ('[[layout]]\nvalid_from = 2026-08-01\narticle = "("', 'layout[0].article = "(": not a regular expression'),
        (
            "[[layout]]\nvalid_from = 2026-08-01\n[[layout]]\nvalid_from = 2026-07-01",
            "layout[1].valid_from = 2026-07-01: expected a later day",
        ),
        ("a = ", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_is_allowed(tmp_path, text, said):
    path = write(tmp_path, "x", text if text == "" else f'url = "https://x.example/"\n{text}')
    with pytest.raises(ConfigError) as caught:
        load_site("x", tmp_path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


def test_a_site_file_without_a_real_address_is_refused(tmp_path):
    write(tmp_path, "x", 'url = "x"')
    with pytest.raises(ConfigError, match=r"x\.toml: url: x: not the address of a web site"):
        load_site("x", tmp_path)


def test_a_missing_site_names_the_known_ones(tmp_path):
    with pytest.raises(ConfigError, match="no site is named hill-gazette: give an address"):
        load_site("hill-gazette", tmp_path)
    write(tmp_path, "hill-gazette", 'url = "https://x.example/"')
    with pytest.raises(ConfigError, match=r"no site is named .*\.toml\. Did you mean 'hill-gazette'\? Known: hill-gazette"):
        load_site("hil-gazette", tmp_path)


@pytest.mark.parametrize("slug", ["../secret", "/etc/passwd", "", "."])
def test_a_slug_leads_nowhere_else(tmp_path, slug):
    (tmp_path / "sites").mkdir()
    write(tmp_path, "secret", 'url = "https://x.example/"')
    with pytest.raises(ConfigError, match="no site is named"):
        load_site(slug, tmp_path / "sites")


def test_a_file_name_that_is_no_slug_is_refused(tmp_path):
    write(tmp_path, "My Site", 'url = "https://x.example/"')
    with pytest.raises(ConfigError, match="file name may hold"):
        load_sites(tmp_path)


def test_names_are_slugs_or_addresses_and_each_site_comes_once(tmp_path):
    write(tmp_path, "gazette", 'url = "https://www.gazette.example/"\ndelay = 5')
    sites = named_sites(["gazette", "https://gazette.example/city/", "other.example", "https://other.example/"], tmp_path)
    assert [(site.slug, site.delay) for site in sites] == [("gazette", 5.0), ("other.example", None)]
    with pytest.raises(ConfigError, match="no site is named"):
        named_sites(["gazete"], tmp_path)
    with pytest.raises(InputError):
        named_sites(["mailto:x@y.example"], tmp_path)
