"""As much of HTTP/1.1 as a small server needs: a request read from its head, an answer written for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from newscrawl.demo.pages import Page


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request."""

    method: str
    target: str  # path and query as sent
    headers: Mapping[str, str]  # names in lower case
    version: str = "HTTP/1.1"

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to go on with this connection."""
        wish = self.headers.get("connection", "").lower()
        return wish != "close" and (self.version == "HTTP/1.1" or wish == "keep-alive")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, ready to be sent."""

    status: int
    data: bytes  # head and body


def read_request(head: bytes) -> Request | None:
    """The request in the bytes up to the empty line; None if they are none."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    pairs = (line.partition(":") for line in lines)
    return Request(words[0], words[1], {name.strip().lower(): value.strip() for name, _, value in pairs}, words[2])


def written(page: Page, request: Request) -> Response:
    """The answer that a page gives to a request: whole, without its body, zipped or "not modified", as asked for."""
    if request.method not in {"GET", "HEAD"}:
        page = Page(status=HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", "GET, HEAD"),))
    if _unchanged(page, request):
        head = _head(HTTPStatus.NOT_MODIFIED, page.headers, request)
        return Response(HTTPStatus.NOT_MODIFIED, head)
    body, headers = page.body, [("Content-Type", page.content_type), *page.headers]
    if page.zipped:
        headers.append(("Vary", "Accept-Encoding"))
    if page.zipped and "gzip" in request.headers.get("accept-encoding", ""):
        body = page.zipped
        headers.append(("Content-Encoding", "gzip"))
    head = _head(page.status, [*headers, ("Content-Length", str(len(body)))], request)
    return Response(page.status, head if request.method == "HEAD" else head + body)


def _unchanged(page: Page, request: Request) -> bool:
    """Whether the client has this page already. The ETag decides if it sends one, else the date."""
    own = dict(page.headers)
    tags, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if page.status != HTTPStatus.OK:
        return False
    if tags is not None:
        return "ETag" in own and own["ETag"] in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    if since is None or "Last-Modified" not in own:
        return False
    try:
        return parsedate_to_datetime(own["Last-Modified"]) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # TypeError: a date without a zone
        return False


def _head(status: int, headers: Iterable[tuple[str, str]], request: Request) -> bytes:
    known = {int(each): each.phrase for each in HTTPStatus}
    lines = [f"HTTP/1.1 {int(status)} {known.get(status, 'Unknown')}", *(f"{name}: {value}" for name, value in headers)]
    lines += ["Connection: keep-alive" if request.keeps_alive else "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")
