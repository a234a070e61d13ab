"""What stands around every answer: who may have it, how long it may take, and the headers it carries."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Sequence

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newscrawl.errors import NewscrawlError
from newscrawl.store.deadline import over, within

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# Browsers know Basic, with any name and the token as its password; of a line with several challenges Chromium reads the first only.
ASKED = ('Basic realm="newscrawl", charset="UTF-8"', 'Bearer realm="newscrawl"')
OPEN = frozenset({"/style.css", "/icon.svg"})  # what the page that asks for the token looks like

Failure = Callable[[Request, int | NewscrawlError], Response]  # the answer to a request that can't be had, by status or by error


class Guard:
    """The application behind a token, if there is one, and a limit of time until an answer begins."""

    def __init__(self, app: ASGIApp, *, token: str, seconds: float, failure: Failure) -> None:
        self._app, self._token, self._seconds, self._failure = app, token.encode(), seconds, failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._token and scope["path"] not in OPEN and not _is_told(Request(scope), self._token):
            refusal = self._failure(Request(scope), 401)
            for challenge in ASKED:
                refusal.headers.append("WWW-Authenticate", challenge)
            await refusal(scope, receive, _headed(send))
            return
        await self._answer(scope, receive, _headed(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            clock.reschedule(None)  # how fast somebody reads is not the question
            await send(message)

        with within(self._seconds):
            try:
                async with asyncio.timeout(self._seconds) as clock:
                    await self._app(scope, receive, sent)
            except TimeoutError:
                if begun:
                    raise
                await self._failure(Request(scope), over())(scope, receive, send)


class Named:
    """The application for whoever calls it by one of its names: another would be a page from elsewhere that had itself resolved to us."""

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str], failure: Failure) -> None:
        self._app, self._hosts, self._failure = app, list(hosts), failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        named = False

        async def reached(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal named
            named = True
            await self._app(scope, receive, send)

        async def heard(message: Message) -> None:
            if named:  # the refusal itself is plain text, which is no answer below /api
                await send(message)

        await TrustedHostMiddleware(reached, self._hosts, www_redirect=False)(scope, receive, heard)
        if not named:
            await self._failure(Request(scope), 400)(scope, receive, send)


def _is_told(request: Request, token: bytes) -> bool:
    """Whether the request tells the token, as `Authorization: Bearer TOKEN` or as the password of Basic."""
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            told = base64.b64decode(told, validate=True).partition(b":")[2].decode("latin-1")
        except binascii.Error:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(told.strip().encode("utf-8", "replace"), token)  # takes as long for a wrong one that begins right


def _headed(send: Send) -> Callable[[Message], Awaitable[None]]:
    """Headers that every answer carries unless it has its own, as an archived page does."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent
