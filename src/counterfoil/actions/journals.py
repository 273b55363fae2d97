"""Whose journal a request is about, and what a journal's rows show."""

import msgspec

from counterfoil.actions.balances import (
    QuotaBalance,
    VoucherBalance,
    quota_balance,
    voucher_balance,
)
from counterfoil.actions.declaration import Int64
from counterfoil.actions.values import usd
from counterfoil.domain.balance import Balance
from counterfoil.domain.errors import Absent, Invalid
from counterfoil.domain.instants import shown
from counterfoil.store.history import Posting, QuotaPosting


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One voucher, or one partner's quota."""

    CustomerUin: Int64 | None = None
    """Whose voucher it is; goes with VoucherId."""
    VoucherId: Int64 | None = None
    """The voucher's number."""
    PartnerUin: Int64 | None = None
    """The partner whose quota it is, in place of a voucher."""

    def voucher(self) -> tuple[int, int] | None:
        """The voucher (owner, number) meant; None where a partner's quota is.

        Raises:
            Absent: neither is named, or one half of a voucher.
            Invalid: both are named.
        """
        if self.CustomerUin is None and self.VoucherId is None and self.PartnerUin is not None:
            return None
        if self.CustomerUin is None:
            raise Absent("CustomerUin")
        if self.VoucherId is None:
            raise Absent("VoucherId")
        if self.PartnerUin is not None:
            raise Invalid("PartnerUin", self.PartnerUin)
        return self.CustomerUin, self.VoucherId


class VoucherMovement(msgspec.Struct, frozen=True):
    """A movement of value between two buckets of a voucher."""

    PostingNo: Int64
    """Its number among the voucher's movements, from 1."""
    Kind: str
    """issue, hold, release, lapse, expire, void; of usage: redeem, capture, refund, adjustment."""
    From: str
    """The bucket it left: mint, available, held or spent."""
    To: str
    """The bucket it entered: available, held, spent, expired or voided."""
    Amount: str
    """How much, USD."""
    PostedTime: str
    """When it was posted (UTC+8)."""
    Balance: VoucherBalance
    """Where the voucher's value stood after it."""
    UsageId: Int64 | None
    """Number of the usage record; null where it is none."""
    MovementId: Int64 | None
    """Number of the movement; null where it is a usage record."""
    CorrectsUsageId: Int64 | None
    """The usage record that it corrects; null where it corrects none."""
    HoldId: Int64 | None
    """The hold it belongs to; null where it belongs to none."""
    PayTime: str | None
    """When it was paid (UTC+8); null where it is no usage record."""
    DealName: str
    """Order number of a usage record."""
    BillId: str
    """Bill number of a usage record."""
    Reason: str
    """Why, as it was said."""
    ActorUin: Int64
    """Who had it posted; 0 where time did."""
    OperationId: Int64
    """What was posted by one write has the same."""


class QuotaMovement(msgspec.Struct, frozen=True):
    """A movement of a partner's quota."""

    PostingNo: Int64
    """Its number among the partner's movements, from 1."""
    Kind: str
    """grant, reclaim, allocate, deallocate, issue or return."""
    From: str
    """Where it came from: quota (outside), available, allocated or returned."""
    To: str
    """Where it went: quota (outside), available, allocated or issued."""
    Amount: str
    """How much, USD."""
    PostedTime: str
    """When it was posted (UTC+8)."""
    Balance: QuotaBalance
    """Where the partner's quota stood after it."""
    MovementId: Int64
    """Number of the movement."""
    PartnerUin: Int64 | None
    """The partner on the other side; null where it is the platform or a voucher."""
    CustomerUin: Int64 | None
    """Whose voucher it is about; null where it is about none."""
    VoucherId: Int64 | None
    """The voucher that was issued or sent quota back; null where it is about none."""
    CauseId: Int64 | None
    """The movement or usage record of that voucher that sent quota back; null where none did."""
    Reason: str
    """Why, as it was said."""
    ActorUin: Int64
    """Who had it posted; 0 where time did."""
    OperationId: Int64
    """What was posted by one write has the same."""


def voucher_movement(row: Posting, after: Balance) -> VoucherMovement:
    """A row of a voucher's journal, with what it left."""
    return VoucherMovement(
        PostingNo=row.posting_no,
        Kind=row.kind,
        From=row.source,
        To=row.target,
        Amount=usd(row.amount_micro),
        PostedTime=shown(row.posted_at),
        Balance=voucher_balance(after),
        UsageId=row.usage_id,
        MovementId=row.movement_id,
        CorrectsUsageId=row.corrects_usage_id,
        HoldId=row.hold_id,
        PayTime=None if row.paid_at is None else shown(row.paid_at),
        DealName=row.deal_name,
        BillId=row.bill_id,
        Reason=row.reason,
        ActorUin=row.actor_uin,
        OperationId=row.operation_id,
    )


def quota_movement(row: QuotaPosting, after: Balance) -> QuotaMovement:
    """A row of a partner's journal, with what it left."""
    return QuotaMovement(
        PostingNo=row.posting_no,
        Kind=row.kind,
        From=row.source,
        To=row.target,
        Amount=usd(row.amount_micro),
        PostedTime=shown(row.posted_at),
        Balance=quota_balance(after),
        MovementId=row.movement_id,
        PartnerUin=row.counterpart_uin,
        CustomerUin=row.voucher_owner_uin,
        VoucherId=row.voucher_no,
        CauseId=row.cause_id,
        Reason=row.reason,
        ActorUin=row.actor_uin,
        OperationId=row.operation_id,
    )
