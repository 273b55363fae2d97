"""DescribeJournal: every movement of a voucher, or of a partner's quota, in the order posted."""

from typing import Any

from tests.contract.house import LATER, PLATFORM, House, at, soon, wait_until_past
from tests.contract.house_rules import (
    EVERYONE,
    NO_SUCH_OBJECT,
    check_callers,
    out_of_range,
)
from tests.contract.reading import (
    BAD_CURSOR,
    check_refusals,
    check_sight_of_customer,
    missing,
    not_valid,
    pages,
)
from tests.store.owner_process import eventually

from counterfoil.actions.counterfoil_20261121.describe_journal import ACTION
from counterfoil.domain import errors

BUCKETS = ("Available", "Held", "Spent", "Expired", "Voided")
QUOTA = ("Total", "Remaining", "Issued", "Returned", "Allocated")


def journal(house: House, voucher: int, **members: Any) -> list[Any]:
    asked = {"CustomerUin": house.customer.uin, "VoucherId": voucher, **members}
    answer = house.ask(ACTION.name, house.reseller, **asked)
    assert answer.keys() == {"Movements", "Cursor"}
    return list(answer["Movements"])


def quota_journal(house: House, partner_uin: int, **members: Any) -> list[Any]:
    answer = house.ask(ACTION.name, PLATFORM, PartnerUin=partner_uin, **members)
    return list(answer["Movements"])


def moved(row: Any) -> tuple[str, ...]:
    return row["Kind"], row["From"], row["To"], row["Amount"]


def stood(row: Any) -> tuple[str, ...]:
    """What a row of a voucher's journal left in its buckets."""
    return tuple(row["Balance"][f"{name}Amount"] for name in BUCKETS)


def quota_stood(row: Any) -> tuple[str, ...]:
    """What a row of a partner's journal left of its quota."""
    return tuple(row["Balance"][f"{name}Quota"] for name in QUOTA)


def withdraw(house: House, voucher: int) -> None:
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher, "Reason": "mistake"}
    (result,) = house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    assert "Error" not in result


def test_a_vouchers_life(house: House) -> None:
    house.do("SetPolicies", house.reseller, PartnerUin=house.reseller.uin, ReturnOnRefund=True)
    voucher = house.voucher("100")
    customer = {"CustomerUin": house.customer.uin}
    usage = house.usage("10", BillId="bill-1")
    hold = house.hold("20", DealName="order-1")["HoldId"]
    house.do("CaptureHold", house.reseller, **customer, HoldId=hold, Amount="15")
    house.do("AdjustUsage", house.reseller, **customer, UsageId=usage, Amount="2", Reason="more")
    house.do("RefundUsage", house.reseller, **customer, UsageId=usage, Amount="4", Reason="back")
    withdraw(house, voucher)
    rows = journal(house, voucher)
    assert [(*moved(row), *stood(row)) for row in rows] == [
        ("issue", "mint", "available", "100", "100", "0", "0", "0", "0"),
        ("redeem", "available", "spent", "10", "90", "0", "10", "0", "0"),
        ("hold", "available", "held", "20", "70", "20", "10", "0", "0"),
        ("capture", "held", "spent", "15", "70", "5", "25", "0", "0"),
        ("release", "held", "available", "5", "75", "0", "25", "0", "0"),
        ("adjustment", "available", "spent", "2", "73", "0", "27", "0", "0"),
        ("refund", "spent", "available", "4", "77", "0", "23", "0", "0"),
        ("void", "available", "voided", "77", "0", "0", "23", "0", "77"),
    ]
    assert [row["PostingNo"] for row in rows] == list(range(1, 9))
    assert [row["HoldId"] for row in rows] == [None, None, hold, hold, hold, None, None, None]
    assert [row["CorrectsUsageId"] for row in rows] == [None] * 5 + [usage, usage, None]
    assert [row["Reason"] for row in rows] == ["", "", "", "", "", "more", "back", "mistake"]
    assert rows[3]["OperationId"] == rows[4]["OperationId"]
    assert {row["ActorUin"] for row in rows} == {house.reseller.uin}


def test_a_row_tells_what_it_is_part_of(house: House) -> None:
    voucher = house.voucher("100")
    usage = house.usage("10", BillId="bill-1", DealName="order-1", PayTime=at(-60))
    issued, redeemed = journal(house, voucher)
    assert (issued["UsageId"], issued["PayTime"]) == (None, None)
    assert (issued["DealName"], issued["BillId"]) == ("", "")
    assert issued["MovementId"] > 0
    assert (redeemed["UsageId"], redeemed["MovementId"]) == (usage, None)
    assert (redeemed["DealName"], redeemed["BillId"]) == ("order-1", "bill-1")
    assert redeemed["PayTime"] < redeemed["PostedTime"] <= at()


def test_what_time_posts_has_no_actor(house: House) -> None:
    last_second = soon()
    voucher = house.voucher("10", ExpireTime=last_second)
    house.hold("4", ExpireTime=last_second)
    wait_until_past(last_second)
    eventually(lambda: len(journal(house, voucher)) >= 4)  # the server sweeps every few seconds
    *_, expired = rows = journal(house, voucher)
    assert sorted(moved(row)[:1] for row in rows[2:]) == [("expire",), ("lapse",)]
    assert {row["ActorUin"] for row in rows[2:]} == {0}
    assert stood(expired) == ("0", "0", "0", "10", "0")


def test_pages_join_without_a_seam(house: House) -> None:
    voucher = house.voucher("100")
    for n in range(4):
        house.usage(str(n + 1))
        house.do(
            "ReleaseHold",
            house.reseller,
            CustomerUin=house.customer.uin,
            HoldId=house.hold("7")["HoldId"],
        )
    rows = journal(house, voucher)
    assert len(rows) == 1 + 4 * 3
    asked = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    for limit in (1, 2, 5, 13):
        found = pages(house, ACTION, "Movements", **asked, Limit=limit)
        assert [row for page in found for row in page] == rows
        assert {len(page) for page in found[:-1]} <= {limit}


def test_what_is_posted_meanwhile_comes_at_the_end(house: House) -> None:
    voucher = house.voucher("100")
    house.usage("1")
    asked = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    first = house.ask(ACTION.name, house.reseller, **asked, Limit=1)
    house.usage("2")
    second = house.ask(ACTION.name, house.reseller, **asked, Cursor=first["Cursor"])
    assert first["Movements"] + second["Movements"] == journal(house, voucher)
    assert [stood(row)[0] for row in second["Movements"]] == ["99", "97"]


def test_a_partners_quota(house: House) -> None:
    distributor, sub_reseller = house.distributor.uin, house.sub_reseller.uin
    for amount in ("300", "-100"):
        house.do("AdjustVoucherQuota", house.distributor, PartnerUin=sub_reseller, Amount=amount)
    house.do("AdjustVoucherQuota", PLATFORM, PartnerUin=distributor, Amount="-50", Reason="less")
    rows = quota_journal(house, distributor)
    assert [(*moved(row), *quota_stood(row)) for row in rows] == [
        ("grant", "quota", "available", "1000", "1000", "1000", "0", "0", "0"),
        ("allocate", "available", "allocated", "300", "1000", "700", "0", "0", "300"),
        ("deallocate", "allocated", "available", "100", "1000", "800", "0", "0", "200"),
        ("reclaim", "available", "quota", "50", "950", "750", "0", "0", "200"),
    ]
    assert [row["PartnerUin"] for row in rows] == [None, sub_reseller, sub_reseller, None]
    assert [row["Reason"] for row in rows] == ["", "", "", "less"]
    below = quota_journal(house, sub_reseller)
    assert [row["PartnerUin"] for row in below] == [None, distributor, distributor]


def test_quota_of_a_voucher_and_back(house: House) -> None:
    voucher = house.voucher("100")
    house.usage("10")
    withdraw(house, voucher)
    _, issued, returned = rows = quota_journal(house, house.reseller.uin)
    assert [(*moved(row), *quota_stood(row)) for row in rows[1:]] == [
        ("issue", "available", "issued", "100", "1000", "900", "100", "0", "0"),
        ("return", "returned", "available", "90", "1000", "990", "100", "90", "0"),
    ]
    for row in (issued, returned):
        assert (row["CustomerUin"], row["VoucherId"]) == (house.customer.uin, voucher)
    assert issued["CauseId"] is None
    assert returned["CauseId"] == journal(house, voucher)[-1]["MovementId"]
    assert quota_journal(house, house.reseller.uin, Limit=2) == rows[:2]


def test_pages_of_quota(house: House) -> None:
    asked = {"CustomerUin": house.customer.uin, "Amount": "1.5", "ExpireTime": LATER}
    house.items("IssueVouchers", house.reseller, "Vouchers", [asked] * 7)
    rows = quota_journal(house, house.reseller.uin)
    found = pages(house, ACTION, "Movements", PartnerUin=house.reseller.uin, Limit=3)
    assert [len(page) for page in found] == [3, 3, 2]
    assert [row for page in found for row in page] == rows
    assert quota_stood(rows[-1]) == ("1000", "989.5", "10.5", "0", "0")


def test_refusals(house: House) -> None:
    voucher = house.voucher("1")
    check_refusals(
        house,
        ACTION,
        {"CustomerUin": house.customer.uin, "VoucherId": voucher},
        [
            (errors.Absent, {"CustomerUin": None}, missing("CustomerUin")),
            (errors.Absent, {"VoucherId": None}, missing("VoucherId")),
            (errors.Invalid, {"PartnerUin": house.reseller.uin}, not_valid("PartnerUin")),
            *((errors.OutOfRange, {"Limit": limit}, out_of_range("Limit")) for limit in (0, 1_001)),
            *(
                (errors.BadCursor, {"Cursor": cursor}, BAD_CURSOR)
                for cursor in ("1", "1.1.1.1.1.1", "1.1.1.1.1.1.x", "1.1.1.1.1.1." + "9" * 19)
            ),
            (errors.NotFound, {"VoucherId": voucher + 1_000_000}, NO_SUCH_OBJECT),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
        ],
    )


def test_who_sees_a_voucher(house: House) -> None:
    asked = {"CustomerUin": house.customer.uin, "VoucherId": house.voucher("1")}
    check_sight_of_customer(house, ACTION, asked)
    check_callers(house, ACTION, EVERYONE)


def test_who_sees_a_partners_quota(house: House) -> None:
    asked = {"PartnerUin": house.sub_reseller.uin}
    for by in (house.sub_reseller, house.distributor, PLATFORM):
        assert len(house.ask(ACTION.name, by, **asked)["Movements"]) == 1
    own_customer = house.account("customer", house.sub_reseller)
    for other in (house.reseller, house.customer, own_customer):
        assert house.refusal(ACTION.name, other, asked) == NO_SUCH_OBJECT
    for uin in (house.customer.uin, PLATFORM.uin, 0, 2**63 - 1):
        assert house.refusal(ACTION.name, PLATFORM, {"PartnerUin": uin}) == NO_SUCH_OBJECT
    fresh = house.account("reseller", PLATFORM)
    assert house.ask(ACTION.name, fresh, PartnerUin=fresh.uin) == {"Movements": [], "Cursor": ""}
