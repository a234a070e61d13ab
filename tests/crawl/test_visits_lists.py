"""Lists of articles as sites have them, walked by real crawls: long, without an end, with links that only later prove to be headlines."""

from collections.abc import Callable, Iterator

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.models import Result
from tests.crawl.crawls import Holding, Place
from tests.crawl.pages import headline, listing, publish, story

EACH = 5  # headlines on a page of a list


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        yield served


def crawl(place: Place, server: Server, **knobs: object) -> Holding:
    server.requests.clear()
    ran = place.crawl("-a", f"url={server.origins[0]}", **knobs)
    assert ran.code == 0, ran.stderr
    return place.holding()


def asked(server: Server, beginning: str) -> int:
    return sum(exchange.target.startswith(beginning) for exchange in server.requests)


def page_of_list(number: int, *, name: Callable[[int], str], last: int = 10**9) -> Page:
    """Five headlines and a link to the next page, which says no more than that."""
    rows = "".join(
        f'<li><a href="{name(at)}">Harbour news number {at}: nobody had expected them</a></li>'
        for at in range(number * EACH, (number + 1) * EACH)
    )
    more = f'<a rel="next" href="/list?page={number + 1}">Next</a>' if number < last else ""
    return Page(f"<html><head><title>Gazette</title></head><body><ul>{rows}</ul>{more}</body></html>".encode())


def endless(invented: Callable[[str], Page], name: Callable[[int], str]) -> Callable[[str], Page]:
    """A site whose list has no end; its headlines lead to what is `invented`, but for those of two stories on the front page."""
    stories = {f"/news/{who}": story(who) for who in ("Aal", "Bern")}

    def answer(target: str) -> Page:
        if target == "/":
            page = listing(*stories)
            return Page(page.body.replace(b"</ul>", b'<li><a rel="next" href="/list?page=0">Next</a></li></ul>'))
        if target.startswith("/list?page="):
            return page_of_list(int(target.rpartition("=")[2]), name=name)
        if target == "/robots.txt":
            return Page(status=404)
        return stories.get(target) or invented(target)

    return answer


# long lists


def test_a_list_of_many_pages_is_walked_to_its_end(server: Server, place: Place) -> None:
    """Sixty pages, each with a link to the next and none to any other; `max_depth` is 20."""
    pages = {f"/list?page={number}": page_of_list(number, name="/news/{}.html".format, last=59) for number in range(60)}
    stories = {f"/news/{number}.html": story(f"Port {number}") for number in range(60 * EACH)}
    publish(server, {"/": pages["/list?page=0"], **pages, **stories})
    assert len(crawl(place, server).articles) == 60 * EACH


def soft(_: str) -> Page:
    return Page(b"<html><head><title>Gazette</title></head><body><p>We are sorry: this page could not be found.</p></body></html>")


def same(_: str) -> Page:
    return story("Aal")


@pytest.mark.parametrize("name", ["/event/{}".format, "/an-event-{}".format, lambda at: f"/event-of-{chr(97 + at % 26)}{at * 7919:x}"])
@pytest.mark.parametrize("invented", [soft, same, lambda _: Page(b"Gone.", status=410)], ids=["soft 404", "the same story", "410"])
def test_a_list_that_invents_headlines_for_ever_is_left(
    server: Server, place: Place, invented: Callable[[str], Page], name: Callable[[int], str]
) -> None:
    server.publish(endless(invented, name))
    held = crawl(place, server)
    assert len(held.articles) == 2
    assert asked(server, "/list") <= 60
    assert len(server.requests) <= 200
    assert held.runs[0].outcome == "finished"


def test_what_such_a_list_was_left_for_is_told(server: Server, place: Place) -> None:
    server.publish(endless(soft, "/event/{}".format))
    crawl(place, server)
    left = [answered.detail for url, answered in place.frontier().items() if "/list?page=" in url and answered.result is Result.TRAP]
    assert left
    assert set(left) <= {"shape /list?page=0", "pager /list?page=0"}


# links that prove to be headlines


def pictures(*links: str) -> str:
    return "".join(f'<a href="{link}"><img src="/p.jpg"></a>' for link in links)


def test_a_picture_link_that_turns_up_as_a_headline_is_one(server: Server, place: Place) -> None:
    """The first pictures lead nowhere, so their like is left, and with it those of twelve stories. Then a list names these."""
    names = ("Aal", "Bern", "Cork", "Delft", "Eden", "Faro", "Gent", "Hull", "Ivry", "Jena", "Kiel", "Lund")
    stories = {f"/{name}": story(name) for name in names}
    shown = f'<div class="pictures">{pictures("/shop", "/app", "/card", *stories)}</div><p><a href="/all">All</a></p>'
    front = listing("/news/Metz").body.replace(b"</body>", f"{shown}</body>".encode())
    nowhere = {"/shop": soft(""), "/app": soft(""), "/card": soft("")}
    publish(server, {"/": Page(front), "/news/Metz": story("Metz"), "/all": listing(*stories), **nowhere, **stories})
    held = crawl(place, server)
    assert {article.title for article in held.articles} == {headline(name) for name in (*names, "Metz")}
    assert asked(server, "/card") == 0  # it was left


def test_what_was_left_on_one_visit_is_found_on_the_next(server: Server, place: Place) -> None:
    stories = {f"/{name}": story(name) for name in ("Aal", "Bern", "Cork", "Delft")}
    front = listing("/news/Metz").body.replace(
        b"</body>", f'<div class="pictures">{pictures("/shop", "/app", "/card", *stories)}</div></body>'.encode()
    )
    nowhere = {"/shop": soft(""), "/app": soft(""), "/card": soft("")}
    publish(server, {"/": Page(front), "/news/Metz": story("Metz"), **nowhere, **stories})
    assert len(crawl(place, server).articles) == 1
    publish(server, {"/": listing("/news/Metz", *stories), "/news/Metz": story("Metz"), **nowhere, **stories})
    assert len(crawl(place, server).articles) == 5


# sections


def menu(*paths: str) -> bytes:
    return f'<div class="x1">{"".join(f"""<a href="{path}">{path.strip("/").title()}</a> """ for path in paths)}</div>'.encode()


@pytest.mark.parametrize("above", [True, False])
def test_sections_are_all_looked_at_whatever_their_box_is_called(server: Server, place: Place, *, above: bool) -> None:
    """The first five show what the front page does; the last has a story of its own. Below the list the addresses of headlines tell."""
    names = ("city", "sport", "life", "work", "sea", "land")
    stories = {f"/{name}/{at}.html": story(f"{name} {at}") for name in names[:5] for at in range(3)}
    own = {f"/land/{at}.html": story(f"land {at}") for at in (0, 1, 2, 9)}
    front = listing(*stories, *(f"/land/{at}.html" for at in range(3))).body
    box = menu(*(f"/{name}/" for name in names))
    body = front.replace(b"<ul>", box + b"<ul>") if above else front.replace(b"</ul>", b"</ul>" + box)
    shown = {f"/{name}/": listing(*(path for path in stories if path.startswith(f"/{name}/"))) for name in names[:5]}
    publish(server, {"/": Page(body), **stories, **own, **shown, "/land/": listing("/land/9.html")})
    assert server.origins[0] + "/land/9.html" in crawl(place, server).urls
