"""Usage as the library shows it: pages whose rows come from the database as the wire's JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from counterfoil.domain.instants import instant
from counterfoil.domain.money import MICRO_PER_USD
from counterfoil.store.usage_pages import CustomerUsagePage, OwnUsagePage


@dataclass(frozen=True, slots=True)
class CustomerUsageRow:
    """What a voucher paid of one charge, as a partner sees it; negative where value came back.
    `pay_mode` is Prepaid or Postpaid; the product is that of the line with the largest share."""

    usage_id: int
    amount_micro: int
    pay_mode: str
    deal_name: str
    bill_id: str
    product_code: str
    sub_product_code: str
    product_name: str
    sub_product_name: str
    paid_at: datetime
    completed_at: datetime
    resource_owner_uin: int


@dataclass(frozen=True, slots=True)
class CustomerUsage:
    """A page of a customer's voucher, newest posted first. `record_count` is of all months,
    `month_record_count` of the month asked for."""

    face_micro: int
    spent_micro: int
    record_count: int
    month_record_count: int
    rows: Sequence[CustomerUsageRow]


class UsageLine(msgspec.Struct, frozen=True, rename="pascal"):
    """A line that a voucher paid a share of, with the names of its product."""

    product_code: str
    sub_product_code: str
    product_name: str
    sub_product_name: str
    product_en_name: str
    sub_product_en_name: str
    billing_item_code: str
    sub_billing_item_code: str
    calc_unit: str
    action: str


@dataclass(frozen=True, slots=True)
class OwnUsageRow:
    """What a voucher paid of one charge, as its owner sees it; negative where value came back.
    `pay_scene` is common, or adjust for a correction; `seq_id` the number of the order or bill."""

    amount_micro: int
    paid_at: datetime
    pay_mode: str
    pay_scene: str
    seq_id: str
    lines: Sequence[UsageLine]


@dataclass(frozen=True, slots=True)
class OwnUsage:
    """A page of the caller's own voucher, newest posted first."""

    spent_micro: int
    record_count: int
    rows: Sequence[OwnUsageRow]


class _CustomerRow(msgspec.Struct, rename="pascal"):
    id: int
    amount: Decimal
    pay_mode: str
    deal_name: str
    bill_id: str
    product_code: str
    sub_product_code: str
    product_code_name: str
    sub_product_code_name: str
    pay_time: str
    completion_time: str
    owner_uin: int


class _OwnRow(msgspec.Struct, rename="pascal"):
    used_amount: int
    used_time: str
    pay_mode: str
    pay_scene: str
    seq_id: str
    usage_details: list[UsageLine]


_customer_rows = msgspec.json.Decoder(list[_CustomerRow]).decode
_own_rows = msgspec.json.Decoder(list[_OwnRow]).decode


def customer_usage(page: CustomerUsagePage) -> CustomerUsage:
    """A page of a customer's voucher, its rows as values."""
    rows = [
        CustomerUsageRow(
            usage_id=row.id,
            amount_micro=int(row.amount * MICRO_PER_USD),
            pay_mode=row.pay_mode,
            deal_name=row.deal_name,
            bill_id=row.bill_id,
            product_code=row.product_code,
            sub_product_code=row.sub_product_code,
            product_name=row.product_code_name,
            sub_product_name=row.sub_product_code_name,
            paid_at=instant(row.pay_time),
            completed_at=instant(row.completion_time),
            resource_owner_uin=row.owner_uin,
        )
        for row in _customer_rows(b"[%b]" % page.rows)
    ]
    return CustomerUsage(
        page.face_micro, page.spent_micro, page.record_count, page.month_record_count, rows
    )


def own_usage(page: OwnUsagePage) -> OwnUsage:
    """A page of the caller's own voucher, its rows as values."""
    rows = [
        OwnUsageRow(
            row.used_amount,
            instant(row.used_time),
            row.pay_mode,
            row.pay_scene,
            row.seq_id,
            row.usage_details,
        )
        for row in _own_rows(b"[%b]" % page.rows)
    ]
    return OwnUsage(page.spent_micro, page.record_count, rows)
