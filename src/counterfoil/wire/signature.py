"""Who signed a request: the two signature methods of Tencent Cloud API 3.0, both ways.

v3 (TC3-HMAC-SHA256) is a header over method, query, some headers and the body; v1 (HmacSHA1 or
HmacSHA256) is a form field over the others. Clients disagree about what exactly they sign, so
verification tries a short list of spellings, the usual one first. A v3 signature doesn't cover
the query of a POST, the body of a GET, or X-TC-Action unless the client lists it.
Everything is pure: looking up the key and judging timestamp and scope is the caller's.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from counterfoil.wire.request import RawRequest

ALGORITHM = "TC3-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

# Far above any real header. It bounds what strangers make us parse, and what the key cache holds.
_LONGEST_AUTHORIZATION = 1024
_HEX_DIGITS = frozenset("0123456789abcdef")
_BLANKS = " \t"


class MalformedAuthorization(ValueError):
    """The Authorization header is not one of v3; the text ends a sentence that says so."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """A v3 Authorization header. Date and service are as the client claims, not yet judged."""

    secret_id: str
    date: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str


def parse_authorization(header: str) -> Authorization:
    """Take a v3 Authorization header apart; raises MalformedAuthorization."""
    if len(header) > _LONGEST_AUTHORIZATION or not (header.isascii() and header.isprintable()):
        raise MalformedAuthorization(
            f"it must be at most {_LONGEST_AUTHORIZATION} printable ASCII characters."
        )
    algorithm, _, rest = header.strip().partition(" ")
    if algorithm != ALGORITHM:
        raise MalformedAuthorization(f"its algorithm must be `{ALGORITHM}`.")
    parts = [part.strip().partition("=") for part in rest.split(",")]
    values = {name: value for name, _, value in parts}
    if len(parts) != 3 or values.keys() != {"Credential", "SignedHeaders", "Signature"}:
        raise MalformedAuthorization(
            "`Credential`, `SignedHeaders` and `Signature` must each be given once."
        )
    credential = values["Credential"].split("/")
    if len(credential) != 4 or not all(credential) or credential[3] != "tc3_request":
        raise MalformedAuthorization("`Credential` must be `SecretId/date/service/tc3_request`.")
    names = tuple(values["SignedHeaders"].split(";"))
    # A name given often would make us hash its value as often.
    if len(set(names)) != len(names) or not {"content-type", "host"}.issubset(names):
        raise MalformedAuthorization(
            "`SignedHeaders` must name `content-type` and `host`, and no header twice."
        )
    signature = values["Signature"]
    if len(signature) != 64 or not _HEX_DIGITS.issuperset(signature):
        raise MalformedAuthorization("`Signature` must be 64 lower-case hexadecimal digits.")
    return Authorization(credential[0], credential[1], credential[2], names, signature)


def scope_date(timestamp: int) -> str:
    """The date (UTC) that belongs in the credential scope of a request sent at `timestamp`."""
    return datetime.fromtimestamp(timestamp, UTC).date().isoformat()


@lru_cache(maxsize=10_000)
def signing_key(secret_key: str, date: str, service: str) -> bytes:
    """The v3 key of a credential scope.

    Remembered for the 10,000 scopes used last. A scope is a stranger's claim: anybody who knows
    a SecretId can push others out, but each costs only three hashes to derive again.
    """
    key = b"TC3" + secret_key.encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def verifies_v3(request: RawRequest, authorization: Authorization, key: bytes) -> bool:
    """Whether `authorization` signs `request` with `key`, the `signing_key` of its scope."""
    if not request.headers.keys() >= set(authorization.signed_headers):
        return False
    scope = f"{authorization.date}/{authorization.service}"
    before, after = _around_headers(request, authorization.signed_headers)
    return any(
        hmac.compare_digest(
            _signature_v3(key, request, scope, before + lines + after), authorization.signature
        )
        for lines in _header_lines(request, authorization.signed_headers)
    )


def sign_v3(request: RawRequest, secret_id: str, secret_key: str, service: str) -> str:
    """The Authorization header for `request`, which has Content-Type, Host and X-TC-Timestamp."""
    names = ("content-type", "host")
    date = scope_date(int(_header(request, "x-tc-timestamp")))
    before, after = _around_headers(request, names)
    canonical = before + next(_header_lines(request, names)) + after
    key = signing_key(secret_key, date, service)
    signature = _signature_v3(key, request, f"{date}/{service}", canonical)
    return (
        f"{ALGORITHM} Credential={secret_id}/{date}/{service}/tc3_request, "
        f"SignedHeaders={';'.join(names)}, Signature={signature}"
    )


def has_unsigned_payload(request: RawRequest) -> bool:
    """Whether the client asks that its v3 signature leave out the body."""
    return _header(request, "x-tc-content-sha256") == UNSIGNED_PAYLOAD


def _header(request: RawRequest, name: str) -> str:
    return request.headers.get(name, "").strip(_BLANKS)


def _signature_v3(key: bytes, request: RawRequest, scope: str, canonical: bytes) -> str:
    digest = hashlib.sha256(canonical).hexdigest()
    text = f"{ALGORITHM}\n{_header(request, 'x-tc-timestamp')}\n{scope}/tc3_request\n{digest}"
    return hmac.digest(key, text.encode("latin-1"), "sha256").hex()


def _around_headers(request: RawRequest, names: tuple[str, ...]) -> tuple[bytes, bytes]:
    """The canonical request before and after its header lines. Its path is always `/`."""
    is_get = request.method == "GET"
    payload = b"" if is_get else request.body
    if has_unsigned_payload(request):
        payload = UNSIGNED_PAYLOAD.encode()
    query = request.query if is_get else b""
    after = f"\n{';'.join(names)}\n{hashlib.sha256(payload).hexdigest()}"
    return b"%b\n/\n%b\n" % (request.method.encode("latin-1"), query), after.encode()


def _header_lines(request: RawRequest, names: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the header lines that the client may have signed: at most 24, the usual one first.

    The documented form lower-cases every value; the official SDKs sign Content-Type and Host as
    sent; clients written from the documented samples lower-case X-TC-Action alone. A host name
    may have been lower-cased on its way into a URL whatever became of the rest.
    """
    sent = {name: _header(request, name) for name in names}
    tried = set()
    for lowered in ({"x-tc-action"}, set(), {"x-tc-action", "host"}, set(names)):
        values = {name: v.lower() if name in lowered else v for name, v in sent.items()}
        for host in _hosts(values["host"]):
            values["host"] = host
            lines = "".join([f"{name}:{value}\n" for name, value in values.items()])
            if lines not in tried:
                tried.add(lines)
                yield lines.encode("latin-1")


def _hosts(host: str) -> tuple[str, ...]:
    """What a client that sent `host` may have signed, as sent first.

    Clients given an endpoint with a scheme send all of it as their Host; Node.js signs it
    without the port that it sends.
    """
    scheme, mark, rest = host.rpartition("://")
    authority, slash, path = rest.partition("/")
    name, _, port = authority.rpartition(":")
    is_port = port.isdigit() and (name.endswith("]") or (name != "" and ":" not in name))
    bare = name if is_port else authority  # the colons inside [::1] introduce no port
    tail = slash + path
    return host, rest, authority, scheme + mark + bare + tail, bare + tail, bare


def verifies_v1(request: RawRequest, fields: Mapping[str, str], secret_key: str) -> bool:
    """Whether the field `Signature` signs the other `fields` (names and values decoded).

    Tries at most 24 places, the usual one first.
    """
    # Ruby appends a line end. A bare `+` was decoded to a space, and may well come first.
    given = fields.get("Signature", "").lstrip("\t\r\n").rstrip().replace(" ", "+").encode()
    host = _header(request, "host")
    places = dict.fromkeys(
        _place(name, path)
        for path in ("/", request.path)
        for name in _hosts(host) + _hosts(host.lower())
    )
    signatures = _signatures_v1(request.method, places, fields, secret_key)
    return any(hmac.compare_digest(signature, given) for signature in signatures)


def sign_v1(request: RawRequest, fields: Mapping[str, str], secret_key: str) -> str:
    """The value of the field `Signature` for a request with these other `fields`."""
    place = _place(_header(request, "host"), request.path)
    return next(_signatures_v1(request.method, [place], fields, secret_key)).decode()


def _place(host: str, path: str) -> bytes:
    return host.encode("latin-1") + path.encode()


def _signatures_v1(
    method: str, places: Iterable[bytes], fields: Mapping[str, str], secret_key: str
) -> Iterator[bytes]:
    """Yield what signs `fields` at each place. They are sorted once: there may be very many."""
    dotted = sorted((n.replace("_", "."), v) for n, v in fields.items() if n != "Signature")
    joined = "&".join([f"{name}={value}" for name, value in dotted]).encode()
    algorithm = "sha256" if fields.get("SignatureMethod") == "HmacSHA256" else "sha1"
    for place in places:
        text = b"%b%b?%b" % (method.encode("latin-1"), place, joined)
        yield base64.b64encode(hmac.digest(secret_key.encode(), text, algorithm))
