"""A request as it came off the connection, before anybody is believed."""

from collections.abc import Callable
from dataclasses import dataclass, field

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def _nothing() -> None:
    return None


@dataclass(slots=True)
class RawRequest:
    """`path` and `query` as received; `headers` by lower-case name, decoded as Latin-1;
    `body` whole, or empty where it `is_too_large` or `is_crowded_out` by other strangers' bodies.

    `address` is where it came from.

    `on_authenticated` is called once the signature holds: from then on the body no longer counts
    against what strangers may keep in memory.
    """

    method: str
    path: str
    query: bytes
    headers: dict[str, str]
    body: bytes
    address: str = ""
    is_too_large: bool = False
    is_crowded_out: bool = False
    on_authenticated: Callable[[], None] = field(default=_nothing)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; empty when there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_v3(self) -> bool:
        """Whether it is signed in its headers (v3) rather than in its fields (v1)."""
        return "authorization" in self.headers
