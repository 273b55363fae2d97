"""Requests that go wrong in every way: a good one of any action, spoiled before it is signed, after
it, or in how it is sent. The same seed and number always make the same request, but for the time.
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from tests.contract.raw import KEY_OF, MODES, Draft, Message
from tests.property.odd_values import garbled, odd_body, odd_fields
from tests.property.seeds import Seed, flattened

_METHODS = (
    *("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "CONNECT", "PROPFIND", "PURGE"),
    *("FOO", "post", "PO ST", "G\0T", "", "PRI"),
)
_TARGETS = (
    *("*", "//", "/%zz", "/?%", "/?", "/a/../b", "/?Action=x&Action=y", "/\x80", "/ ", "", "a"),
    *("http://h/", "http://h", "http://h?a=b", "https://u:p@h:99999/", "http://[::1]/", "http://"),
    *("h:80", "/?a=\0", "/#f", "/" + "x" * 9_000, "/?" + "&" * 40_000, "HTTP://h/%2e?%ff"),
)
_HEADER_VALUES = (
    *("", " ", "0", "-1", "1e9", "9" * 30, "null", "\x80\xff", "a,b", "x" * 2_000, "\t", "a\x01b"),
    *("zh-CN", "UNSIGNED-PAYLOAD", "TC3-HMAC-SHA256", "TC3-HMAC-SHA256 Credential=/, a=, b="),
)
_CONTENT_TYPES = (
    *("application/json; charset=utf-16", "application/json;", "text/plain", "APPLICATION/JSON"),
    *(
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
    ),
    *("application/json, text/html", "/", "", "application/octet-stream"),
)
_OTHER_HEADERS = (
    *(
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "deflate, br"),
        ("Expect", "100-continue"),
    ),
    *(("Expect", "the worst"), ("Connection", "close"), ("Connection", "keep-alive, close")),
    *(("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "gzip, chunked"), ("TE", "trailers")),
    *(("Transfer-Encoding", "identity"), ("Content-Length", "5"), ("Content-Length", "+5")),
    *(("Content-Length", "99999999999999999999"), ("X-HTTP-Method-Override", "DELETE")),
    *(("X-TC-Token", "x"), ("X-TC-TraceId", "y" * 500), ("Range", "bytes=0-1"), ("Cookie", "a=b")),
    *(("X-Forwarded-For", "::1"), ("Host", "cvm.tencentcloudapi.com"), ("Host", "billing.x")),
)
_UPGRADES = ("h2c", "websocket", "TLS/1.0", "h2c, websocket")
_CHUNK_SIZES = (
    *(b"0x5", b"-1", b"", b"5;ext=1", b'5;a="b"', b"ffffffffffffffffff", b"05", b"5 ", b"g"),
)
_BOMB = gzip.compress(b" " * 10_000_000)
_MULTIPART = b'--x\r\nContent-Disposition: form-data; name="Action"\r\n\r\ny\r\n--x--\r\n'


class Mutants:
    """Requests made of good ones."""

    def __init__(self, seeds: Sequence[Seed], seed: int, host: str) -> None:
        self._seeds = seeds
        self._seed = seed
        self._host = host

    def made(self, number: int) -> bytes:
        """The bytes of one of them; now and then it is several, or none that is whole."""
        rng = Random(self._seed << 32 | number)
        kind = rng.random()
        if kind < 0.50:
            return self._signed(rng).encoded()
        if kind < 0.75:
            return _tampered(rng, self._signed(rng, chance=0.3)).encoded()
        if kind < 0.82:
            return _chunked(rng, self._signed(rng, chance=0.3))
        if kind < 0.98:
            return _cut_or_garbled(rng, self._signed(rng, chance=0.2).encoded())
        return b"".join(
            garbled(rng, one) if rng.random() < 0.2 else one
            for one in (self._signed(rng).encoded() for _ in range(rng.randint(2, 6)))
        )

    def _signed(self, rng: Random, chance: float = 1.0) -> Message:
        """Signed all right; by chance what is signed is odd."""
        seed = rng.choice(self._seeds)
        members = _renewed(seed.members, f"{rng.getrandbits(64):x}")
        mode = rng.choice((*MODES, *("v3 POST",) * 6))
        draft = Draft(seed.api, mode, self._host, key=seed.key)
        if rng.random() < 0.05:
            draft.key = rng.choice(list(KEY_OF.values()))
        is_odd = rng.random() < chance
        if mode == "v3 POST":
            draft.body = odd_body(rng, members) if is_odd else None
            draft.members = members
            if rng.random() < 0.0005:
                draft.body = rng.choice((b" " * (10 * 1024 * 1024 - 2) + b"{}", b"[" * 2**20))
            elif rng.random() < 0.01:
                draft.headers, draft.body = rng.choice(
                    (
                        ({"Content-Encoding": "gzip"}, _BOMB),
                        ({"Content-Type": "multipart/form-data; boundary=x"}, _MULTIPART),
                    )
                )
        else:
            fields = flattened(members)
            draft.members = dict(odd_fields(rng, fields) if is_odd else fields)
            if rng.random() < 0.1:
                draft.more = rng.choice(("&a", "&%ff=1", "&%", "&%zz=%0", "&=", "&&&", "&a=&a="))
        return draft.message()


def _renewed(value: Any, token: str) -> Any:
    """The members with another ClientToken wherever there is one."""
    if isinstance(value, list):
        return [_renewed(item, f"{token}-{n}") for n, item in enumerate(value)]
    if isinstance(value, dict):
        return {
            name: token if name == "ClientToken" else _renewed(member, token)
            for name, member in value.items()
        }
    return value


def _tampered(rng: Random, message: Message) -> Message:
    """Changed after it was signed, or signed all the same where that is not covered."""
    headers = dict(message.headers)
    name = rng.choice(list(headers))
    action = rng.randrange(10)
    if action == 0:
        del headers[name]
    elif action == 1:  # the same name twice, in other letters
        headers[rng.choice((name.upper(), name.swapcase()))] = rng.choice((headers[name], "x"))
    elif action == 2:
        headers = dict(rng.sample(list(headers.items()), len(headers)))
    elif action == 3:
        headers[name] = rng.choice(_HEADER_VALUES)
    elif action == 4:
        return replace(message, method=rng.choice(_METHODS))
    elif action == 5:
        query = message.target.partition("?")[2]
        absolute = (f"http://{headers['Host']}/?{query}", f"http://other?{query}")
        return replace(message, target=rng.choice((*_TARGETS, *absolute)))
    elif action == 6:
        headers["Content-Type"] = rng.choice(_CONTENT_TYPES)
    elif action == 7:
        headers |= {"Upgrade": rng.choice(_UPGRADES), "Connection": "Upgrade, HTTP2-Settings"}
    elif action == 8:
        headers["Authorization"] = _flipped(rng, headers.get("Authorization", "TC3"))
    else:
        headers |= dict(rng.sample(_OTHER_HEADERS, rng.choice((1, 1, 2))))
    return replace(message, headers=headers)


def _flipped(rng: Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("0aZ;,=/ ") + text[at + rng.choice((0, 1, 10)) :]


def _cut_or_garbled(rng: Random, data: bytes) -> bytes:
    kind = rng.random()
    if kind < 0.8:
        return garbled(rng, data)
    if kind < 0.9:
        return data[: rng.randrange(len(data) + 1)]
    return data + rng.randbytes(rng.choice((1, 20, 3_000)))


def _chunked(rng: Random, message: Message) -> bytes:
    """The body in chunks, whose sizes are seldom odd."""
    framing: Mapping[str, str | None] = {"Content-Length": None, "Transfer-Encoding": "chunked"}
    head = replace(message, body=b"").with_headers(framing).encoded()
    body, chunks = message.body, []
    while body:
        size = rng.choice((1, 2, 7, 100, 5_000))
        chunk, body = body[:size], body[size:]
        told = b"%x" % len(chunk) if rng.random() < 0.97 else rng.choice(_CHUNK_SIZES)
        chunks.append(b"%b\r\n%b\r\n" % (told, chunk))
        if len(chunks) > 300:
            chunks.append(b"%x\r\n%b\r\n" % (len(body), body) if body else b"")
            break
    end = rng.choice(
        (b"0\r\n\r\n", b"0\r\n\r\n", b"00\r\n\r\n", b"0\r\nX-Late: 1\r\n\r\n", b"0;a\r\n\r\n")
    )
    return head + b"".join(chunks) + end
