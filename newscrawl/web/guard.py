"""What stands around every answer: who may have it, how long it may take, and the headers it carries."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
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
ASKED = 'Bearer realm="newscrawl", Basic realm="newscrawl", charset="UTF-8"'  # browsers know Basic: any name, the token as its password

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
        if self._token and not _is_told(Request(scope), self._token):
            refusal = self._failure(Request(scope), 401)
            refusal.headers["WWW-Authenticate"] = ASKED
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
