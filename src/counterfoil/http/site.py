"""The ASGI application: pages at their paths, the API at every other.

The API endpoint is a plain callable; the web framework serves only what is not the API.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from counterfoil.telemetry import Requests
from counterfoil.wire.app import WireApp
from counterfoil.wire.request import RawRequest

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_BYTES_MAX = 10 * 1024 * 1024
UNAUTHENTICATED_BYTES_MAX = 64 * 1024 * 1024
_TRACE_CHARACTERS_MAX = 128


class ClientGone(Exception):
    """The client closed the connection before its request was whole."""


class Site:
    """`is_ready` tells whether the database answers; `/healthz` shows it. One of so many
    `processes`, it takes its share of what strangers' bodies may hold between them."""

    def __init__(
        self,
        wire: WireApp,
        requests: Requests,
        is_ready: Callable[[], Awaitable[bool]],
        *,
        processes: int,
    ) -> None:
        self._wire = wire
        self._unauthenticated_bytes_max = max(
            BODY_BYTES_MAX, UNAUTHENTICATED_BYTES_MAX // processes
        )
        self._unauthenticated_bytes = 0

        async def health(_: Request) -> Response:
            return (
                PlainTextResponse("ok\n")
                if await is_ready()
                else PlainTextResponse("the database does not answer\n", status_code=503)
            )

        async def metrics(_: Request) -> Response:
            return PlainTextResponse(requests.exposition())

        routes = [Route("/healthz", health), Route("/metrics", metrics)]
        self._pages = Starlette(routes=routes)
        self._page_paths = {route.path for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in self._page_paths and scope["method"] in ("GET", "HEAD"):
            await self._pages(scope, receive, send)
            return
        try:
            request = await self._read(scope, receive)
        except ClientGone:
            return
        try:
            body = await self._wire.answer(request)
        finally:
            request.on_authenticated()  # whatever came of it, its body is ours no longer
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        ]
        trace_id = request.headers.get("x-tc-traceid", "")
        if trace_id:
            headers.append((b"x-tc-traceid", trace_id[:_TRACE_CHARACTERS_MAX].encode("latin-1")))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _read(self, scope: Scope, receive: Receive) -> RawRequest:
        headers = {
            name.decode("latin-1"): value.decode("latin-1").strip(" \t")
            for name, value in scope["headers"]
        }
        body, held = bytearray(), 0
        is_too_large = is_crowded_out = False
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self._unauthenticated_bytes -= held
                raise ClientGone
            more = message.get("more_body", False)
            if is_too_large or is_crowded_out:
                continue  # read on, so that the client comes to read our answer, but keep nothing
            body += message.get("body", b"")
            self._unauthenticated_bytes += len(body) - held
            held = len(body)
            is_too_large = held > BODY_BYTES_MAX
            is_crowded_out = self._unauthenticated_bytes > self._unauthenticated_bytes_max
            if is_too_large or is_crowded_out:
                self._unauthenticated_bytes -= held
                body, held = bytearray(), 0

        def release() -> None:
            nonlocal held
            self._unauthenticated_bytes -= held
            held = 0

        return RawRequest(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"],
            headers=headers,
            body=bytes(body),
            address=scope["client"][0] if scope["client"] else "",
            is_too_large=is_too_large,
            is_crowded_out=is_crowded_out,
            on_authenticated=release,
        )
