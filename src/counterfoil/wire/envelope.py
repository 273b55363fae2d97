"""The one shape of every answer: always a `Response` object with a `RequestId`.

Never `"Error": null` (several clients test for the key alone), and an error's answer holds nothing
else.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from counterfoil.wire.error_codes import Refusal

_encode = msgspec.json.Encoder().encode


def success(
    response: msgspec.Struct, request_id: str, word: Callable[[Exception], Refusal]
) -> bytes:
    """The answer's members and the RequestId, as compact JSON. An error in the place of an item's
    result is worded there."""

    def item(error: Any) -> dict[str, Any]:
        refusal = word(error)
        return {"Error": {"Code": refusal.code, "Message": refusal.message}}

    members = msgspec.json.encode(response, enc_hook=item)[:-1]
    comma = b"," if len(members) > 1 else b""
    return b'{"Response":%b%b"RequestId":"%b"}}' % (members, comma, request_id.encode())


def failure(refusal: Refusal, request_id: str) -> bytes:
    """The code and message of a refusal, and the RequestId."""
    error = {"Code": refusal.code, "Message": refusal.message}
    return b'{"Response":{"Error":%b,"RequestId":"%b"}}' % (_encode(error), request_id.encode())
