"""What every answer has in common, and how two are compared."""

import json
import re
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def content(answer: dict[str, Any]) -> dict[str, Any]:
    """The members without the RequestId, which must be a UUID."""
    assert UUID.fullmatch(answer["RequestId"])
    return {name: value for name, value in answer.items() if name != "RequestId"}


def as_json(value: Any) -> str:
    """Text that tells 1 from 1.0 and from true, whatever the order of members."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
