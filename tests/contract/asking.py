"""What a client is asked to do, the ways in which it can, and how it tells of a refusal."""

from dataclasses import dataclass
from typing import Any

TC3 = "TC3-HMAC-SHA256"


@dataclass(frozen=True)
class Key:
    secret_id: str
    secret_key: str


@dataclass(frozen=True)
class Question:
    """One call of one action, whoever makes it; `params` are its own, with their JSON types."""

    service: str
    action: str
    params: dict[str, Any]
    key: Key
    language: str = "en-US"


@dataclass(frozen=True)
class Way:
    """A client, and how it is told to sign and send."""

    client: str
    signature: str = TC3
    method: str = "POST"
    is_payload_unsigned: bool = False

    def __str__(self) -> str:
        unsigned = ["unsigned payload"] if self.is_payload_unsigned else []
        return " ".join([self.client, self.signature, self.method, *unsigned])

    @property
    def sends_json(self) -> bool:
        """Whether parameters keep their JSON types on the way; if not, all are text."""
        return self.signature == TC3 and self.method == "POST"

    @property
    def takes_language(self) -> bool:
        """Whether a language can be asked for; Node's signed fields always say en-US."""
        return self.client != "node" or self.signature == TC3


class Refused(Exception):
    """What a client's own exception says of a refusal."""

    def __init__(self, code: str, message: str, request_id: str) -> None:
        super().__init__(f"{code}: {message} ({request_id})")
        self.code = code
        self.message = message
        self.request_id = request_id


PYTHON = Way("python")
ASYNC_PYTHON = Way("async-python")
NODE = Way("node")
TCCLI = Way("tccli")  # it signs and sends in one way only

_HOW = [
    (signature, method)
    for signature in (TC3, "HmacSHA1", "HmacSHA256")
    for method in ("POST", "GET")
]
WAYS = [
    *(Way(client, *how) for client in ("python", "async-python", "node") for how in _HOW),
    *(Way(c, TC3, method, True) for c in ("python", "async-python") for method in ("POST", "GET")),
    TCCLI,
]
# A process a call is slow: what tccli shares with the SDK it is made of is asked of the SDK alone.
SDK_WAYS = [way for way in WAYS if way != TCCLI]
CHINESE_WAYS = [way for way in SDK_WAYS if way.takes_language]
