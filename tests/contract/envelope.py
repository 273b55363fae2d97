"""The one shape of every answer."""

import json
import re
from typing import Any

from tests.contract.raw import Answer

HEADERS = {"date", "content-type", "content-length", "x-tc-traceid", "connection"}
REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SUCCESSES = (
    {
        "Data",
        "CustomerUin",
        "VoucherId",
        "TotalAmount",
        "RemainAmount",
        "TotalRecordsCount",
        "Month",
        "RecordsCountByMonth",
        "RequestId",
    },
    {"TotalCount", "TotalUsedAmount", "UsageRecords", "RequestId"},
)


def opened(answer: Answer) -> dict[str, Any]:
    """The members of `Response`, once everything about the answer is as it has to be."""
    assert answer.status == 200
    names = [name.lower() for name, _ in answer.headers]
    assert len(set(names)) == len(names)
    assert set(names) <= HEADERS
    assert answer.header("content-type") == "application/json"
    assert answer.header("content-length") == str(len(answer.body))
    envelope = json.loads(answer.body.decode())
    compact = json.dumps(envelope, separators=(",", ":"), ensure_ascii=False)
    assert answer.body.decode() == compact
    assert list(envelope) == ["Response"]
    response: dict[str, Any] = envelope["Response"]
    assert REQUEST_ID.fullmatch(response["RequestId"])
    if "Error" in response:
        assert set(response) == {"Error", "RequestId"}
        assert set(response["Error"]) == {"Code", "Message"}
        assert all(isinstance(text, str) and text for text in response["Error"].values())
    else:
        assert set(response) in SUCCESSES
    return response
