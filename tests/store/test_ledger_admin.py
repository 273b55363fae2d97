"""Accounts, catalogue, policies and keys over the library."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.store.library import USD, Shop, now, token

from counterfoil import AccountKind, Ledger, NamedProduct, Policy
from counterfoil.domain.errors import (
    Absent,
    BadText,
    Misplaced,
    NotAUin,
    NotFound,
    NotOpen,
    OutOfRange,
    RoleRefused,
    Taken,
    TokenReused,
)
from counterfoil.ledger import results


async def test_an_account_is_made_once(shop: Shop) -> None:
    create = shop.ledger.admin.create_account
    once = {"by": shop.reseller, "token": token(), "kind": AccountKind.CUSTOMER}
    made = await create(name="Second", **once)
    assert await create(name="Second", **once) == made
    with pytest.raises(TokenReused):
        await create(name="Third", **once)
    assert (await shop.ledger.caller(made.uin)).kind is AccountKind.CUSTOMER
    tree = await shop.ledger.read.accounts(by=shop.reseller)
    assert [one.name for one in tree] == ["Reseller", "Customer", "Second"]


async def test_accounts_stand_where_they_can(shop: Shop) -> None:
    create = shop.ledger.admin.create_account
    with pytest.raises(Misplaced):
        await create(
            token=token(),
            kind=AccountKind.SUB_RESELLER,
            name="Second level",
            parent_uin=shop.reseller.main_uin,
        )
    with pytest.raises(Taken):
        await create(token=token(), kind=AccountKind.RESELLER, name="Twin", uin=shop.uin)
    with pytest.raises(NotAUin):
        await create(token=token(), kind=AccountKind.RESELLER, name="Nobody", uin=2**53)
    with pytest.raises(NotFound):
        await create(
            by=shop.reseller,
            token=token(),
            kind=AccountKind.CUSTOMER,
            name="Elsewhere",
            parent_uin=shop.ledger.operator.main_uin,
        )
    with pytest.raises(BadText):
        await create(token=token(), kind=AccountKind.RESELLER, name="x" * 257)
    with pytest.raises(NotFound):
        await shop.ledger.caller(1)


async def test_a_customer_is_moved(shop: Shop) -> None:
    admin = shop.ledger.admin
    await shop.issue(10 * USD)
    other = await admin.create_account(token=token(), kind=AccountKind.RESELLER, name="Other")
    move = {"customer_uin": shop.uin, "parent_uin": other.uin}
    with pytest.raises(NotFound):
        await admin.move_customer(by=shop.reseller, token=token(), **move)
    moved = await admin.move_customer(token=token(), **move)
    assert moved == results.CustomerMoved(1, 10 * USD)
    quota = await shop.ledger.read.quota_at(partner_uin=shop.reseller.main_uin, at=now())
    assert quota["available"] == 1_000 * USD


async def test_policies_hold_for_what_is_issued_from_then_on(shop: Shop) -> None:
    before = await shop.issue(10 * USD)
    chosen = await shop.ledger.admin.set_policies(
        by=shop.reseller,
        token=token(),
        partner_uin=shop.reseller.main_uin,
        returns_on_refund=False,
        burn_policy=Policy.CN,
    )
    assert chosen == results.PoliciesSet(False, True, True, Policy.CN)
    after = await shop.issue(10 * USD)
    for voucher_no, returned in ((before, -USD), (after, 0)):
        usage_id = await shop.charge(USD, voucher_nos=(voucher_no,))
        refunded = await shop.ledger.refund(token=token(), customer_uin=shop.uin, usage_id=usage_id)
        assert refunded.amount_micro == returned
    with pytest.raises(NotFound):
        await shop.ledger.admin.set_policies(
            by=shop.customer, token=token(), partner_uin=shop.uin, returns_on_refund=True
        )


async def test_the_catalogue_is_the_platforms(shop: Shop) -> None:
    put = shop.ledger.admin.put_products
    renamed = NamedProduct("p_net", "", "Network", "网络", "NET")
    assert await put(token=token(), products=[renamed]) == results.Done()
    assert renamed in await shop.ledger.read.products(after=("p_cvm", "sp_cvm_s1"))
    with pytest.raises(RoleRefused):
        await put(by=shop.reseller, token=token(), products=[renamed])
    with pytest.raises(OutOfRange):
        await put(token=token(), products=[])
    with pytest.raises(Absent):
        await put(token=token(), products=[replace(renamed, product_code="")])


async def test_a_key_shows_its_secret_once(shop: Shop, empty_dsn: str, tmp_path: Path) -> None:
    async with Ledger.open(empty_dsn, master_key_file=tmp_path / "master.key") as ledger:
        once = {"token": token(), "uin": shop.uin}
        key = await ledger.admin.create_credential(**once)
        assert key.secret_key
        again = await ledger.admin.create_credential(**once)
        assert (again.secret_id, again.secret_key) == (key.secret_id, None)
        disable = {"secret_id": key.secret_id}
        with pytest.raises(NotFound):
            await ledger.admin.disable_credential(by=shop.reseller, token=token(), **disable)
        await ledger.admin.disable_credential(by=shop.customer, token=token(), **disable)
        with pytest.raises(NotOpen):
            await ledger.admin.disable_credential(token=token(), **disable)
        with pytest.raises(NotFound):
            await ledger.admin.create_credential(by=shop.reseller, **once)
