"""The server's HTTP/1.1 protocol with limits on what a stranger may make it hold.

uvicorn's own bounds neither the head of a request nor the time a request may take to arrive.
"""

import asyncio
import sys
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES_MAX = 64 * 1024
ARRIVAL_S_MAX = 30.0
_BAD_REQUEST = b"Bad request: this is not HTTP/1.1 as we speak it.\n"


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose request has too long a head or takes too long to arrive. Speaks no
    other protocol, whoever wishes for one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self._is_in_head = False
        self._is_in_request = False
        self._head_bytes = 0
        self._has_begun = False
        self._data = self._unread = b""
        self._answering: RequestResponseCycle | None = None

    # uvicorn narrows its base's argument too.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_deadline()
        if self._answering is not None:  # uvicorn tells the last request alone, others may wait
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        if not self._is_in_request and not data.strip(b"\r\n"):
            return  # blank lines before a request must not make an idle connection a busy one
        self._has_begun = False
        self._unread = data
        while self._unread:
            self._data, self._unread = self._unread, b""
            super().data_received(self._data)
        self._data = b""
        if not self._is_in_request:
            self._stop_deadline()
            return
        self._start_deadline()
        if self._is_in_head and not self._has_begun:  # else much of `data` is what came before it
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._refuse()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._stop_deadline()  # of the request before, where both came in one piece
        self._is_in_request = self._is_in_head = self._has_begun = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        if self.parser.get_http_version() == "0.9":
            raise ValueError("HTTP/0.9 has no status line to answer with")
        self._is_in_head = False
        is_read_again = self.parser.should_upgrade() and self._should_upgrade()
        if not is_read_again and not self.url.startswith(b"/"):
            self.url = _with_path(self.url)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_request = False
        super().on_message_complete()

    def _should_upgrade(self) -> bool:
        """Whether the request is to be read again: only a CONNECT asks for nothing else."""
        return self.parser.get_method() != b"CONNECT"

    def handle_websocket_upgrade(self) -> None:
        """Reads a request that wishes for another protocol again without the wish, as Java's client
        has it in every POST: the parser takes the body for that protocol's, and leaves it out."""
        upgrade = sys.exception()
        assert isinstance(upgrade, httptools.HttpParserUpgrade)
        (end,) = upgrade.args
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        self._unread = b"\r\n".join([*lines, b"\r\n"]) + self._data[end:]
        # The parser that has read it takes no more where the connection is to be closed after it.
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def send_400_response(self, msg: str) -> None:
        """What does not parse as HTTP gets a 400 and a closed connection."""
        self._refuse()

    def _start_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(ARRIVAL_S_MAX, self._refuse)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%b" % (len(_BAD_REQUEST), _BAD_REQUEST)
        )
        self.transport.close()


def _with_path(target: bytes) -> bytes:
    """`http://host?a=b` names the path `/` without writing it."""
    parts = httptools.parse_url(target)
    return target if parts.path else b"/?" + (parts.query or b"")
