"""What writes answer, and how an answer is kept under its token: plain facts as they are, usage as
the places of its rows, from which it is shown again."""

from collections.abc import Mapping, Sequence

import msgspec

from counterfoil.domain.burndown import Policy, Share
from counterfoil.store.journal import PaidUsage

UsageKey = tuple[int, int, int]  # (owner_uin, voucher_no, ordinal)


class Allocation(msgspec.Struct, frozen=True):
    """What one voucher paid of a charge; `ordinal` is the usage row's place in its voucher."""

    voucher_no: int
    usage_id: int
    ordinal: int
    amount_micro: int
    shares: tuple[Share, ...]


class Charged(msgspec.Struct, frozen=True, tag="charged"):
    """A charge or capture: what was paid by which voucher, and what stays unpaid."""

    paid_micro: int
    unpaid_micro: int
    allocations: tuple[Allocation, ...]


class HeldPart(msgspec.Struct, frozen=True):
    """What a hold set aside on one voucher."""

    voucher_no: int
    amount_micro: int
    shares: tuple[Share, ...]


class Held(msgspec.Struct, frozen=True, tag="held"):
    """A hold that was opened."""

    hold_id: int
    held_micro: int
    unheld_micro: int
    parts: tuple[HeldPart, ...]


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """A release, a withdrawal: what was moved."""

    amount_micro: int


class Corrected(msgspec.Struct, frozen=True, tag="corrected"):
    """A refund or adjustment; no usage row where the policy returns nothing."""

    usage_id: int | None
    amount_micro: int


class Issued(msgspec.Struct, frozen=True, tag="issued"):
    """A voucher that was issued."""

    voucher_no: int
    code: str


class Quota(msgspec.Struct, frozen=True, tag="quota"):
    """A pool after its quota was adjusted."""

    total_micro: int
    remaining_micro: int


class CustomerMoved(msgspec.Struct, frozen=True, tag="customer_moved"):
    """A customer that was moved: how many of its vouchers that ended, and what was left of them."""

    voucher_count: int
    voided_micro: int


class AccountMade(msgspec.Struct, frozen=True, tag="account"):
    """An account that was made."""

    uin: int


class NumberMade(msgspec.Struct, frozen=True, tag="number"):
    """A sub-user, role or policy that was made: its number."""

    number: int


class PoliciesSet(msgspec.Struct, frozen=True, tag="policies"):
    """A partner's policies after they were set."""

    returns_on_refund: bool
    returns_on_expiry: bool
    returns_on_withdrawal: bool
    burn_policy: Policy


class KeyMade(msgspec.Struct, frozen=True, tag="key"):
    """A key that was made. Its secret is shown once and never kept with the answer."""

    secret_id: str


class Done(msgspec.Struct, frozen=True, tag="done"):
    """A write with nothing more to say than that it was done."""


class _KeptCharge(msgspec.Struct, frozen=True, tag="kept_charge", array_like=True):
    """A charge as it is kept: `places` are (voucher number, ordinal) of its usage rows."""

    paid_micro: int
    unpaid_micro: int
    places: tuple[tuple[int, int], ...]


_Plain = (
    Held
    | Moved
    | Corrected
    | Issued
    | Quota
    | CustomerMoved
    | AccountMade
    | NumberMade
    | PoliciesSet
    | KeyMade
    | Done
)
Result = Charged | _Plain

_encode = msgspec.json.Encoder().encode
_decode_plain = msgspec.json.Decoder(_Plain).decode
_decode_charge = msgspec.json.Decoder(_KeptCharge).decode


def remember(answer: Result) -> bytes:
    """An answer as it is kept."""
    if not isinstance(answer, Charged):
        return _encode(answer)
    places = tuple((a.voucher_no, a.ordinal) for a in answer.allocations)
    return _encode(_KeptCharge(answer.paid_micro, answer.unpaid_micro, places))


def usages_named(kept: bytes) -> Sequence[tuple[int, int]]:
    """The places of the usage rows that a kept answer is shown from."""
    return _decode_charge(kept).places if _is_charge(kept) else ()


def recall(owner_uin: int, kept: bytes, usages: Mapping[UsageKey, PaidUsage]) -> Result:
    """A kept answer again."""
    if not _is_charge(kept):
        plain: Result = _decode_plain(kept)
        return plain
    charge = _decode_charge(kept)
    rows = [(ordinal, usages[owner_uin, number, ordinal]) for number, ordinal in charge.places]
    return Charged(
        charge.paid_micro,
        charge.unpaid_micro,
        tuple(
            Allocation(
                row.voucher_no,
                row.usage_id,
                ordinal,
                row.amount_micro,
                tuple(Share(line.line_no, line.amount_micro) for line in row.lines),
            )
            for ordinal, row in rows
        ),
    )


def _is_charge(kept: bytes) -> bool:
    return kept.startswith(b"[")
