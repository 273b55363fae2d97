"""A client without a library: it signs what it is told to and sends exactly those bytes."""

import json
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode

from counterfoil.ledger.sample import KEYS, SampleKey
from counterfoil.wire.request import FORM, JSON, RawRequest
from counterfoil.wire.signature import sign_v1, sign_v3

TIMEOUT_S = 30

Mode = Literal["v3 POST", "v3 GET", "v1 POST", "v1 GET"]
MODES: tuple[Mode, ...] = ("v3 POST", "v3 GET", "v1 POST", "v1 GET")
ABSENT = object()
KEY_OF = {key.profile: key for key in KEYS}


@dataclass(frozen=True)
class Api:
    """An action, and a request for it that the sample answers when `profile` signs it."""

    service: str
    version: str
    action: str
    profile: str
    members: Mapping[str, Any]


PARTNER = Api(
    service="intlpartnersmgt",
    version="2022-09-28",
    action="DescribeCustomerVoucherUsageDetails",
    profile="reseller",
    members={"Page": 1, "PageSize": 10, "CustomerUin": 800000495142, "VoucherId": 12130012},
)
BILLING = Api(
    service="billing",
    version="2018-07-09",
    action="DescribeVoucherUsageDetails",
    profile="customerb",
    members={"Limit": 10, "Offset": 1, "VoucherId": "VHPIUDFG9GUZDESWPR4W99"},
)
APIS = (PARTNER, BILLING)


@dataclass(frozen=True)
class Message:
    """A request as it goes out; `target` as it stands in the request line."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    def encoded(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "\r\n"]).encode("latin-1") + self.body

    def with_headers(self, headers: Mapping[str, str | None]) -> "Message":
        """The same with headers replaced, added or (None) left out, its signature as it was."""
        return replace(self, headers=_updated(self.headers, headers))

    def with_body(self, body: bytes) -> "Message":
        """The same with another body, its signature as it was."""
        length = {"Content-Length": str(len(body))} if self.method == "POST" else {}
        return replace(self, body=body).with_headers(length)


@dataclass
class Draft:
    """A request that is still to be signed.

    `members` and `common` change the good request: a value replaces or adds, `ABSENT` or None
    leaves out. Common parameters go by their v1 names, wherever the mode puts them. `body` or
    `query` stand in place of the members; `more` is added to the query or form as it is. `scope` is
    the service that a v3 signature is made for. `after` changes what is signed already.
    """

    api: Api
    mode: Mode = "v3 POST"
    host: str = "127.0.0.1:8750"
    members: dict[str, Any] = field(default_factory=dict)
    common: dict[str, str | None] = field(default_factory=dict)
    headers: dict[str, str | None] = field(default_factory=dict)
    key: SampleKey | None = None
    scope: str = ""
    path: str = "/"
    body: bytes | None = None
    query: str | None = None
    more: str = ""
    after: list[Callable[[Message], Message]] = field(default_factory=list)

    @property
    def is_v3(self) -> bool:
        return self.mode.startswith("v3")

    @property
    def method(self) -> str:
        return self.mode[3:]

    @property
    def signer(self) -> SampleKey:
        return self.key or KEY_OF[self.api.profile]

    def message(self) -> Message:
        """The request, signed."""
        merged = {**self.api.members, **self.members}
        members = {name: value for name, value in merged.items() if value is not ABSENT}
        message = self._v3(members) if self.is_v3 else self._v1(members)
        message = message.with_body(message.body)
        for change in self.after:
            message = change(message)
        return message

    def _v3(self, members: Mapping[str, Any]) -> Message:
        is_get = self.method == "GET"
        common = {"Action": self.api.action, "Version": self.api.version, "Timestamp": now()}
        common = _updated(common, {**self.common, "SecretId": None})
        usual = {"Host": self.host, "Content-Type": FORM if is_get else JSON}
        usual |= {f"X-TC-{name}": value for name, value in common.items()}
        headers = _updated(usual, self.headers)
        query, body = "", b""
        if is_get:
            query = (urlencode(members) if self.query is None else self.query) + self.more
        else:
            body = json.dumps(members).encode() if self.body is None else self.body
        seen = {name.lower(): value for name, value in headers.items()}
        if not re.fullmatch("[0-9]{1,10}", seen.get("x-tc-timestamp", "")):
            seen["x-tc-timestamp"] = now()
        authorization = sign_v3(
            RawRequest(self.method, self.path, query.encode(), seen, body),
            self.common.get("SecretId") or self.signer.secret_id,
            self.signer.secret_key,
            self.scope or self.api.service,
        )
        target = self.path + ("?" + query if query else "")
        return Message(self.method, target, {**headers, "Authorization": authorization}, body)

    def _v1(self, members: Mapping[str, Any]) -> Message:
        usual = {
            "Action": self.api.action,
            "Version": self.api.version,
            "Timestamp": now(),
            "Nonce": "11886",
            "SecretId": self.signer.secret_id,
            "SignatureMethod": "HmacSHA256",
            **{name: str(value) for name, value in members.items()},
        }
        fields = _updated(usual, {**self.common, "Signature": None})
        content_type = {} if self.method == "GET" else {"Content-Type": FORM}
        headers = _updated({"Host": self.host, **content_type}, self.headers)
        seen = {name.lower(): value for name, value in headers.items()}
        request = RawRequest(self.method, self.path, b"", seen, b"")
        signature = {"Signature": sign_v1(request, fields, self.signer.secret_key)}
        text = urlencode(_updated({**fields, **signature}, self.common)) + self.more
        if self.method == "GET":
            return Message("GET", f"{self.path}?{text}", headers)
        return Message("POST", self.path, headers, text.encode())


@dataclass(frozen=True)
class Answer:
    """What came back; header names as sent, in their order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    @property
    def response(self) -> dict[str, Any]:
        """The envelope's `Response`."""
        response: dict[str, Any] = json.loads(self.body)["Response"]
        return response

    @property
    def error(self) -> tuple[str, str]:
        """Code and message; two empty texts for a success."""
        error = self.response.get("Error", {"Code": "", "Message": ""})
        return error["Code"], error["Message"]


class Connection:
    """A connection to a server under test."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb")

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self, *, is_head: bool = False) -> Answer | None:
        """The next answer, interim ones (1xx) included; None when the server has closed."""
        try:
            first = self._stream.readline()
        except ConnectionResetError:
            return None
        if not first:
            return None
        headers = []
        while (line := self._stream.readline().decode("latin-1").rstrip("\r\n")) != "":
            name, _, value = line.partition(": ")
            headers.append((name, value))
        answer = Answer(int(first.split()[1]), tuple(headers), b"")
        length = 0 if is_head else int(answer.header("content-length") or 0)
        return replace(answer, body=self._stream.read(length))

    def is_closed(self) -> bool:
        """Whether the server closes without another byte; waits for one or the other."""
        try:
            return self._stream.read(1) == b""
        except ConnectionResetError:
            return True


def ask(address: str, request: Message | Draft) -> Answer:
    """Sends one request over a connection of its own."""
    message = request.message() if isinstance(request, Draft) else request
    with Connection(address) as connection:
        connection.send(message.encoded())
        answer = connection.receive(is_head=message.method == "HEAD")
    assert answer is not None, "the server closed without an answer"
    return answer


def now() -> str:
    """The timestamp of a request that is sent at once."""
    return str(int(time.time()))


def _updated(values: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    merged = {**values, **changes}
    return {name: value for name, value in merged.items() if value is not None}
