"""What a client sees of a server that is being hurt: the sample's two answers, and its health."""

import http.client

from tests.contract.raw import BILLING, KEY_OF, PARTNER, Api, Draft, ask

PATIENCE_S = 30.0

# What the sample's good requests count: records of the voucher.
COUNTS = {PARTNER.action: ("TotalRecordsCount", 2), BILLING.action: ("TotalCount", 1)}


def outcome(address: str, api: Api, profile: str = "") -> str:
    """The error code of the answer, or 'ok' where it is the sample's right answer."""
    answer = ask(address, Draft(api, host=address, key=KEY_OF.get(profile)))
    code, _ = answer.error
    if code:
        return code
    name, count = COUNTS[api.action]
    assert answer.response[name] == count, answer.response
    return "ok"


def is_right(address: str) -> bool:
    """Whether both actions answer as the sample has it."""
    return [outcome(address, api) for api in (PARTNER, BILLING)] == ["ok", "ok"]


def health(address: str) -> int:
    """The status of `/healthz`."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    finally:
        connection.close()
