"""Random requests: good ones of both actions in every signature mode, spoiled in any way."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from tests.contract.raw import ABSENT, APIS, MODES, Draft, Message

from counterfoil.ledger.sample import KEYS

# What frames a request, or turns a connection into something else, is left as it is.
_FRAMING = {"content-length", "transfer-encoding", "connection", "upgrade", "expect"}
_TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"
_COMMON = [
    *("Action", "Version", "Timestamp", "Nonce", "Region", "Token", "Language", "RequestClient"),
    *("SecretId", "Signature", "SignatureMethod"),
]
_OTHER_METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "M-SEARCH", "PURGE")

header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))
header_names = st.text(_TOKEN, min_size=1).filter(lambda name: name.lower() not in _FRAMING)
url_text = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#?"))
any_text = st.text() | st.text(st.characters(categories=["Cs", "Cc", "Lu"]))
texts = st.sampled_from(
    [
        *("", "null", "true", "0", "-1", "1", "01", "1.0", "1e3", "2024-03", "9" * 30, '""', "中"),
        *("{parameter}", "%s%n", "${jndi:ldap://x}", "'; drop table voucher; --", "\0", "a\r\nb"),
    ]
)
numbers = (
    st.integers()
    | st.sampled_from([0, -1, 100, 101, 1000, 1001, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**400])
    | st.floats()
)


# As they stand in JSON, or fail to.
_odd_values = st.sampled_from(
    [
        *(b"1e400", b"-1e-400", b"1" * 5000, b"-0", b"+1", b"0x1", b"1.", b".1", b"01", b"NaN"),
        *(b"tru", b"nul", b"{}", b"[]", b'"a', b'"\\x"', b'"\\u00"', b'"\0"', b'"\xff"'),
        *(b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xed\xa0\x80"', b'"' + b"x" * 100_000 + b'"'),
    ]
)


def _json_values() -> st.SearchStrategy[Any]:
    scalars = st.none() | st.booleans() | numbers | texts | any_text
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
        max_leaves=8,
    )


def _names(draft: Draft) -> st.SearchStrategy[str]:
    known = [*draft.api.members, "Month", "Operator", "page", "Page.0", "VoucherId.0.A", "A_B", ""]
    return st.sampled_from(known) | st.text(max_size=5)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Bodies that no JSON library of a client would write."""
    opening, closing = draw(st.sampled_from([("[", "]"), ('{"a":', "}"), ('{"Page":[', "]}")]))
    depth = draw(st.sampled_from([1, 31, 32, 33, 34, 1000, 50_000]))
    nested = (opening * depth + "1" + closing * draw(st.sampled_from([0, depth]))).encode()
    member = draw(st.sampled_from(["Page", "Limit", "VoucherId", "Month"]))
    value = draw(_odd_values)
    pair = json.dumps(member).encode() + b":" + value
    twice = b"{" + pair + b',"Page":1,"Page":2,' + pair + b"}"
    marked = b"\xef\xbb\xbf" + twice
    return draw(st.binary(max_size=50) | st.sampled_from([nested, twice, marked, twice[:-1]]))


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A request before it is signed: its parameters are odd, or all else, or everything."""
    draft = Draft(draw(st.sampled_from(APIS)), draw(st.sampled_from(MODES)))
    what = draw(st.sampled_from(["parameters", "parameters", "the rest", "everything"]))
    if what != "the rest":
        _spoil_parameters(draw, draft)
    if what != "parameters":
        common_texts = header_text if draft.is_v3 else st.text() | texts
        draft.common = draw(
            st.dictionaries(st.sampled_from(_COMMON), st.none() | common_texts, max_size=2)
        )
        draft.host = draw(st.sampled_from([draft.host, "billing.x", "http://h:1/p"]) | header_text)
        draft.headers = draw(st.dictionaries(header_names, header_text, max_size=3))
        draft.key = draw(st.none() | st.sampled_from(KEYS))
        draft.scope = draw(st.sampled_from(["", "127", "billing", "cvm"]))
        draft.path = "/" + draw(st.just("") | url_text)
    return draft


def _spoil_parameters(draw: st.DrawFn, draft: Draft) -> None:
    is_json = draft.mode == "v3 POST"
    values = _json_values() if is_json else numbers | texts | st.text()
    draft.members = draw(st.dictionaries(_names(draft), values | st.just(ABSENT), max_size=3))
    if is_json and draw(st.booleans()):
        draft.body = draw(bodies())
    if draft.mode == "v3 GET" and draw(st.booleans()):
        draft.query = draw(url_text)
    if not is_json and draw(st.booleans()):
        draft.more = draw(st.sampled_from(["&a", "&%ff=1", "&%", "&%zz=%0", "&=", "&&&", "&a=&a="]))


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """A request as it goes out: well-formed HTTP, whatever else it may be."""
    message = draw(drafts()).message()
    if draw(st.integers(0, 7)) == 5:
        names = [name for name in message.headers if name.lower() not in _FRAMING]
        name = draw(st.sampled_from(names))
        other = draw(st.sampled_from([name.upper(), name.lower(), name]))
        message = message.with_headers({other: draw(st.none() | header_text)})
    if draw(st.integers(0, 15)) == 5:
        message = message.with_headers({"Authorization": None})
    if draw(st.integers(0, 31)) == 5:
        message = replace(message, method=draw(st.sampled_from(_OTHER_METHODS)))
    return message
