"""The parameters every request has: in headers when it is signed there (v3), else in its fields.

Region is read nowhere: neither service depends on it, and clients send it empty, as `null` or not
at all.
"""

from dataclasses import dataclass

from counterfoil.wire.error_codes import (
    INVALID_AUTHORIZATION,
    MISSING_PARAMETER,
    REQUEST_TOO_LARGE,
    SIGNED_FORM_TOO_LARGE,
    TOO_MANY_BODIES,
    UNSUPPORTED_CONTENT_TYPE,
    UNSUPPORTED_METHOD,
    WRITE_NOT_SIGNED,
    WRONG_TYPE,
    Fault,
)
from counterfoil.wire.fields import read_fields
from counterfoil.wire.request import FORM, JSON, RawRequest
from counterfoil.wire.signature import (
    Authorization,
    MalformedAuthorization,
    has_unsigned_payload,
    parse_authorization,
)

FORM_BYTES_MAX = 1024 * 1024
GET_BYTES_MAX = 32 * 1024

# Fields of a v1 request that are not the action's own.
COMMON_FIELDS = frozenset(
    {"Action", "Version", "Timestamp", "Nonce", "Region", "Token", "Language", "RequestClient"}
    | {"SecretId", "Signature", "SignatureMethod"}
)


@dataclass(slots=True)
class CommonParameters:
    """`fields` are those of the query or form, common ones included; `authorization` is the parsed
    header of a v3 request and None in v1."""

    action: str
    version: str
    timestamp: str
    secret_id: str
    token: str
    fields: dict[str, str]
    authorization: Authorization | None


def check_transport(request: RawRequest) -> None:
    """Method, size and content type.

    Raises:
        Fault: none that the protocol offers.
    """
    if request.is_crowded_out:
        raise Fault(TOO_MANY_BODIES)
    if request.method not in ("GET", "POST"):
        raise Fault(UNSUPPORTED_METHOD)
    if request.method == "GET":
        head = sum(len(f"{name}: {value}\r\n") for name, value in request.headers.items())
        line = len("GET ? HTTP/1.1\r\n\r\n") + len(request.path) + len(request.query)
        if line + head + len(request.body) > GET_BYTES_MAX or request.is_too_large:
            raise Fault(REQUEST_TOO_LARGE)
        return
    media_type = request.media_type
    if media_type == FORM and not request.is_v3:
        if len(request.body) > FORM_BYTES_MAX or request.is_too_large:
            raise Fault(SIGNED_FORM_TOO_LARGE)
    elif media_type != JSON:
        shown = request.headers.get("content-type", "").strip()[:200]
        raise Fault(UNSUPPORTED_CONTENT_TYPE, content_type=shown)
    elif request.is_too_large:
        raise Fault(REQUEST_TOO_LARGE)


def sent_fields(request: RawRequest) -> dict[str, str]:
    """The fields of the query or form; none where the parameters are in a signed JSON body.

    Raises:
        Fault: they can't be read.
    """
    if request.method == "GET":
        return read_fields(request.query)
    if request.is_v3:
        return {}
    return read_fields(request.body if request.media_type == FORM else request.query)


def check_write(request: RawRequest) -> None:
    """What changes money comes by POST, and its signature covers its body.

    Raises:
        Fault: it does not.
    """
    if request.method != "POST" or has_unsigned_payload(request):
        raise Fault(WRITE_NOT_SIGNED)


def read_common(request: RawRequest, fields: dict[str, str]) -> CommonParameters:
    """The common parameters of a v3 or v1 request with these `sent_fields`.

    Raises:
        Fault: one is missing, or Authorization is malformed.
    """
    return _of_headers(request, fields) if request.is_v3 else _of_fields(request, fields)


def _of_headers(request: RawRequest, fields: dict[str, str]) -> CommonParameters:
    headers = request.headers
    for name in ("Action", "Version", "Timestamp"):
        if not headers.get("x-tc-" + name.lower()):
            raise Fault(MISSING_PARAMETER, parameter=name)
    try:
        authorization = parse_authorization(headers["authorization"])
    except MalformedAuthorization as error:
        raise Fault(INVALID_AUTHORIZATION, reason=f": {error}") from None
    return CommonParameters(
        action=headers["x-tc-action"].strip(),
        version=headers["x-tc-version"].strip(),
        timestamp=headers["x-tc-timestamp"].strip(),
        secret_id=authorization.secret_id,
        token=headers.get("x-tc-token", "").strip(),
        fields=fields,
        authorization=authorization,
    )


def _of_fields(request: RawRequest, fields: dict[str, str]) -> CommonParameters:
    if "Action" not in fields and "x-tc-action" in request.headers:
        raise Fault(MISSING_PARAMETER, parameter="Authorization")
    for name in ("Action", "Version", "Timestamp", "Nonce", "SecretId", "Signature"):
        if not fields.get(name):
            raise Fault(MISSING_PARAMETER, parameter=name)
    if not is_integer(fields["Nonce"]):
        raise Fault(WRONG_TYPE, parameter="Nonce", expected="integer")
    return CommonParameters(
        action=fields["Action"],
        version=fields["Version"],
        timestamp=fields["Timestamp"],
        secret_id=fields["SecretId"],
        token=fields.get("Token", ""),
        fields=fields,
        authorization=None,
    )


def is_integer(text: str) -> bool:
    """Whether it is a plain decimal number of at most 20 digits."""
    return text.isascii() and text.isdigit() and len(text) <= 20
