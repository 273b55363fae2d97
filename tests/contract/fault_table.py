"""Everything that can be wrong with a request, in the order of the stops that refuse it."""

from tests.contract.fault_kinds import (
    JSON,
    V1,
    V3,
    expired,
    malformed,
    missing,
    no_action,
    no_product,
    no_version,
    not_a_month,
    not_a_uin,
    not_found,
    not_operator,
    out_of_range,
    page_out_of_range,
    token,
    unknown,
    unknown_key,
    unreadable_field,
    unreadable_json,
    wrong_content_type,
    wrong_method,
    wrong_role,
    wrong_signature,
    wrong_type,
)
from tests.contract.faults import authorization, common, member, members, scope_of, unsigned
from tests.contract.raw import ABSENT, BILLING, PARTNER

from counterfoil.wire.request import FORM

_ALGORITHM = "its algorithm must be `TC3-HMAC-SHA256`."
_PARTS = "`Credential`, `SignedHeaders` and `Signature` must each be given once."
_CREDENTIAL = "`Credential` must be `SecretId/date/service/tc3_request`."
_SIGNED = "`SignedHeaders` must name `content-type` and `host`, and no header twice."
_HEX = "`Signature` must be 64 lower-case hexadecimal digits."

# One list for each stop. The first fault of each is the one that is met together with others.
TRANSPORT = [
    [wrong_method("PUT"), wrong_method("DELETE"), wrong_method("OPTIONS"), wrong_method("PATCH")],
    [
        wrong_content_type("text/plain"),
        wrong_content_type("multipart/form-data; boundary=x"),
        wrong_content_type("application/octet-stream"),
        wrong_content_type(FORM, JSON),
        wrong_content_type(None),
    ],
]
SENT_FIELDS = [[unreadable_field(text) for text in ("bare", "a=%ff", "%ff=a", "Region2", "a=b&c")]]
COMMON = [
    [missing("Action", common(Action=None)), missing("Action", common(Action=""))],
    [missing("Version", common(Version=None)), missing("Version", common(Version=""))],
    [missing("Timestamp", common(Timestamp=None)), missing("Timestamp", common(Timestamp=""))],
    [missing("Nonce", common(Nonce=None), V1), missing("Nonce", common(Nonce=""), V1)],
    [missing("SecretId", common(SecretId=None), V1)],
    [missing("Signature", common(Signature=None), V1)],
    [wrong_type("Nonce", common(Nonce=text), V1) for text in ("abc", "-1", "1.5", "1" * 21)],
    [
        malformed(authorization("^.*$", "SKIP"), _ALGORITHM),
        malformed(authorization("SHA256", "SHA1"), _ALGORITHM),
        malformed(authorization("Credential=[^,]*, ", ""), _PARTS),
        malformed(authorization("SignedHeaders=[^,]*, ", ""), _PARTS),
        malformed(authorization(", Signature=.*", ""), _PARTS),
        malformed(authorization("/tc3_request", ""), _CREDENTIAL),
        malformed(authorization("AKID[A-Z]*", ""), _CREDENTIAL),
        malformed(authorization("content-type;", ""), _SIGNED),
        malformed(authorization(";host", ""), _SIGNED),
        malformed(authorization("Signature=.", "Signature="), _HEX),
        malformed(authorization("Signature=.", "Signature=X"), _HEX),
        missing("Authorization", unsigned, V3),
    ],
]
CALLER = [
    [wrong_type("Timestamp", common(Timestamp=t)) for t in ("abc", "-1", "1.5", "1" * 21)],
    [expired(-3600), expired(3600), expired(-(10**9))],
    [malformed(authorization("/[0-9-]{10}/", "/2001-01-01/"), "`Date` in Credential not valid.")],
    [malformed(scope_of("cvm"), "`Service` in Credential not valid.")],
    [unknown_key("AKIDNOBODY"), unknown_key("akidsamplereseller"), unknown_key("A" * 500)],
    [token()],
    [wrong_signature()],
]
ACTION = [
    [no_product()],
    [no_version("2018-07-10"), no_version("2022-09-28"), no_version("latest")],
    [
        no_action("DescribeNothing", PARTNER),
        no_action("DescribeNothing", BILLING),
        no_action(PARTNER.action.lower(), PARTNER),
        no_action(PARTNER.action, BILLING),
        no_action(BILLING.action, PARTNER),
    ],
    [wrong_role("customera"), wrong_role("operator")],
]
PARAMETERS = [
    [
        unreadable_json(text)
        for text in (
            b"{",
            b"[]",
            b'""',
            b"1",
            b"true",
            b"{} {}",
            b'{"a":}',
            b"a=b",
            b'"\xff"',
            b"\0",
        )
    ],
    [
        missing("{third}", member(2, ABSENT)),
        missing("{third}", member(2, None), JSON),
        missing("{first}", member(0, ABSENT)),
        missing("{second}", member(1, ABSENT)),
        missing("VoucherId", members(VoucherId=ABSENT)),
        missing("VoucherId", members(VoucherId=""), apis=(BILLING,)),
        missing("VoucherId", members(VoucherId='""'), apis=(BILLING,)),
    ],
    [
        unknown("Bogus", "x"),
        unknown("page", 1),
        unknown("$schema", "x"),
        unknown("Action", "x", V3),
        unknown("Version", "x", V3),
        unknown("Region", "x", V3),
        unknown("Bogus", {"a": [1]}, JSON),
    ],
    [
        wrong_type("{second}", member(1, "x")),
        wrong_type("{first}", member(0, "1"), JSON),
        *(wrong_type("{first}", member(0, v), JSON) for v in (1.0, 1.5, True, [], {}, 2**63)),
        *(wrong_type("{first}", member(0, v)) for v in ("", "1x", "01", "0x1", -(2**63) - 1)),
        wrong_type("VoucherId", members(VoucherId=1), JSON, (BILLING,), "string"),
        wrong_type("VoucherId", members(VoucherId="12130012x"), apis=(PARTNER,)),
        wrong_type("Month", members(Month=202403), JSON, (PARTNER,), "string"),
        wrong_type("Operator", members(Operator=1), JSON, (BILLING,), "string"),
    ],
]
VALUES = [
    [
        page_out_of_range(0, "Page", 0),
        page_out_of_range(0, "Page", -1),
        out_of_range(0, "Limit", 0),
        out_of_range(0, "Limit", 1001),
    ],
    [
        page_out_of_range(1, "PageSize", 0),
        page_out_of_range(1, "PageSize", 101),
        out_of_range(1, "Offset", -1),
    ],
    [
        *(
            not_a_month(text)
            for text in ("2024-13", "2024-00", "202403", "2024-3", " 2024-03", "abc")
        ),
        *(not_a_uin(text) for text in ("abc", '"abc"', "-1", "1.5", "１")),
    ],
    [
        not_found(2, 1),
        not_found(3, 1),
        not_found(2, -(2**63)),
        not_found(3, 2**63 - 1),
        not_operator("100000000001"),
        not_operator("9" * 40),
    ],
]
STOPS = [*TRANSPORT, *SENT_FIELDS, *COMMON, *CALLER, *ACTION, *PARAMETERS, *VALUES]
