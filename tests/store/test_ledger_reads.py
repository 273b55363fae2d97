"""What the library answers about vouchers, quota, usage and the books as a whole."""

from typing import Any

import pytest
from tests.store.library import DAY, HOUR, USD, Shop, now, open_shop, token

from counterfoil import AccountKind, State
from counterfoil.domain.balance import QUOTA_BUCKETS, VOUCHER_BUCKETS
from counterfoil.domain.errors import (
    BadInstant,
    NotAMonth,
    NotFound,
    OutOfRange,
    RoleRefused,
    Untimely,
)


async def test_vouchers_are_listed_by_pages_and_states(shop: Shop) -> None:
    read = shop.ledger.read
    numbers = [await shop.issue(n * USD, name=f"voucher {n}") for n in range(1, 6)]
    await shop.charge(2 * USD, voucher_nos=(numbers[1],))
    first = await read.vouchers(customer_uin=shop.uin, size=3)
    rest = await read.vouchers(customer_uin=shop.uin, size=3, below_no=first[-1].voucher.voucher_no)
    assert [one.voucher.voucher_no for one in [*first, *rest]] == numbers[::-1]
    assert first[0].facts.name == "voucher 5"
    (used,) = await read.vouchers(customer_uin=shop.uin, state=State.USED)
    assert used.voucher.voucher_no == numbers[1]
    named = await read.vouchers(
        by=shop.customer, customer_uin=shop.uin, voucher_nos=(numbers[0], 1)
    )
    assert [one.voucher.voucher_no for one in named] == [numbers[0]]


async def test_explaining_is_charging(shop: Shop) -> None:
    small, large = await shop.issue(2 * USD), await shop.issue(5 * USD)
    purchase = shop.bought(3 * USD)
    told = await shop.ledger.read.explain(
        by=shop.customer, customer_uin=shop.uin, purchase=purchase
    )
    assert {verdict.voucher.voucher_no for verdict in told.verdicts} == {small, large}
    charged = await shop.ledger.charge(
        by=shop.reseller, token=token(), customer_uin=shop.uin, purchase=purchase
    )
    assert (told.paid_micro, told.unpaid_micro) == (charged.paid_micro, charged.unpaid_micro)
    assert {(one.voucher_no, one.amount_micro) for one in charged.allocations} == {
        (verdict.voucher.voucher_no, verdict.amount_micro)
        for verdict in told.verdicts
        if verdict.amount_micro
    }
    with pytest.raises(Untimely):
        await shop.ledger.read.explain(
            customer_uin=shop.uin, purchase=shop.bought(1, paid_at=now() + HOUR)
        )


async def test_a_journal_is_read_to_its_end(shop: Shop) -> None:
    voucher_no = await shop.issue(10 * USD)
    usage_id = await shop.charge(6 * USD, bill_id="bill-1")
    await shop.ledger.refund(token=token(), customer_uin=shop.uin, usage_id=usage_id)
    own = {"customer_uin": shop.uin, "voucher_no": voucher_no}
    page = await shop.ledger.read.journal(size=2, **own)
    assert page.next is not None
    last = await shop.ledger.read.journal(place=page.next, size=2, **own)
    assert last.next is None
    rows = [*page.rows, *last.rows]
    assert [(row.kind, row.amount_micro) for row in rows] == [
        ("issue", 10 * USD),
        ("redeem", 6 * USD),
        ("refund", 6 * USD),
    ]
    assert (rows[1].usage_id, rows[1].bill_id) == (usage_id, "bill-1")
    assert rows[2].corrects_usage_id == usage_id
    left = [balance["available"] for balance in (*page.balances, *last.balances)]
    assert left == [10 * USD, 4 * USD, 10 * USD]
    with pytest.raises(NotFound):
        await shop.ledger.read.journal(customer_uin=shop.uin, voucher_no=1)


async def test_the_journal_of_quota(shop: Shop) -> None:
    await shop.issue(10 * USD)
    partner: dict[str, Any] = {"by": shop.reseller, "partner_uin": shop.reseller.main_uin}
    page = await shop.ledger.read.quota_journal(size=1, **partner)
    assert page.next is not None
    last = await shop.ledger.read.quota_journal(place=page.next, **partner)
    assert [row.kind for row in (*page.rows, *last.rows)] == ["grant", "issue"]
    assert last.balances[0]["issued"] == 10 * USD
    with pytest.raises(NotFound):
        await shop.ledger.read.quota_journal(**{**partner, "by": shop.customer})


async def test_what_stood_at_an_instant(shop: Shop) -> None:
    read = shop.ledger.read
    voucher_no = await shop.issue(10 * USD)
    await shop.charge(4 * USD)
    own: dict[str, Any] = {"by": shop.customer, "customer_uin": shop.uin, "voucher_no": voucher_no}
    stood = await read.balance_at(at=now(), **own)
    assert [stood[bucket] for bucket in VOUCHER_BUCKETS] == [6 * USD, 0, 4 * USD, 0, 0]
    assert (await read.balance_at(at=now() - DAY, **own))["available"] == 0
    partner = {"partner_uin": shop.reseller.main_uin}
    quota = await read.quota_at(at=now(), **partner)
    assert [quota[bucket] for bucket in QUOTA_BUCKETS] == [1_000 * USD, 990 * USD, 10 * USD, 0, 0]
    assert (await read.quota_at(at=now() - DAY, **partner))["total"] == 0
    for ask, about in ((read.balance_at, own), (read.quota_at, partner)):
        with pytest.raises(Untimely):
            await ask(at=now() + HOUR, **about)
        with pytest.raises(BadInstant):
            await ask(at=now().replace(tzinfo=None), **about)


async def test_usage_as_the_partner_sees_it(shop: Shop) -> None:
    read = shop.ledger.read
    voucher_no = await shop.issue(10 * USD)
    paid_at = now().replace(microsecond=0) - 2 * HOUR
    usage_ids = [
        await shop.charge(amount_micro, bill_id=f"bill-{amount_micro}", paid_at=paid_at)
        for amount_micro in (1, 3 * USD, 30_000_000)
    ]
    own: dict[str, Any] = {
        "by": shop.reseller, "customer_uin": shop.uin, "voucher_no": voucher_no,
    }  # fmt: skip
    first = await read.usage(size=2, **own)
    second = await read.usage(size=2, page=2, **own)
    rows = [*first.rows, *second.rows]
    assert [row.usage_id for row in rows] == usage_ids[::-1]
    assert [row.amount_micro for row in rows] == [30_000_000, 3 * USD, 1]
    assert (first.face_micro, first.spent_micro) == (10 * USD, 3 * USD + 30_000_001)
    assert (first.record_count, second.record_count) == (3, 3)
    assert {(row.paid_at, row.completed_at) for row in rows} == {(paid_at, paid_at)}
    assert rows[2].bill_id == "bill-1"
    assert {row.resource_owner_uin for row in rows} == {shop.uin}
    assert rows[0].product_name == "Cloud Virtual Machine"
    (named,) = (await read.usage(size=1, is_chinese=True, **own)).rows
    assert (named.product_name, named.sub_product_name) == ("云服务器", "标准型S1")
    long_ago = await read.usage(month="2020-01", **own)
    assert (long_ago.rows, long_ago.record_count, long_ago.month_record_count) == ([], 3, 0)
    with pytest.raises(NotAMonth):
        await read.usage(month="2020-13", **own)
    with pytest.raises(OutOfRange):
        await read.usage(page=0, **own)
    with pytest.raises(NotFound):
        await read.usage(**{**own, "voucher_no": 1})
    with pytest.raises(RoleRefused):
        await read.usage(**{**own, "by": shop.ledger.operator})


async def test_usage_as_the_owner_sees_it(shop: Shop) -> None:
    read = shop.ledger.read
    voucher_no = await shop.issue(10 * USD)
    (listed,) = await read.vouchers(customer_uin=shop.uin)
    usage_id = await shop.charge(2 * USD, 1 * USD, bill_id="bill-1")
    await shop.ledger.refund(
        token=token(), customer_uin=shop.uin, usage_id=usage_id, amount_micro=USD
    )
    for name in (listed.facts.code, str(voucher_no)):
        found = await read.own_usage(by=shop.customer, voucher=name)
        assert (found.spent_micro, found.record_count) == (2 * USD, 2)
        back, paid = found.rows
        assert (back.amount_micro, back.pay_scene) == (-USD, "adjust")
        assert (paid.amount_micro, paid.pay_scene, paid.pay_mode) == (3 * USD, "common", "postpay")
        assert paid.seq_id == "bill-1"
        assert [line.sub_product_name for line in paid.lines] == 2 * ["Standard S1"]
        assert now() - HOUR < paid.paid_at <= now()
    nothing = await read.own_usage(by=shop.reseller, voucher=listed.facts.code)
    assert (nothing.record_count, nothing.rows) == (0, [])


async def test_books_are_verified(shop: Shop) -> None:
    await shop.issue(10 * USD)
    await shop.charge(1 * USD)
    own = await shop.ledger.read.verify(by=shop.reseller, customer_uin=shop.uin)
    assert (own.vouchers, own.usages, own.differences) == (1, 1, [])
    assert (await shop.ledger.read.verify()).vouchers >= 1
    with pytest.raises(RoleRefused):
        await shop.ledger.read.verify(by=shop.reseller)
    stranger = (await open_shop(shop.ledger)).reseller
    with pytest.raises(NotFound):
        await shop.ledger.read.verify(by=stranger, customer_uin=shop.uin)


async def test_accounts_of_a_tree(shop: Shop) -> None:
    accounts = await shop.ledger.read.accounts(by=shop.reseller)
    assert [(one.uin, one.kind) for one in accounts] == [
        (shop.reseller.main_uin, AccountKind.RESELLER),
        (shop.uin, AccountKind.CUSTOMER),
    ]
    (behind,) = await shop.ledger.read.accounts(by=shop.reseller, after_uin=shop.reseller.main_uin)
    assert (behind.uin, behind.parent_uin) == (shop.uin, shop.reseller.main_uin)
    (first,) = await shop.ledger.read.accounts(size=1)
    assert first.uin == shop.ledger.operator.main_uin


async def test_products_by_pages(shop: Shop) -> None:
    (first,) = await shop.ledger.read.products(size=1)
    assert (first.product_code, first.sub_product_code) == ("p_cvm", "")
    second, *_ = await shop.ledger.read.products(after=("p_cvm", ""))
    assert second.name_zh == "标准型S1"


@pytest.mark.parametrize("size", [0, 1_001])
async def test_pages_have_1_to_1000_rows(shop: Shop, size: int) -> None:
    with pytest.raises(OutOfRange):
        await shop.ledger.read.vouchers(customer_uin=shop.uin, size=size)


async def test_no_number_is_too_large_to_be_answered(shop: Shop) -> None:
    with pytest.raises(OutOfRange):
        await shop.ledger.read.journal(customer_uin=shop.uin, voucher_no=2**63)
    with pytest.raises(NotFound):
        await shop.ledger.read.journal(customer_uin=shop.uin, voucher_no=2**63 - 1)
