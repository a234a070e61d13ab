"""A small web server on loopback that shows an article's archived pages, until it is stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from newscrawl.archive.replay import Replayed, frame, illustrated, replayed
from newscrawl.errors import ArchiveError, InputError, StoreError
from newscrawl.models import Article, Capture
from newscrawl.query.addresses import article_at
from newscrawl.store.protocol import Store

HOST = "127.0.0.1"
Pictures = Mapping[str, Mapping[str, Capture]]
_NONE: Pictures = {}


async def pages_of(store: Store, key: str) -> tuple[Article, list[Capture]]:
    """An article by id or address, and its captures: page 1 in all its states, the latest first, then further pages. Raises InputError."""
    article = await article_at(store, key)
    if article is None:
        raise InputError(f"{key}: no such article; `newscrawl search` shows ids")
    former = [revision.capture for revision in reversed(await store.revisions(article.id))]
    further = [part.capture for part in article.parts[1:]]
    found = [await store.capture(identity) for identity in dict.fromkeys((article.capture, *former, *further))]
    captures = [capture for capture in found if capture]
    if not captures:
        raise StoreError(f"the store knows no capture of article {article.id}; `newscrawl archive verify` tells more")
    return article, captures


class ReplayServer(ThreadingHTTPServer):
    """Serves the pages of one article; `address` is where a browser begins. `pictures` are those of `query.pictures.pictures_in`."""

    daemon_threads = True

    def __init__(self, folder: Path, article: Article, captures: Sequence[Capture], *, pictures: Pictures = _NONE, port: int = 0) -> None:
        self.folder, self.article, self.pictures = folder, article, pictures
        self.captures = {capture.id: capture for capture in captures}
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise InputError(f"port {port} of {HOST} can't be used: {error.strerror}; name another with --port") from error

    @property
    def address(self) -> str:
        """The latest capture's page."""
        return f"http://{HOST}:{self.server_port}/{next(iter(self.captures))}"

    def answer(self, path: str) -> Replayed | None:
        """What stands at a path: a capture's frame at /ID, its page at /page/ID and after its scripts at /made/ID; None for others."""
        kind, _, identity = path.strip("/").rpartition("/")
        capture = self.captures.get(identity)
        if capture is None or kind not in ("", "page", "made"):
            return None
        if kind:
            page = replayed(self.folder, capture, after_scripts=kind == "made")
            return illustrated(self.folder, page, self.pictures.get(capture.id, {}))
        return frame(self.article.title, list(self.captures.values()), capture, page="/made/{id}", others="/{id}")


class _Handler(BaseHTTPRequestHandler):
    server: ReplayServer

    def do_GET(self) -> None:
        """Answer, if we were asked by our own name: another name would be a page from elsewhere that had itself resolved to us."""
        if self.headers.get("Host") not in (f"{HOST}:{self.server.server_port}", f"localhost:{self.server.server_port}"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        try:
            found = self.server.answer(self.path.partition("?")[0])
        except ArchiveError as error:
            found = Replayed((("Content-Type", "text/plain; charset=utf-8"),), str(error).encode())
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        for name, value in (*found.headers, ("Content-Length", str(len(found.body)))):
            self.send_header(name, value.encode("latin-1", "replace").decode("latin-1"))
        self.end_headers()
        self.wfile.write(found.body)

    def log_message(self, *_: object) -> None:
        """Nothing: what is looked at is nobody's business."""
