"""IssueVouchers: value for customers, out of the issuer's quota and on terms fixed for good."""

import re
from typing import Any

from tests.contract.house import LATER, PLATFORM, House, OneItem, at, token
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_AMOUNTS,
    BAD_TEXTS,
    BAD_TIMES,
    BAD_TOKEN,
    NO_PERMISSION,
    NO_QUOTA,
    NO_SUCH_OBJECT,
    check_callers,
    check_first_is_told,
    check_length,
    check_repeats,
    check_told,
    not_a_choice,
    not_a_text,
    not_a_time,
    not_an_amount,
    untimely,
)

from counterfoil.actions.counterfoil_20261121.issue_vouchers import ACTION
from counterfoil.domain import errors


def asked(house: House, **members: object) -> dict[str, Any]:
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "Amount": "10",
        "ExpireTime": LATER,
        **members,
    }


def test_a_voucher_comes_out_of_the_issuers_quota(house: House) -> None:
    (result,) = house.items(ACTION.name, house.reseller, "Vouchers", [asked(house)])
    assert result["VoucherId"] >= 20_000_000
    assert re.fullmatch("[A-Z0-9]{22}", result["VoucherCode"])
    assert house.left(result["VoucherId"]) == {"available": "10"}
    assert house.quota_left(house.reseller) == "990"


def test_the_platform_issues_by_its_own_funds(house: House) -> None:
    items = [asked(house, Amount="1000000"), asked(house, Usage="ProductTrial")]
    results = house.items(ACTION.name, PLATFORM, "Vouchers", items)
    assert all("VoucherId" in result for result in results)
    assert house.quota_left(house.reseller) == "1000"


def test_what_is_asked_for_is_kept(house: House) -> None:
    voucher = house.voucher(
        "10",
        EffectiveTime="2029-01-01 00:00:00",
        ExpireTime="2029-12-31 23:59:59",
        PaymentMode="Prepaid",
        PayScenes=["renew", "purchase"],
        ProductScope="SpecifyProductsBlacklist",
        ProductCodes=["p_cbs"],
        ExcludedProductCodes=["cvm"],
        MinSpend="2.5",
        Usage="CustomerOffer",
        Priority=7,
        Name="Gift",
        ApplyReason="a new customer",
        ActivityId="act-1",
        CodeId="code-1",
        MainType="has_price",
        SubType="discount",
        PolicyRemark="not for disks",
    )
    sql = """
        select to_char(begin_at at time zone interval '8 hours', 'YYYY-MM-DD HH24:MI:SS'),
            to_char(end_at at time zone interval '8 hours', 'YYYY-MM-DD HH24:MI:SS'),
            pay_mode, pay_scenes, product_scope, product_codes, excluded_product_codes,
            min_spend_micro, usage_kind, priority, name, apply_reason, activity_id, code_id,
            main_type, sub_type, policy_remark
        from voucher join terms using (terms_id) where owner_uin = $1 and voucher_no = $2
    """
    assert house.rows(sql, house.customer.uin, voucher) == [
        (
            "2029-01-01 00:00:00", "2030-01-01 00:00:00", "prepay", ["purchase", "renew"], "block",
            ["p_cbs"], ["cvm"], 250_000_000, "customer_offer", 7, "Gift", "a new customer",
            "act-1", "code-1", "has_price", "discount", "not for disks",
        )
    ]  # fmt: skip


def test_quota_runs_out_within_a_call(house: House) -> None:
    items = [asked(house, Amount=amount) for amount in ("600", "600", "400")]
    first, second, third = house.items(ACTION.name, house.reseller, "Vouchers", items)
    code, message = NO_QUOTA
    assert second == {"Error": {"Code": code, "Message": message}}
    assert "VoucherId" in first
    assert "VoucherId" in third
    assert house.quota_left(house.reseller) == "0"


def test_every_partner_above_issues_out_of_its_own(house: House) -> None:
    customer = house.account("customer", house.sub_reseller)
    house.voucher("10", by=house.distributor, CustomerUin=customer.uin)
    house.voucher("20", by=house.sub_reseller, CustomerUin=customer.uin)
    assert house.quota_left(house.distributor) == "990"
    assert house.quota_left(house.sub_reseller) == "980"


def test_refusals(house: House) -> None:
    other = house.account("customer", house.distributor)
    blocked = {"ProductScope": "SpecifyProductsBlacklist"}
    choices = {
        "PaymentMode": "Reserved",
        "PayScenes": ["purchase", "sale"],
        "ProductScope": "Some",
        "Usage": "Gift",
        "Priority": 256,
        "MainType": "priceless",
        "SubType": "half",
    }
    check_told(
        OneItem(house, "Vouchers"),
        ACTION,
        house.reseller,
        asked(house),
        [
            *(
                (errors.BadAmount, {name: amount}, not_an_amount(name))
                for name in ("Amount", "MinSpend")
                for amount in BAD_AMOUNTS
            ),
            *(
                (errors.BadText, {name: text}, not_a_text(name))
                for name in ("Name", "ApplyReason", "ActivityId", "CodeId", "PolicyRemark")
                for text in BAD_TEXTS
            ),
            (errors.BadText, {**blocked, "ProductCodes": ["x" * 257]}, not_a_text("ProductCodes")),
            *(
                (errors.BadChoice, {name: word}, not_a_choice(name))
                for name, word in choices.items()
            ),
            (errors.BadChoice, {"Priority": -1}, not_a_choice("Priority")),
            (errors.BadChoice, blocked, not_a_choice("ProductCodes")),
            (errors.BadChoice, {"ProductCodes": ["p_cvm"]}, not_a_choice("ProductCodes")),
            *(
                (errors.BadInstant, {name: time}, not_a_time(name))
                for name in ("EffectiveTime", "ExpireTime")
                for time in BAD_TIMES
            ),
            (errors.RoleRefused, {"Usage": "ProductTrial"}, NO_PERMISSION),
            *(
                (errors.NotFound, members, NO_SUCH_OBJECT)
                for members in (
                    {"CustomerUin": 1},
                    {"CustomerUin": other.uin},
                    {"CustomerUin": house.reseller.uin},
                    {**blocked, "ProductCodes": ["p_unknown"]},
                    {"ExcludedProductCodes": ["p_unknown"]},
                )
            ),
            (errors.Untimely, {"ExpireTime": at(-2)}, untimely("ExpireTime")),
            (errors.Untimely, {"EffectiveTime": "2031-01-01 00:00:00"}, untimely("ExpireTime")),
            (errors.QuotaInsufficient, {"Amount": "1000.00000001"}, NO_QUOTA),
        ],
    )
    check_length(house, ACTION, house.reseller, "Vouchers")


def test_the_first_fault_is_told(house: House) -> None:
    one_item = OneItem(house, "Vouchers")
    faults = [
        (errors.BadAmount, {"MinSpend": "0"}, not_an_amount("MinSpend")),
        (errors.BadText, {"Name": "a\0b"}, not_a_text("Name")),
        (errors.BadChoice, {"Priority": 256}, not_a_choice("Priority")),
        (errors.BadInstant, {"EffectiveTime": "now"}, not_a_time("EffectiveTime")),
        (errors.BadToken, {"ClientToken": "a\nb"}, BAD_TOKEN),
        (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
        (errors.Untimely, {"ExpireTime": at(-2)}, untimely("ExpireTime")),
        (errors.QuotaInsufficient, {"Amount": "1001"}, NO_QUOTA),
    ]
    check_first_is_told(one_item, ACTION, house.reseller, asked(house), faults)
    spoilt = asked(house, Usage="ProductTrial")
    for _, members, _ in faults:
        spoilt |= members
    assert one_item.refusal(ACTION.name, house.reseller, spoilt) == NO_PERMISSION


def test_a_voucher_sent_twice_is_issued_once(house: House) -> None:
    one_item = OneItem(house, "Vouchers")
    check_repeats(one_item, ACTION, house.reseller, asked(house), {"Amount": "11"})
    assert house.quota_left(house.reseller) == "990"


def test_who_may_issue(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
