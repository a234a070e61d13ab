"""A site whose addresses say more than which article: what its articles teach of a parameter must hide nothing else. By real crawls."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from tests.crawl.crawls import Place
from tests.crawl.pages import headline, listing, story
from tests.crawl.test_visits import time_passes

Site = Callable[[str], Page]

ROBOTS = Page(b"User-agent: *\nDisallow:\n", "text/plain")
MISSING = Page(b"Not here.", status=404)
POSTED = [f"{letter}ton" for letter in "ABCD"]  # each in all four categories, and shown alike in each
CATEGORIES = 4
SECTIONS = {str(number): [f"{letter}{end}" for letter in "EFG"] for number, end in enumerate(("bury", "ham", "wick", "stow", "ley", "by"))}


def show(number: object, category: object) -> str:
    return f"/index.php?c=show&amp;id={number}&amp;catid={category}"


def cross_posted(target: str, *more: str, answers: dict[str, Page] | None = None) -> Page:
    """The first four stories under each of four categories, and what is linked beside them."""
    posted = [show(number, category) for number in range(len(POSTED)) for category in range(CATEGORIES)]
    if target == "/":
        return listing(*posted, *more)
    if target == "/robots.txt":
        return ROBOTS
    for number, name in enumerate(POSTED):
        if f"{target}&".startswith(f"/index.php?c=show&id={number}&"):
            return story(name)
    return (answers or {}).get(target, MISSING)


def crawl(place: Place, server: Server, site: Site) -> list[str]:
    """What was asked for."""
    server.requests.clear()
    server.publish(site)
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_concurrency=1, store_batch_size=1)
    assert ran.code == 0, ran.stderr
    return [exchange.target for exchange in server.requests]


def stories(place: Place) -> list[str]:
    return sorted(article.title for article in place.holding().articles)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        yield served


@pytest.fixture
def place(server: Server, tmp_path: Path) -> Place:
    """That knows of a site that each of its stories is the same under every category."""
    made = Place(tmp_path)
    assert len(crawl(made, server, cross_posted)) > len(POSTED) * (CATEGORIES - 1)
    assert stories(made) == sorted(map(headline, POSTED))
    time_passes(made, 2)
    return made


def test_sections_stay_apart_where_articles_are_the_same_in_each(place: Place, server: Server) -> None:
    lists = {f"/index.php?c=list&catid={section}": section for section in SECTIONS}
    answers = {at: listing(*(show(f"1{section}{n}", section) for n in range(3))) for at, section in lists.items()}
    answers["/index.php?c=list"] = listing(*(show(f"10{n}", 0) for n in range(3)))  # a section of its own, for want of a better one
    for section, names in SECTIONS.items():
        for number, name in enumerate(names):
            answers |= {show(f"1{section}{number}", section).replace("&amp;", "&"): story(name)}
            answers |= {f"/index.php?c=show&id=1{section}{number}": story(name)}
    crawl(place, server, lambda target: cross_posted(target, *(at.replace("&", "&amp;") for at in lists), answers=answers))
    assert stories(place) == sorted(map(headline, [*POSTED, *itertools.chain(*SECTIONS.values())]))


def test_another_kind_of_articles_stays_apart_where_it_is_told_by_the_same_parameter(place: Place, server: Server) -> None:
    names = [*itertools.chain(*SECTIONS.values())]
    answers = {f"/view?catid={number}": story(name) for number, name in enumerate(names)} | {"/view": MISSING}
    crawl(place, server, lambda target: cross_posted(target, *answers, answers=answers))
    assert stories(place) == sorted(map(headline, [*POSTED, *names]))


def test_what_was_left_out_by_a_rule_that_proves_wrong_comes_back(place: Place, server: Server) -> None:
    """Stories of the very same kind, of which another stands under each category."""
    names = [*itertools.chain(*SECTIONS.values())]
    at = {show(f"9{number // CATEGORIES}", number % CATEGORIES): name for number, name in enumerate(names)}
    answers = {url.replace("&amp;", "&"): story(name) for url, name in at.items()}
    answers |= {f"/index.php?c=show&id=9{number}": story(names[number * CATEGORIES]) for number in range(len(names) // CATEGORIES + 1)}
    crawl(place, server, lambda target: cross_posted(target, *at, answers=answers))
    assert stories(place) == sorted(map(headline, [*POSTED, *names]))


# sessions


class Sessions:
    """A site that puts another number into all its links each time it is asked: a front page, two sections of two pages, stories."""

    def __init__(self, many: int) -> None:
        self.many = many
        self._sessions = itertools.count(100)

    def __call__(self, target: str) -> Page:
        path, _, query = target.partition("?")
        asked = dict(pair.split("=") for pair in query.split("&") if pair)
        session = f"who={next(self._sessions)}"
        number = int(asked.get("id", self.many))
        if path == "/read" and number < self.many:
            more = "".join(f'<p><a href="/read?id={(number + step) % self.many}&amp;{session}">More</a></p>' for step in (1, 5))
            return self._with_menu(story(f"{chr(65 + number)}ton", extra=more), session)
        if path == "/list":
            return self._with_menu(self._list(int(asked["of"]), int(asked.get("page", 1)), session), session)
        if path == "/":
            return self._with_menu(listing(*(f"/read?id={one}&amp;{session}" for one in range(self.many - 4, self.many))), session)
        return ROBOTS if path == "/robots.txt" else MISSING

    def _list(self, section: int, page: int, session: str) -> Page:
        mine = range(self.many)[section::2][::-1][6 * (page - 1) : 6 * page]
        made = listing(*(f"/read?id={one}&amp;{session}" for one in mine))
        onward = f'<a rel="next" href="/list?of={section}&amp;page={page + 1}&amp;{session}">Next</a>' if page == 1 else ""
        return Page(made.body.replace(b"</ul>", f"</ul>{onward}".encode()))

    def _with_menu(self, page: Page, session: str) -> Page:
        menu = "".join(f'<a href="/list?of={section}&amp;{session}">Section {section}</a>' for section in range(2))
        return Page(page.body.replace(b"<body>", f'<body><nav class="menu">{menu}</nav>'.encode()))


def test_sessions_cost_little_once_they_are_known(server: Server, tmp_path: Path) -> None:
    place = Place(tmp_path)
    crawl(place, server, Sessions(16))
    assert stories(place) == sorted(headline(f"{chr(65 + number)}ton") for number in range(16))
    lists = sum(kind == "listing" for (kind,) in place.rows("kind"))
    time_passes(place, 2)
    asked = crawl(place, server, Sessions(20))
    assert stories(place) == sorted(headline(f"{chr(65 + number)}ton") for number in range(20))
    read = [target for target in asked if target.startswith("/read")]
    assert len(read) <= 4 + 2  # the new ones, and perhaps one to see whether it still holds
    assert len(asked) - len(read) <= lists + 3
