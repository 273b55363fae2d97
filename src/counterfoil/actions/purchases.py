"""What is to be paid, as charges and holds send it, and what vouchers paid, as they answer."""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Int64, RequiredText
from counterfoil.domain.burndown import Share
from counterfoil.domain.errors import OutOfRange
from counterfoil.domain.limits import LINES_MAX
from counterfoil.domain.postings import Line
from counterfoil.ledger.charges import Purchase
from counterfoil.ledger.results import Charged


class ChargeLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a bill or order."""

    ProductCode: RequiredText
    """The product."""
    SubProductCode: RequiredText
    """The sub-product."""
    Amount: RequiredText
    """What the line costs, USD."""
    BillingItemCode: str | None = None
    """The billing item."""
    SubBillingItemCode: str | None = None
    """The billing sub-item."""
    CalcUnit: str | None = None
    """Billing cycle."""
    Action: str | None = None
    """What the order does, such as `purchase`; shown in usage."""
    OwnerUin: Int64 | None = None
    """Account that owns the resource; by default the customer."""


class AllocatedLine(msgspec.Struct, frozen=True):
    """What a voucher paid of one line."""

    Line: Int64
    """The line's number in the request, from 1."""
    Amount: str
    """What the voucher paid of it, USD."""


class Allocation(msgspec.Struct, frozen=True):
    """What one voucher paid."""

    VoucherId: Int64
    """The voucher's number."""
    UsageId: Int64
    """Number of the usage record."""
    Amount: str
    """What the voucher paid, USD."""
    Lines: list[AllocatedLine]
    """Its share of each line."""


class ChargeResult(msgspec.Struct, frozen=True):
    """What was paid, and by which vouchers."""

    PaidAmount: str
    """USD paid by vouchers."""
    UnpaidAmount: str
    """USD that stay to be paid otherwise."""
    Allocations: list[Allocation]
    """What each voucher paid, in burn-down order."""


def _lines(lines: list[ChargeLine], amounts_micro: list[int], owner_uin: int) -> tuple[Line, ...]:
    """The ledger's lines.

    Raises:
        BadText: a text that can't be kept.
    """
    return tuple(
        Line(
            values.text(line.ProductCode, f"Lines.{n}.ProductCode"),
            values.text(line.SubProductCode, f"Lines.{n}.SubProductCode"),
            amount_micro,
            owner_uin if line.OwnerUin is None else line.OwnerUin,
            values.text(line.BillingItemCode, f"Lines.{n}.BillingItemCode"),
            values.text(line.SubBillingItemCode, f"Lines.{n}.SubBillingItemCode"),
            values.text(line.CalcUnit, f"Lines.{n}.CalcUnit"),
            values.text(line.Action, f"Lines.{n}.Action"),
        )
        for n, (line, amount_micro) in enumerate(zip(lines, amounts_micro, strict=True))
    )


def allocated(shares: tuple[Share, ...]) -> list[AllocatedLine]:
    """Shares as the wire shows them."""
    return [AllocatedLine(share.line_no, values.usd(share.amount_micro)) for share in shares]


def charge_result(charged: Charged) -> ChargeResult:
    """A charge or capture as the wire shows it."""
    return ChargeResult(
        values.usd(charged.paid_micro),
        values.usd(charged.unpaid_micro),
        [
            Allocation(
                allocation.voucher_no,
                allocation.usage_id,
                values.usd(allocation.amount_micro),
                allocated(allocation.shares),
            )
            for allocation in charged.allocations
        ],
    )


class PurchaseFields(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """What every kind of purchase says."""

    CustomerUin: Int64
    """Whose vouchers pay."""
    PayMode: RequiredText
    """prePay, postPay or riPay."""
    PayScene: str | None = None
    """Such as purchase or spotpay; without one, only vouchers open to all scenes pay."""
    DealName: str | None = None
    """Order number."""
    BillId: str | None = None
    """Bill number."""
    PayTime: str | None = None
    """When it was paid (UTC+8), by default now; at most 45 days back."""
    CompletionTime: str | None = None
    """When the order or settlement was completed (UTC+8), by default PayTime."""
    VoucherIds: list[Int64] | None = None
    """Only these vouchers pay, in this order; by default all that may, in burn-down order."""
    Lines: list[ChargeLine]
    """The lines to pay, 1 to 1,000."""


class ChargeFields(PurchaseFields, frozen=True, kw_only=True):
    """A purchase that is to be paid, or have value set aside for it."""

    ClientToken: values.ClientToken
    """Names this write, 1 to 64 characters: sent again, it has the same answer and no second
    effect."""


def purchase_of(asked: PurchaseFields) -> Purchase:
    """The ledger's purchase. Values are judged in the order in which the wire's errors precede each
    other: counts, amounts, texts, choices, times.

    Raises:
        Invalid: a value can't be meant.
    """
    if not 1 <= len(asked.Lines) <= LINES_MAX:
        raise OutOfRange("Lines")
    amounts_micro = [
        values.amount(line.Amount, f"Lines.{n}.Amount") for n, line in enumerate(asked.Lines)
    ]
    scene = asked.PayScene or ""
    return Purchase(
        deal_name=values.text(asked.DealName, "DealName"),
        bill_id=values.text(asked.BillId, "BillId"),
        lines=_lines(asked.Lines, amounts_micro, asked.CustomerUin),
        pay_mode=values.choice(asked.PayMode, values.PAY_MODES, "PayMode"),
        pay_scene=values.choice(scene, values.PAY_SCENES, "PayScene") if scene else "",
        paid_at=values.at_or_none(asked.PayTime, "PayTime"),
        completed_at=values.at_or_none(asked.CompletionTime, "CompletionTime"),
        voucher_nos=tuple(dict.fromkeys(asked.VoucherIds or ())),
    )
