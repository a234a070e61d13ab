"""`newscrawl probe`, as a user starts it, on portals that are really served."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Exchange, Server
from newscrawl.demo.serving import Demo, serve_demo
from newscrawl.models import State
from newscrawl.sites import load_site
from tests.crawl.crawls import NEWSCRAWL, Place, Ran, ended
from tests.crawl.pages import listing, publish, story

PROBE = (*NEWSCRAWL[:-1], "probe")
NAMES = [f"/news/{name}" for name in "abcdefgh"]


@dataclass(frozen=True, slots=True)
class Look:
    """A probe that is over, where it kept what it saw, and what the server saw of it."""

    ran: Ran
    kept: Place
    requests: list[Exchange]

    def listed(self, title: str) -> list[str]:
        """The addresses below a heading."""
        lines = self.ran.stdout.partition(f"\n{title}\n")[2].partition("\n\n")[0].splitlines()
        return [line.split()[0] for line in lines]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with serve_demo() as served:
        yield served


@pytest.fixture(scope="module")
def looks(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> list[Look]:
    """One at each of the demo's portals: the Chinese one, the English one."""
    looked = []
    for home in demo.homes:
        demo.requests.clear()
        place = Place(tmp_path_factory.mktemp("user"))
        kept = Place(place.folder / "kept", f"sqlite:///{place.folder}/kept/newscrawl.db")
        looked.append(Look(probed(place, home, "--keep", str(kept.folder)), kept, list(demo.requests)))
    return looked


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1",)) as one:
        yield one


@pytest.fixture
def user(tmp_path: Path) -> Place:
    """Somebody with settings and a folder for temporary files, both empty, and no store yet."""
    return Place(tmp_path)


def probed(place: Place, *arguments: str, **knobs: object) -> Ran:
    """A probe by somebody who keeps settings, store and temporary files in `place`."""
    return ended(begun(place, *arguments, **knobs))


def begun(place: Place, *arguments: str, **knobs: object):
    (place.folder / "settings").mkdir(exist_ok=True)
    (place.folder / "temporary").mkdir(exist_ok=True)
    named = ("-c", f"import tempfile; tempfile.tempdir = {str(place.folder / 'temporary')!r}; {PROBE[1]}", *PROBE[2:])
    return place.start(*arguments, program=named, settings=place.folder / "settings", **knobs)


def file_of(place: Place, slug: str) -> Path:
    return place.folder / "settings" / "sites" / f"{slug}.toml"


def slug_of(home: str) -> str:
    return home.strip("/").removeprefix("http://").replace(":", "-")


# the demo's portals


def test_both_portals_need_nothing(looks: list[Look], demo: Demo) -> None:
    for look, home in zip(looks, demo.homes, strict=True):
        assert look.ran.code == 0, look.ran.stderr
        assert look.ran.stdout.startswith(f"{slug_of(home)}  {home}\n25 requests: ")
        assert look.ran.stdout.splitlines()[-2].startswith("The defaults will do.")
        assert look.ran.stdout.endswith(f"\n  newscrawl crawl {home}\n")


def test_the_requests_are_as_many_as_they_may_be_and_as_it_says(looks: list[Look]) -> None:
    assert [len(look.requests) for look in looks] == [25, 25]
    assert all(len({exchange.target for exchange in look.requests}) == 25 for look in looks)


def test_what_it_takes_for_articles_are_articles(looks: list[Look], demo: Demo) -> None:
    for look, portal in zip(looks, demo.portals, strict=True):
        found = look.kept.holding().articles
        titles = {address: expected.title for expected in portal.expected for address in expected.addresses}
        assert len(found) >= 8
        assert [article.title for article in found] == [titles.get(article.url) for article in found]
        assert all(article.title[:20] in look.ran.stdout for article in found)


def test_sections_and_sources_are_what_they_are(looks: list[Look]) -> None:
    chinese, english = looks
    assert chinese.listed("Feeds and sitemaps") == ["/rss.xml"]
    assert english.listed("Feeds and sitemaps") == ["/sitemap.xml"]
    assert set(chinese.listed("Pages that list articles")) == {"/", "/bendi/", "/minsheng/", "/wenhua/"}
    sections = english.listed("Pages that list articles")
    assert sections[0] == "/"
    assert {"/news/", "/town-hall/", "/life/"} == {path for path in sections if not path.startswith("/authors/")} - {"/"}


def test_what_is_no_article_says_why(looks: list[Look]) -> None:
    chinese, english = looks
    assert "/about.html" in chinese.listed("Not taken for articles")
    assert {"/about/", "/privacy/", "/news/the-whale-that-was-a-tarpaulin/"} < set(english.listed("Not taken for articles"))
    assert "  About us  (no date, short headline)  " in english.ran.stdout
    assert "  /preview/the-mayors-hat/  robots.txt asks us to leave it alone\n" in english.ran.stdout
    assert "  /robots.txt  read, asks for 0.1 s between requests\n" in chinese.ran.stdout


def test_what_was_kept_is_whole_and_the_users_own_store_was_never_made(looks: list[Look]) -> None:
    for look in looks:
        assert look.kept.verified() == 25
        assert [run.outcome for run in look.kept.holding().runs] == ["survey"]
        user = look.kept.folder.parent
        assert sorted(path.name for path in user.iterdir()) == ["kept", "settings", "temporary"]


def test_a_crawl_into_what_was_kept_goes_on_from_there(demo: Demo, user: Place) -> None:
    kept = Place(user.folder / "kept", f"sqlite:///{user.folder}/kept/newscrawl.db")
    home = demo.homes[1]
    assert probed(user, home, "--keep", str(kept.folder), "--requests", "8").code == 0
    assert sum(answered.state is State.DONE for answered in kept.frontier().values()) == 8
    demo.requests.clear()
    assert kept.crawl("-a", f"url={home}").code == 0
    assert (len(kept.holding().articles), len([one for one in demo.requests if one.target == "/"])) == (11, 0)


def test_nothing_is_left_of_a_look_that_is_not_kept(demo: Demo, user: Place) -> None:
    assert probed(user, demo.homes[1], "--requests", "5").code == 0
    assert sorted(path.name for path in user.folder.iterdir()) == ["settings", "temporary"]
    assert list((user.folder / "temporary").iterdir()) == []


def test_where_no_file_is_needed_none_is_written(demo: Demo, user: Place) -> None:
    ran = probed(user, demo.homes[1], "--requests", "5", "--write")
    assert ran.stdout.endswith("\nNothing was written: no key of a site file is needed.\n")
    assert list((user.folder / "settings").iterdir()) == []


def test_its_progress_counts_towards_the_requests_it_may_take(demo: Demo, user: Place) -> None:
    ran = probed(user, demo.homes[1], "--requests", "10", progress_period=0.05)
    told = [json.loads(line) for line in ran.stderr.splitlines() if line.startswith('{"event": "progress"')]
    assert max(one["pages"] + one["queue"] for one in told) == 10


# sites that need something


def test_a_site_without_an_article_gets_the_beginning_of_a_file(server: Server, user: Place) -> None:
    publish(server, {"/": Page(b"<html><h1>Closed for the season</h1></html>")})
    ran = probed(user, server.origins[0])
    assert ran.code == 7
    assert "To do: no article and no list of them was found" in ran.stdout
    slug = slug_of(server.origins[0])
    assert ran.stdout.endswith(f'which --write writes:\n\nurl = "{server.origins[0]}/"\n# listing = ["/news/"]\n')
    assert ran.stderr.splitlines()[-1] == f"newscrawl: {server.origins[0]}/ showed no article"
    assert not file_of(user, slug).exists()


def test_the_file_that_is_written_is_one_that_a_crawl_takes_and_is_never_overwritten(server: Server, user: Place) -> None:
    publish(
        server,
        {
            "/": listing("/news/", text="News"),
            "/news/": Page(b"<h1>News</h1>"),
            "/hidden/": listing(*NAMES),
            **dict.fromkeys(NAMES, story("a")),
        },
    )
    slug = slug_of(server.origins[0])
    ran = probed(user, server.origins[0], "--write")
    path = file_of(user, slug)
    assert f"Written: {path}. Fill in" in ran.stdout
    assert (ran.code, load_site(slug, path.parent).url) == (7, f"{server.origins[0]}/")
    path.write_text(path.read_text("utf-8").replace('# listing = ["/news/"]', 'listing = ["/hidden/"]'), "utf-8")
    before = path.read_text("utf-8")
    assert probed(user, slug, "--requests", "4", "--write").code == 0
    assert path.read_text("utf-8") == before
    crawled = user.crawl("-a", f"site={slug}", settings=user.folder / "settings")
    assert (crawled.code, len(user.holding().articles)) == (0, 1)


def test_a_file_that_is_there_stays_as_it_is(server: Server, user: Place) -> None:
    publish(server, {"/": Page(b"<h1>Closed</h1>")})
    path = file_of(user, "gazette")
    path.parent.mkdir(parents=True)
    path.write_text(f'url = "{server.origins[0]}"\ndelay = 0.02\n', "utf-8")
    ran = probed(user, "gazette", "--write")
    assert (ran.code, path.read_text("utf-8")) == (7, f'url = "{server.origins[0]}"\ndelay = 0.02\n')
    assert f"Add to {path}:\n" in ran.stdout


def test_a_folder_that_cannot_be_written_to_is_named(server: Server, user: Place) -> None:
    publish(server, {"/": Page(b"<h1>Closed</h1>")})
    sites = user.folder / "settings" / "sites"
    sites.parent.mkdir()
    sites.symlink_to(user.folder / "nowhere")
    ran = probed(user, server.origins[0], "--write")
    assert ran.code == 2
    assert ran.stderr.splitlines()[-1].startswith(f"newscrawl: {file_of(user, slug_of(server.origins[0]))}: can't be written: ")


def test_articles_without_dates_ask_for_two_keys_one_after_the_other(server: Server, user: Place) -> None:
    stories = {name: Page(story(name).body.replace(b"datePublished", b"dateOfOurs")) for name in NAMES}
    publish(server, {"/": listing(*NAMES), **stories})
    assert "\n# article = " in probed(user, server.origins[0]).stdout
    path = file_of(user, "gazette")
    path.parent.mkdir()
    path.write_text(f'url = "{server.origins[0]}"\narticle = "/news/"\n', "utf-8")
    ran = probed(user, "gazette")
    assert ran.code == 0
    assert "To do: 8 of 8 articles show no date that could be read: say where it stands\n" in ran.stdout
    assert f'Add to {path}:\n\nurl = "{server.origins[0]}/"\n# date = ' in ran.stdout


# sites that can't be looked at


def test_a_site_that_nobody_serves(user: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        home = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    ran = probed(user, home, "--write", crawl_retry_seconds=0.05)
    assert ran.code == 7
    assert "3 requests: nothing that could be used\n" in ran.stdout
    assert "To do: its pages could not be had, see above: check the address, or try again later\n" in ran.stdout
    assert ran.stdout.endswith("Nothing was written: no key of a site file is needed.\n")


def test_one_that_lets_only_people_in(server: Server, user: Place) -> None:
    wall = Page(b"<html><title>Just a moment...</title></html>", status=403, headers=(("cf-mitigated", "challenge"),))
    publish(server, {"/": wall})
    ran = probed(user, server.origins[0])
    assert (ran.code, [exchange.target for exchange in server.requests]) == (7, ["/robots.txt", "/"])
    assert "  /  a captcha or challenge instead of the page, which is respected (403 Cloudflare)\n" in ran.stdout
    assert "To do: it shows a captcha or challenge" in ran.stdout


def test_one_whose_robots_txt_asks_us_to_stay_away(server: Server, user: Place) -> None:
    publish(server, {"/robots.txt": Page(b"User-agent: *\nDisallow: /", "text/plain"), "/": listing(*NAMES)})
    ran = probed(user, server.origins[0])
    assert (ran.code, [exchange.target for exchange in server.requests]) == (7, ["/robots.txt"])
    assert "To do: its robots.txt asks us to leave it alone" in ran.stdout


def test_one_that_is_interrupted(server: Server, user: Place) -> None:
    publish(server, {"/": listing(*NAMES), **{name: story(name) for name in NAMES}})
    process = begun(user, server.origins[0], crawl_delay=0.4)
    while len(server.requests) < 4:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    ran = ended(process)
    assert ran.code == 7
    assert "To do: the look was broken off (shutdown), so it tells little: look again\n" in ran.stdout
    assert len(server.requests) < 10
    assert list((user.folder / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Missing argument"),
        (["gazette"], 3, "no site is named gazette: "),
        (["mailto:desk@gazette.example"], 2, "has to begin with https://"),
        (["a.example", "b.example"], 2, "unexpected extra argument"),
        (["a.example", "--requests", "2"], 2, "Invalid value for '--requests'"),
    ],
)
def test_a_mistake_is_one_clear_message(user: Place, arguments: list[str], code: int, said: str) -> None:
    ran = probed(user, *arguments)
    assert (ran.code, ran.stdout) == (code, "")
    assert said in " ".join(ran.stderr.split())
