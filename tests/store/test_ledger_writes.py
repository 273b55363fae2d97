"""The life of a voucher over the library, from quota to its end."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.store.library import DAY, HOUR, USD, Shop, now, open_shop, token

from counterfoil import Line, Purchase, State, Terms, VoucherFacts
from counterfoil.domain.errors import (
    BadAmount,
    BadChoice,
    BadInstant,
    BadText,
    BadToken,
    Invalid,
    NotFound,
    NotOpen,
    OutOfRange,
    QuotaInsufficient,
    RoleRefused,
    TokenReused,
    Untimely,
    ValueInsufficient,
)
from counterfoil.ledger import results


async def test_quota_comes_and_goes(shop: Shop) -> None:
    partner = {"partner_uin": shop.reseller.main_uin}
    more = await shop.ledger.adjust_quota(token=token(), amount_micro=50 * USD, **partner)
    assert more == results.Quota(1_050 * USD, 1_050 * USD)
    await shop.issue(40 * USD)
    less = await shop.ledger.adjust_quota(token=token(), amount_micro=-10 * USD, **partner)
    assert less == results.Quota(1_040 * USD, 1_000 * USD)
    with pytest.raises(QuotaInsufficient):
        await shop.ledger.adjust_quota(token=token(), amount_micro=-1_001 * USD, **partner)
    with pytest.raises(QuotaInsufficient):
        await shop.issue(1_001 * USD)
    with pytest.raises(NotFound):
        await shop.ledger.adjust_quota(by=shop.reseller, token=token(), amount_micro=1, **partner)


async def test_a_charge_is_paid_refunded_and_adjusted(shop: Shop) -> None:
    voucher_no = await shop.issue(10 * USD)
    charged = await shop.ledger.charge(
        by=shop.reseller,
        token=token(),
        customer_uin=shop.uin,
        purchase=shop.bought(9 * USD, 3 * USD, bill_id="bill-1"),
    )
    assert (charged.paid_micro, charged.unpaid_micro) == (10 * USD, 2 * USD)
    (allocation,) = charged.allocations
    assert (allocation.voucher_no, allocation.amount_micro) == (voucher_no, 10 * USD)
    correct = {"by": shop.reseller, "customer_uin": shop.uin, "usage_id": allocation.usage_id}
    refunded = await shop.ledger.refund(token=token(), amount_micro=4 * USD, **correct)
    assert refunded.amount_micro == -4 * USD
    added = await shop.ledger.adjust(token=token(), amount_micro=1 * USD, **correct)
    assert added.amount_micro == 1 * USD
    assert await shop.buckets(voucher_no) == (3 * USD, 0, 7 * USD, 0, 0)
    with pytest.raises(ValueInsufficient):
        await shop.ledger.refund(token=token(), amount_micro=8 * USD, **correct)
    with pytest.raises(ValueInsufficient):
        await shop.ledger.adjust(token=token(), amount_micro=4 * USD, **correct)
    with pytest.raises(NotOpen):
        await shop.ledger.refund(token=token(), **{**correct, "usage_id": added.usage_id})
    rest = await shop.ledger.refund(token=token(), **correct)
    assert rest.amount_micro == -7 * USD
    assert await shop.buckets(voucher_no) == (10 * USD, 0, 0, 0, 0)


async def test_a_hold_is_captured_or_released(shop: Shop) -> None:
    voucher_no = await shop.issue(10 * USD)
    own = {"by": shop.reseller, "customer_uin": shop.uin}
    order = shop.bought(6 * USD, deal_name="order-1")
    one = await shop.ledger.hold(token=token(), purchase=order, expires_at=now() + HOUR, **own)
    assert (one.held_micro, one.unheld_micro) == (6 * USD, 0)
    two = await shop.ledger.hold(token=token(), purchase=order, expires_at=now() + HOUR, **own)
    assert (two.held_micro, two.unheld_micro) == (4 * USD, 2 * USD)
    assert await shop.buckets(voucher_no) == (0, 10 * USD, 0, 0, 0)
    with pytest.raises(ValueInsufficient):
        await shop.ledger.capture(token=token(), hold_id=one.hold_id, amount_micro=7 * USD, **own)
    captured = await shop.ledger.capture(
        token=token(), hold_id=one.hold_id, amount_micro=5 * USD, **own
    )
    assert captured.paid_micro == 5 * USD
    released = await shop.ledger.release(token=token(), hold_id=two.hold_id, **own)
    assert released.amount_micro == 4 * USD
    assert await shop.buckets(voucher_no) == (5 * USD, 0, 5 * USD, 0, 0)
    for again in (shop.ledger.capture, shop.ledger.release):
        with pytest.raises(NotOpen):
            await again(token=token(), hold_id=one.hold_id, **own)
    with pytest.raises(Untimely):
        await shop.ledger.hold(token=token(), purchase=order, expires_at=now(), **own)


async def test_a_voucher_is_withdrawn_or_invalidated(shop: Shop) -> None:
    first, second = await shop.issue(10 * USD), await shop.issue(20 * USD)
    own = {"by": shop.reseller, "customer_uin": shop.uin}
    ended = await shop.ledger.withdraw(token=token(), voucher_no=first, reason="mistake", **own)
    assert ended.amount_micro == 10 * USD
    with pytest.raises(NotOpen):
        await shop.ledger.withdraw(token=token(), voucher_no=first, **own)
    with pytest.raises(RoleRefused):
        await shop.ledger.invalidate(token=token(), voucher_no=second, **own)
    killed = await shop.ledger.invalidate(token=token(), customer_uin=shop.uin, voucher_no=second)
    assert killed.amount_micro == 20 * USD
    listed = await shop.ledger.read.vouchers(customer_uin=shop.uin)
    assert [one.state for one in listed] == [State.KILLED, State.WITHDRAWN]
    quota = await shop.ledger.read.quota_at(partner_uin=shop.reseller.main_uin, at=now())
    assert quota["available"] == 1_000 * USD


async def test_the_operator_acts_where_nobody_is_named(shop: Shop) -> None:
    facts = VoucherFacts(face_micro=5 * USD, begin_at=None, end_at=now() + DAY, terms=Terms())
    given = await shop.ledger.issue(token=token(), customer_uin=shop.uin, facts=facts)
    (listed,) = await shop.ledger.read.vouchers(customer_uin=shop.uin)
    assert listed.voucher.voucher_no == given.voucher_no
    assert listed.voucher.issuer_uin == shop.ledger.operator.main_uin
    assert listed.voucher.funder_uin is None  # no partner's quota paid for it
    own = {"customer_uin": shop.uin, "voucher_no": given.voucher_no}
    with pytest.raises(NotFound):
        await shop.ledger.withdraw(by=shop.reseller, token=token(), **own)


async def test_a_stranger_finds_nothing(shop: Shop) -> None:
    await shop.issue(10 * USD)
    usage_id = await shop.charge(1 * USD)
    stranger = (await open_shop(shop.ledger)).reseller
    own = {"by": stranger, "customer_uin": shop.uin}
    for refused in (
        shop.ledger.charge(token=token(), purchase=shop.bought(USD), **own),
        shop.ledger.refund(token=token(), usage_id=usage_id, **own),
        shop.ledger.read.vouchers(**own),
    ):
        with pytest.raises(NotFound):
            await refused


async def test_a_token_has_one_effect_and_one_answer(shop: Shop) -> None:
    voucher_no = await shop.issue(10 * USD)
    once: dict[str, Any] = {"by": shop.reseller, "customer_uin": shop.uin, "token": token()}
    purchase = shop.bought(3 * USD)
    answers = await asyncio.gather(
        *(shop.ledger.charge(purchase=purchase, **once) for _ in range(5))
    )
    assert answers == 5 * [answers[0]]
    assert await shop.ledger.charge(purchase=purchase, **once) == answers[0]
    assert await shop.buckets(voucher_no) == (7 * USD, 0, 3 * USD, 0, 0)
    with pytest.raises(TokenReused):
        await shop.ledger.charge(purchase=replace(purchase, bill_id="another"), **once)
    with pytest.raises(TokenReused):
        await shop.ledger.hold(purchase=purchase, expires_at=now() + HOUR, **once)
    other: dict[str, Any] = {**once, "by": shop.ledger.operator}
    assert (await shop.ledger.charge(purchase=purchase, **other)).paid_micro == 3 * USD


async def test_what_is_due_is_posted_when_asked(shop: Shop) -> None:
    ends_at = now() + timedelta(seconds=1)
    voucher_no = await shop.issue(10 * USD, end_at=ends_at)
    await asyncio.sleep((ends_at - now()).total_seconds() + 0.01)
    assert await shop.buckets(voucher_no) == (0, 0, 0, 10 * USD, 0)  # as if it were posted
    partner_uin = shop.reseller.main_uin
    before = await shop.ledger.read.quota_journal(partner_uin=partner_uin)
    await shop.ledger.sweep()
    after = await shop.ledger.read.quota_journal(partner_uin=partner_uin)
    assert [row.kind for row in before.rows] == ["grant", "issue"]
    assert [row.kind for row in after.rows] == ["grant", "issue", "return"]
    assert after.balances[-1]["available"] == 1_000 * USD


PURCHASE = Purchase("postpay", (Line("p_cvm", "sp_cvm_s1", 1, 1),))
FACTS = VoucherFacts(face_micro=1, begin_at=None, end_at=now() + DAY, terms=Terms())
CANT_BE_MEANT: dict[str, tuple[object, type[Invalid], str]] = {
    "a word of the wire": (replace(PURCHASE, pay_mode="postPay"), BadChoice, "purchase.pay_mode"),
    "no such scene": (replace(PURCHASE, pay_scene="party"), BadChoice, "purchase.pay_scene"),
    "no lines": (replace(PURCHASE, lines=()), OutOfRange, "purchase.lines"),
    "a text that can't be kept": (
        replace(PURCHASE, bill_id="a\0b"), BadText, "purchase.bill_id",
    ),
    "half a character": (replace(PURCHASE, deal_name="\ud800"), BadText, "purchase.deal_name"),
    "a line too large": (
        replace(PURCHASE, lines=(replace(PURCHASE.lines[0], amount_micro=10**14 + 1),)),
        BadAmount, "purchase.lines.0.amount_micro",
    ),
    "a number too large": (
        replace(PURCHASE, voucher_nos=(2**63,)), OutOfRange, "purchase.voucher_nos.0",
    ),
    "no time zone": (
        replace(PURCHASE, paid_at=now().replace(tzinfo=None)), BadInstant, "purchase.paid_at",
    ),
    "a face too large": (replace(FACTS, face_micro=10**14 + 1), BadAmount, "facts.face_micro"),
    "no such priority": (replace(FACTS, priority=256), BadChoice, "facts.priority"),
    "no such use": (replace(FACTS, usage_kind="gift"), BadChoice, "facts.usage_kind"),
    "no such mode": (
        replace(FACTS, terms=Terms(pay_mode="Prepaid")), BadChoice, "facts.terms.pay_mode",
    ),
    "no such scenes": (
        replace(FACTS, terms=Terms(pay_scenes=("party",))), BadChoice, "facts.terms.pay_scenes",
    ),
    "codes without a scope": (
        replace(FACTS, terms=Terms(product_codes=("p_cvm",))),
        BadChoice, "facts.terms.product_codes",
    ),
    "less than no spend": (
        replace(FACTS, terms=Terms(min_spend_micro=-1)),
        BadAmount, "facts.terms.min_spend_micro",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "refusal", "place"), CANT_BE_MEANT.values(), ids=CANT_BE_MEANT)
async def test_what_cant_be_meant_is_named(
    shop: Shop, given: Any, refusal: type[Invalid], place: str
) -> None:
    own = {"by": shop.reseller, "token": token(), "customer_uin": shop.uin}
    with pytest.raises(refusal) as refused:
        if isinstance(given, Purchase):
            await shop.ledger.charge(purchase=given, **own)
        else:
            await shop.ledger.issue(facts=given, **own)
    assert refused.value.parameter == place


@pytest.mark.parametrize("bad", ["", "x" * 65, "a\nb", "ä"])
async def test_a_token_is_short_and_plain(shop: Shop, bad: str) -> None:
    with pytest.raises(BadToken):
        await shop.ledger.charge(token=bad, customer_uin=shop.uin, purchase=shop.bought(1))


@pytest.mark.parametrize("amount_micro", [0, -1])
async def test_amounts_are_positive(shop: Shop, amount_micro: int) -> None:
    with pytest.raises(BadAmount):
        await shop.charge(amount_micro)
    with pytest.raises(BadAmount):
        await shop.issue(amount_micro)


async def test_instants_that_the_rules_forbid_are_refused(shop: Shop) -> None:
    await shop.issue(10 * USD)
    for paid_at in (now() + HOUR, now() - 46 * DAY):
        with pytest.raises(Untimely):
            await shop.charge(USD, paid_at=paid_at)
    with pytest.raises(Untimely):
        await shop.issue(USD, end_at=now() - HOUR)
    with pytest.raises(RoleRefused):
        await shop.issue(USD, usage_kind="product_trial")
    with pytest.raises(NotFound):
        await shop.issue(USD, terms=Terms(excluded_product_codes=("p_none",)))
