"""Signed calls: bytes ready to send, for the load generator and for single requests."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.clock import Clock
from counterfoil.wire.request import JSON, RawRequest
from counterfoil.wire.routes import all_actions
from counterfoil.wire.signature import sign_v3


@dataclass(frozen=True)
class Key:
    """A key that calls are signed with."""

    secret_id: str
    secret_key: str


@dataclass(frozen=True)
class SignedCall:
    """A POST request; its signature holds for five minutes."""

    headers: Mapping[str, str]
    body: bytes

    def raw(self) -> bytes:
        """The request as it goes over a connection."""
        lines = [f"{name}: {value}\r\n" for name, value in self.headers.items()]
        head = f"POST / HTTP/1.1\r\n{''.join(lines)}Content-Length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body


def signed_call(
    action_name: str, parameters: Mapping[str, object], key: Key, address: str
) -> SignedCall:
    """A call of an action, signed now (TC3-HMAC-SHA256)."""
    (action,) = (known for known in all_actions() if known.name == action_name)
    headers = {
        "host": address,
        "content-type": JSON,
        "x-tc-action": action.name,
        "x-tc-version": action.version,
        "x-tc-timestamp": str(int(Clock().wire())),
    }
    body = json.dumps(parameters).encode()
    request = RawRequest("POST", "/", b"", headers, body)
    authorization = sign_v3(request, key.secret_id, key.secret_key, action.service)
    return SignedCall({**headers, "authorization": authorization}, body)


class Client:
    """One connection, kept open."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=60)
        self._connection.connect()

    def send(self, call: SignedCall) -> bytes:
        """The body of the answer."""
        self._connection.request("POST", "/", call.body, dict(call.headers))
        return self._connection.getresponse().read()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def response_of(body: bytes) -> dict[str, Any]:
    """The `Response` object of an answer, which must not be an error."""
    response: dict[str, Any] = json.loads(body)["Response"]
    assert "Error" not in response, response
    return response
