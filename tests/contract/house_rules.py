"""What every action of Counterfoil's own service keeps to: how it refuses, repeats, and admits."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.contract.house import Account, House, Members, OneItem, Refusal

from counterfoil.actions.declaration import Action
from counterfoil.domain import errors

NO_SUCH_OBJECT = ("FailedOperation", "Operation failed: no such object.")
PAST_ITS_STATE = (
    "FailedOperation",
    "Operation failed: it is past the state in which this can be done.",
)
LESS_VALUE = ("FailedOperation", "Operation failed: there is less value than that.")
NO_QUOTA = ("FailedOperation.BalanceInsufficient", "The voucher quota is insufficient.")
NO_PERMISSION = (
    "UnauthorizedOperation.UinNoAuth",
    "The current user doesn’t have permission for the operation.",
)
TOKEN_REUSED = (
    "InvalidParameter.ClientTokenMismatch",
    "The ClientToken was used before with another request.",
)

# Told by every write: the one in `check_repeats`, the other when there is no database.
OF_EVERY_WRITE = {errors.TokenReused, errors.Unavailable}


def bad_value(text: str) -> Refusal:
    return "InvalidParameterValue", text


def out_of_range(parameter: str) -> Refusal:
    return bad_value(f"The parameter `{parameter}` is out of range.")


def not_an_amount(parameter: str) -> Refusal:
    return bad_value(
        f"The parameter `{parameter}` is not an amount that is allowed here: a decimal text, not "
        "zero, with at most 8 decimals, is expected."
    )


def not_a_text(parameter: str) -> Refusal:
    return bad_value(
        f"The parameter `{parameter}` is too long or holds characters that can't be kept."
    )


def not_a_choice(parameter: str) -> Refusal:
    return bad_value(f"The value of the parameter `{parameter}` is not one of those it takes.")


def not_a_time(parameter: str) -> Refusal:
    return bad_value(
        f"The parameter `{parameter}` is not a time: YYYY-MM-DD HH:MM:SS in UTC+8 is expected."
    )


def not_a_cursor(parameter: str) -> Refusal:
    return bad_value(f"The parameter `{parameter}` is not a cursor that came with the page before.")


def untimely(parameter: str) -> Refusal:
    return bad_value(f"The time in the parameter `{parameter}` is not allowed here.")


BAD_TOKEN = bad_value("The parameter `ClientToken` must be 1 to 64 printable ASCII characters.")

BAD_AMOUNTS = ("0", "-1", "1e3", "0.123456789", "1000000.00000001", "a", "1.", ".5", "٣", " 1")
BAD_SIGNED_AMOUNTS = ("0", "-0", "--1", "+1", "1e30", "-0.123456789", "-1000001", "a", "-")
BAD_TIMES = ("2030-01-01", "2030-02-30 00:00:00", "2030-01-01T00:00:00", "now")
BAD_TEXTS = ("x" * 257, "a\0b")
BAD_TOKENS = ("x" * 65, "täken", "a\nb", "\0")

Fault = tuple[type[errors.CounterfoilError], Members, Refusal]


def check_told(
    house: House | OneItem, action: Action, by: Account, good: Members, faults: Sequence[Fault]
) -> None:
    """That each fault, laid over a good request, is refused as it should and changes nothing, that
    none is left out of what the page lists, and that the good request is good."""
    faults = [*faults, *((errors.BadToken, {"ClientToken": bad}, BAD_TOKEN) for bad in BAD_TOKENS)]
    listed = set(action.errors) - OF_EVERY_WRITE
    if isinstance(house, OneItem):
        listed -= {errors.OutOfRange}  # of the call, not of an item: see `check_length`
    assert {kind for kind, _, _ in faults} == listed, "faults and page differ"
    written = house.written()
    for _, members, refusal in faults:
        asked = {**good, **members}
        assert house.refusal(action.name, by, asked) == refusal, members
    assert house.written() == written
    assert "Error" not in house.send(action.name, by, good)


def check_first_is_told(
    house: House | OneItem, action: Action, by: Account, good: Members, faults: Sequence[Fault]
) -> None:
    """That of several faults at once the first is told, in the order in which the page lists
    them."""
    order = list(action.errors)
    assert [order.index(kind) for kind, _, _ in faults] == sorted(
        order.index(kind) for kind, _, _ in faults
    )
    for done in range(len(faults)):
        spoilt = dict(good)
        for _, members, _ in reversed(faults[done:]):
            spoilt |= members
        assert house.refusal(action.name, by, spoilt) == faults[done][2]


def check_repeats(
    house: House | OneItem, action: Action, by: Account, good: Members, changed: Members
) -> dict[str, Any]:
    """That a write sent twice answers twice the same, and another under its token is refused; the
    answer."""
    first = house.send(action.name, by, good)
    assert "Error" not in first, first
    assert house.send(action.name, by, good) == first
    assert house.refusal(action.name, by, {**good, **changed}) == TOKEN_REUSED
    return first


def check_length(house: House, action: Action, by: Account, name: str) -> None:
    """That a list has between 1 and 1,000 items, or nothing is done."""
    for items in ([], [{}] * 1_001):
        code, _ = house.refusal(action.name, by, {name: items})
        assert code in ("InvalidParameterValue", "MissingParameter"), code


def check_callers(house: House, action: Action, may: Mapping[str, bool]) -> None:
    """That accounts of these kinds are let in, and others refused before any parameter is looked
    at."""
    for kind, account in house.of_every_kind.items():
        refusal = house.refusal(action.name, account, {"Bogus": 1})
        is_let_in = refusal[0] in ("MissingParameter", "UnknownParameter")
        assert is_let_in if may[kind] else refusal == NO_PERMISSION, (kind, refusal)


ABOVE_CUSTOMERS = {
    "platform": True,
    "distributor": True,
    "reseller": True,
    "sub_reseller": True,
    "customer": False,
}
PLATFORM_ONLY = {kind: kind == "platform" for kind in ABOVE_CUSTOMERS}
EVERYONE = dict.fromkeys(ABOVE_CUSTOMERS, True)
