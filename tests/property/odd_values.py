"""JSON and fields that a good request turns into when somebody sends what nobody should."""

import json
from random import Random
from typing import Any

# As they stand in JSON, or fail to.
ODD_JSON = (
    *(b"1e400", b"-1e-400", b"1e308", b"NaN", b"-Infinity", b"-0", b"-0.0", b"+1", b"0x1", b"1."),
    *(b".1", b"01", b"1" * 5000, b"9223372036854775807", b"9223372036854775808", b"-1", b"0"),
    *(b"-9223372036854775808", b"-9223372036854775809", b"18446744073709551616", b"1.0", b"1e3"),
    *(b"tru", b"nul", b"null", b"true", b"{}", b"[]", b"[[]]", b"[null]", b'{"":1}', b'""', b'"a'),
    *(b'"\\x"', b'"\\u00"', b'"\\u0000"', b'"\0"', b'"\xff"', b'"\\ud800"', b'"\\udc00\\ud800"'),
    *(b'"\xed\xa0\x80"', b'"\xc0\x80"', b'"\xf4\x90\x80\x80"', b'"%s%n"', b'"{parameter}"', b""),
    *(b'"${jndi:ldap://x}"', b'"\'; drop table voucher; --"', b'"a\\r\\nb"', b'"9e99"', b"\n"),
    *(b'"0.00000001"', b'"0.000000001"', b'"-1"', b'"NaN"', b'"1e5"', b'"1000000"', b'"-0"'),
    *(b'"0000-01"', b'"2024-02-30 00:00:00"', b'"0001-01-01 00:00:00"', b'"9999-12-31 23:59:59"'),
    *(b'"' + b"x" * 257 + b'"', b'"' + b"x" * 65 + b'"', '"\u202e中\U0001f4a5"'.encode()),
    *(b"800000495142", b"700000866965", b"200000000200", b"12130012", b"12130013", b"20000001"),
)
_SEVERE = (b'"' + b"x" * 100_000 + b'"', b"[" * 50_000, b"[" * 5_000 + b"]" * 5_000, b"9" * 50_000)
ODD_FIELDS = (
    *("", "null", "true", "0", "-1", "01", "1.0", "1e3", "NaN", "9" * 30, "9" * 5000, "٣", "中"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "\0", "a\r\nb", "%00"),
    *("{parameter}", "%s%n", "'; drop table voucher; --", "0000-01", "9999-12", "x" * 257, "[]"),
)
_ODD_NAMES = ("", ".", "A.", ".0", "0", "Bogus", "A.0.B", "\0", "é", "x" * 300, "Page.0", "a_b")


def odd_body(rng: Random, members: dict[str, Any]) -> bytes:
    """The members as JSON, spoiled in one to three places; seldom in what makes it JSON at all."""
    value = json.loads(json.dumps(members))
    raws: list[bytes] = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        _spoil(rng, value, raws)
    body = json.dumps(value).encode()
    for number, raw in enumerate(raws):
        body = body.replace(b'"@%d@"' % number, raw)
    if rng.random() < 0.06:
        return garbled(rng, body)
    return body if rng.random() < 0.97 else rng.choice((b"\xef\xbb\xbf" + body, b"[" + body + b"]"))


def odd_fields(rng: Random, fields: dict[str, str]) -> dict[str, str]:
    """The fields with one to three spoiled."""
    spoiled = dict(fields)
    for _ in range(rng.choice((1, 1, 2, 3))):
        name = rng.choice([*fields, *_ODD_NAMES])
        action = rng.randrange(8)
        if action == 0:
            spoiled.pop(name, None)
        elif action == 1:
            spoiled[name + rng.choice((".0", ".", ".A", ".99999999999", ".0.0.0.0"))] = "1"
        else:
            spoiled[name] = rng.choice(ODD_FIELDS)
    return spoiled


def garbled(rng: Random, data: bytes) -> bytes:
    """With bytes flipped, left out or put in at one to four places."""
    garbling = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(garbling) + 1)
        action = rng.randrange(4)
        if action == 0:
            garbling[at : at + 1] = bytes([rng.randrange(256)])
        elif action == 1:
            del garbling[at : at + rng.choice((1, 1, 2, 5, 50))]
        elif action == 2:
            noise = (b"\r\n", b"\n", b"\0", b": ", b"\r\n\r\n", b" ", b"\xff", b'"', b"{", b"}")
            garbling[at:at] = rng.choice(noise)
        else:
            garbling[at:at] = garbling[at : at + rng.choice((1, 3, 30))]
    return bytes(garbling)


def _spoil(rng: Random, value: Any, raws: list[bytes]) -> None:
    """Spoils one place in JSON; what Python can't write stands there as a mark, `raws` has it."""
    holder = value
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        inner = [key for key in keys if isinstance(holder[key], dict | list)]
        if not inner or rng.random() < 0.4:
            break
        holder = holder[rng.choice(inner)]
    if not keys:
        return
    key = rng.choice(keys)
    action = rng.randrange(16)
    if action == 0:
        del holder[key]
    elif action == 1 and isinstance(holder, dict):
        holder[rng.choice(_ODD_NAMES)] = _mark(rng.choice(ODD_JSON), raws)
    elif action == 2 and isinstance(holder, dict):
        raw = rng.choice(ODD_JSON)
        pair = b'%b,"%b":%b' % (raw, str(key).encode(), rng.choice(ODD_JSON))
        holder[key] = _mark(pair, raws)
    elif action == 3:
        holder[key] = [holder[key]] * rng.choice((0, 1, 2, 3))
    elif action == 4 and isinstance(holder[key], list):
        holder[key] = holder[key] * rng.choice((2, 2, 3, 1_001 if rng.random() < 0.1 else 2))
    elif action == 5 and rng.random() < 0.1:
        holder[key] = _mark(rng.choice(_SEVERE), raws)
    else:
        holder[key] = _mark(rng.choice(ODD_JSON), raws)


def _mark(raw: bytes, raws: list[bytes]) -> str:
    raws.append(raw)
    return f"@{len(raws) - 1}@"
