"""A book with what the sample has no example of: the edges of months, months of several pages,
corrections, charges of several lines, and amounts from the smallest to the largest."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.contract.own_book import BEGINNING, END
from tests.importing import (
    ImportedAccount,
    ImportedLine,
    ImportedProduct,
    ImportedUsage,
    ImportedVoucher,
)

from counterfoil.domain.account import AccountKind
from counterfoil.domain.money import micro
from counterfoil.store.database import Connection

PLATFORM, RESELLER, CUSTOMER = 100000000001, 200000000200, 800000000001
ACCOUNTS = [
    ImportedAccount(PLATFORM, AccountKind.PLATFORM, None, "Platform"),
    ImportedAccount(RESELLER, AccountKind.RESELLER, PLATFORM, "Reseller"),
    ImportedAccount(CUSTOMER, AccountKind.CUSTOMER, RESELLER, "Customer"),
]
PRODUCTS = [
    ImportedProduct("p_disk", "", "Disk", "云硬盘", "DISK"),
    ImportedProduct("p_disk", "sp_fast", "Fast disk", "高速云硬盘", "FAST DISK"),
    ImportedProduct("p_net", "", 'Net "2"\\', "网络", "NET"),
]
EDGES, PAGES, CORRECTED, LINES, LARGE, UNUSED = range(31000001, 31000007)

# When each was paid, in the order of posting; the month and time of UTC+8 that it must show.
PAID = [
    ("2023-12-31T15:59:59", "2023-12", "2023-12-31 23:59:59"),
    ("2023-12-31T16:00:00", "2024-01", "2024-01-01 00:00:00"),
    ("2024-02-29T15:59:59", "2024-02", "2024-02-29 23:59:59"),
    ("2024-02-29T16:00:00", "2024-03", "2024-03-01 00:00:00"),
    ("2024-03-31T15:59:59", "2024-03", "2024-03-31 23:59:59"),
    ("2024-03-31T16:00:00", "2024-04", "2024-04-01 00:00:00"),
    ("2024-03-31T15:59:59.999999", "2024-03", "2024-03-31 23:59:59"),
    ("2024-03-31T16:00:00.000001", "2024-04", "2024-04-01 00:00:00"),
]

# Which month each row of the paged voucher is in: the 25 of May lie between others.
PAGED_MONTHS = ["2024-05" if n % 3 else "2024-06" for n in range(37)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def usage(paid_at: datetime, *lines: ImportedLine, pay_mode: str = "postpay") -> ImportedUsage:
    return ImportedUsage(
        pay_mode=pay_mode,
        paid_at=paid_at,
        completed_at=paid_at + timedelta(seconds=5),
        lines=lines,
        deal_name="deal-1" if pay_mode == "prepay" else "",
        bill_id="" if pay_mode == "prepay" else "bill-1",
    )


def line(amount: str, product: str = "p_disk", sub_product: str = "sp_fast") -> ImportedLine:
    return ImportedLine(product, sub_product, micro(amount), "v_item", "sv_item", "1", "purchase")


def voucher(number: int, face: str, usages: Sequence[ImportedUsage]) -> ImportedVoucher:
    return ImportedVoucher(
        number, f"OWN{number}", CUSTOMER, RESELLER, micro(face), BEGINNING, END, usages
    )


VOUCHERS = [
    # Each amount is twice the one before, so that a sum tells what is in it.
    voucher(EDGES, "1000", [usage(at(t), line(str(2**n))) for n, (t, _, _) in enumerate(PAID)]),
    voucher(
        PAGES,
        "100",
        [usage(at(f"{month}-10T00:00:{n:02}"), line("1")) for n, month in enumerate(PAGED_MONTHS)],
    ),
    voucher(
        CORRECTED,
        "10",
        [
            usage(at("2024-03-05T00:00:00"), line("1.25"), pay_mode="prepay"),
            usage(at("2024-03-06T00:00:00"), line("0.5")),
        ],
    ),
    voucher(
        LINES,
        "10",
        [
            usage(at("2024-03-01T00:00:00"), line("0.1"), line("0.3", "p_net", "sp_none")),
            usage(at("2024-03-02T00:00:00"), line("0.2", "p_net", ""), line("0.2")),
            usage(at("2024-03-03T00:00:00"), line("0.1", 'p_"\n云\\'), line("0.25"), line("0.25")),
            usage(at("2024-03-04T00:00:00"), line("0.1"), pay_mode="ripay"),
        ],
    ),
    voucher(
        LARGE,
        "1000000",
        [
            usage(at("2024-03-01T00:00:00"), line("0.00000001")),
            usage(at("2024-03-01T00:00:00"), line("999999.99999998")),
        ],
    ),
    voucher(UNUSED, "0.5", []),
]


async def correct(connection: Connection) -> None:
    """Takes 0.25 back from the first usage and adds 0.01 to the second, in two later months."""
    await connection.execute(
        """
        insert into usage (
            owner_uin, voucher_no, ordinal, month, month_ordinal, posting_no, usage_id,
            operation_id, kind, from_bucket, to_bucket, amount_micro, pay_mode, pay_scene,
            deal_name, bill_id, paid_at, completed_at, posted_at, resource_owner_uin,
            product_code, sub_product_code, lines, corrects_usage_id, reason, actor_uin
        )
        select
            c.owner_uin, c.voucher_no, c.ordinal + 2, n.month, 1, c.posting_no + 2,
            c.usage_id + 1000000, c.operation_id + 1000000, n.kind, n.from_bucket, n.to_bucket,
            n.amount_micro, c.pay_mode, c.pay_scene, c.deal_name, n.bill_id, n.paid_at, n.paid_at,
            n.paid_at, c.resource_owner_uin, c.product_code, c.sub_product_code, c.lines,
            c.usage_id, '', c.actor_uin
        from usage as c
        join (values
            (1, 202404, 'refund', 'spent', 'available', 25000000, 'refund-1',
                timestamptz '2024-04-10 00:00:00+08'),
            (2, 202405, 'adjustment', 'available', 'spent', 1000000, 'adjust-1',
                timestamptz '2024-05-10 00:00:00+08')
        ) as n (ordinal, month, kind, from_bucket, to_bucket, amount_micro, bill_id, paid_at)
            on n.ordinal = c.ordinal
        where c.owner_uin = $1 and c.voucher_no = $2
        """,
        CUSTOMER,
        CORRECTED,
    )
    await connection.execute(
        "insert into usage_month (owner_uin, voucher_no, month, record_count, amount_micro) "
        "values ($1, $2, 202404, 1, -25000000), ($1, $2, 202405, 1, 1000000)",
        CUSTOMER,
        CORRECTED,
    )
    await connection.execute(
        "update voucher set version = 2, record_count = 4, posting_count = 5, "
        "spent_micro = spent_micro - 24000000, available_micro = available_micro + 24000000 "
        "where owner_uin = $1 and voucher_no = $2",
        CUSTOMER,
        CORRECTED,
    )
