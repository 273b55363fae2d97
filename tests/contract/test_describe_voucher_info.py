"""DescribeVoucherInfo, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import listed_book, refusals
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, SDK_WAYS, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.listed_book import VARIED
from tests.contract.refusals import (
    Refusal,
    check_first_is_told,
    check_refused,
    not_a_choice,
)
from tests.contract.test_describe_voucher_usage_details import NO_PERMISSION, not_a_uin, page

# The request that the action's document prints, of the owner in its answer.
SEED = Question(
    "billing",
    "DescribeVoucherInfo",
    {"Limit": 1, "Offset": 1},
    listed_book.key(listed_book.INFO),
)
# Its answer, but for what that ledger alone can have: other vouchers, no state and no validity.
SEED_ANSWER: dict[str, Any] = {
    "TotalBalance": 1200000000,
    "TotalCount": 1,
    "VoucherInfos": [
        {
            "Status": "unUsed",
            "PolicyRemark": "",
            "EndTime": "2089-12-31 23:59:59",
            "NominalValue": 1200000000,
            "CreateTime": "2016-03-12 14:51:52",
            "BeginTime": "2016-03-12 00:00:00",
            "PayMode": "prePay",
            "PayScene": "purchase,renew",
            "VoucherId": "PPVIA653S3T7L07A4P",
            "ExcludedProducts": [
                {"PayMode": "*", "GoodsName": "Tencent Cloud Lighthouse"},
                {"PayMode": "*", "GoodsName": "Tencent QiDian Customer Service"},
                {"PayMode": "*", "GoodsName": "Tencent QiDian Marketing Cloud"},
            ],
            "OwnerUin": "909619400",
            "Balance": 1200000000,
            "ApplicableProducts": {"PayMode": "prePay", "GoodsName": "Cloud Virtual Machine CVM"},
        }
    ],
    "Unit": "micro",
}
MANY = replace(SEED, params={"Limit": 1000, "Offset": 1}, key=listed_book.key(listed_book.MANY))
NEWEST_FIRST = sorted(VARIED, key=lambda n: (VARIED[n].issued_at, VARIED[n].voucher_no))[::-1]


def not_a_time(name: str, value: str) -> Refusal:
    return Refusal(
        case=f"{name} {value!r}",
        params={name: value},
        code="InvalidParameterValue",
        en=f"The parameter `{name}` is not a date or time: YYYY-MM-DD or YYYY-MM-DD HH:MM:SS in "
        "UTC+8 is expected.",
        zh=f"参数 `{name}` 不是有效的日期或时间：应为 UTC+8 的 YYYY-MM-DD 或 YYYY-MM-DD HH:MM:SS。",
    )


PRODUCT_OF_ALL_MODES = Refusal(
    case="ProductCode for all modes",
    params={"PayMode": "*", "ProductCode": "p_cvm"},
    code="InvalidParameter",
    en="The parameter `ProductCode` can't be sent where the payment mode is all of them.",
    zh="支付模式为全部时，不能传入参数 `ProductCode`。",
)

# One of each error that the action can answer while its database is up.
REFUSALS = [
    refusals.wrong_key(SEED.key),
    refusals.UNKNOWN_KEY,
    refusals.missing("Limit"),
    refusals.wrong_type("Offset", "one", "integer"),
    page("Limit", 0),
    not_a_choice("Status", "Used"),
    not_a_time("TimeFrom", "yesterday"),
    PRODUCT_OF_ALL_MODES,
    not_a_uin("abc"),
    NO_PERMISSION,
]
TIMES = [
    f"{name}{end}" for name in ("Time", "StartTime", "EndTime", "CreateTime")
    for end in ("From", "To")
]  # fmt: skip
# More values that lead to them.
MORE_REFUSALS: list[Refusal] = [
    refusals.missing("Offset"),
    *(refusals.unknown(name) for name in ("Colour", "status", "Month")),
    *(page("Limit", value) for value in (-1, 1_001, 2**62)),
    *(page("Offset", value) for value in (-1, -(2**63))),
    *(not_a_choice("Status", value) for value in ("unused", "usable", "Issued", "\0", "*")),
    *(not_a_choice("SortField", value) for value in ("begintime", "VoucherId", "issued")),
    *(not_a_choice("SortOrder", value) for value in ("DESC", "up")),
    *(not_a_choice("PayMode", value) for value in ("Prepaid", "all", "**")),
    *(not_a_choice("PayScene", value) for value in ("Renew", "common", "purchase,renew")),
    not_a_choice("VoucherMainType", "price"),
    not_a_choice("VoucherSubType", "Deduct"),
    *(not_a_time(name, "2024-02-30") for name in TIMES),
    *(
        not_a_time("TimeTo", value)
        for value in ("2024", "2024-01-01T00:00:00", "2024-01-01 24:00:00", " ", "\0", "1700000000")
    ),
    replace(
        PRODUCT_OF_ALL_MODES, params={"PayMode": "", "ProductCode": "p_cvm"}, case="empty mode"
    ),
    *(not_a_uin(text) for text in ("-1", " ", "１２３")),
]
JSON_REFUSALS: list[Refusal] = [
    *(refusals.wrong_type("Limit", value, "integer") for value in ("10", 10.0, True)),
    *(
        refusals.wrong_type(name, value, "string")
        for name in ("Status", "VoucherId", "Lang")
        for value in (1, False, ["x"], {"x": 1})
    ),
]


def names(clients: Clients, way: Way = PYTHON, **params: Any) -> list[str]:
    """Which of the owner's vouchers are listed, by what tells them apart; totals must agree."""
    answer = clients.ask(way, replace(MANY, params=MANY.params | params))
    by_code = {voucher.code: name for name, voucher in VARIED.items()}
    found = [by_code[info["VoucherId"]] for info in answer["VoucherInfos"]]
    assert answer["TotalCount"] == len(found)
    assert answer["TotalBalance"] == sum(VARIED[name].left_micro for name in found)
    return found


def but(*names: str) -> list[str]:
    """All but these, the newest first."""
    return [name for name in NEWEST_FIRST if name not in names]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_the_answer_that_the_document_prints(listed: Clients, way: Way) -> None:
    assert as_json(content(listed.ask(way, SEED))) == as_json(SEED_ANSWER)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_reads_every_error(listed: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(listed, way, SEED, refusal)


@pytest.mark.parametrize("refusal", [*REFUSALS, refusals.unknown("Colour")], ids=str)
@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_errors_are_in_chinese_when_asked_for(listed: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(listed, way, replace(SEED, language="zh-CN"), refusal)


@pytest.mark.parametrize("refusal", MORE_REFUSALS, ids=str)
@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA256", "GET")], ids=str)
def test_every_wrong_value_is_named(listed: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(listed, way, SEED, refusal)


@pytest.mark.parametrize("refusal", JSON_REFUSALS, ids=str)
def test_json_of_another_type_is_refused(listed: Clients, refusal: Refusal) -> None:
    check_refused(listed, PYTHON, SEED, refusal)


@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "POST")], ids=str)
def test_of_several_faults_the_first_in_the_documented_order_is_told(
    listed: Clients, way: Way
) -> None:
    faults = [
        refusals.wrong_key(SEED.key),
        refusals.missing("Limit"),
        refusals.unknown("Colour"),
        refusals.wrong_type("Offset", "x", "integer"),
        page("Limit", 0),
        page("Offset", -1),
        not_a_choice("SortOrder", "up"),
        not_a_choice("Status", "gone"),
        not_a_choice("VoucherSubType", "x"),
        not_a_time("TimeFrom", "x"),
        not_a_time("EndTimeTo", "x"),
        PRODUCT_OF_ALL_MODES,
        not_a_uin("abc"),
    ]
    check_first_is_told(listed, way, SEED, faults)


@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"Status": "unUsed"}, but("not begun", "used", "expired", "ended, not swept", "withdrawn",
                                   "killed")),
        ({"Status": "used"}, ["used"]),
        ({"Status": "delivered"}, ["not begun"]),
        ({"Status": "cancel"}, ["killed", "withdrawn"]),
        ({"Status": "overdue"}, ["ended, not swept", "expired"]),
        ({"VoucherId": "MANY15"}, ["of a campaign"]),
        ({"VoucherId": '"30000015"'}, ["of a campaign"]),
        ({"VoucherId": "12342356"}, []),
        ({"CodeId": "20230627799000283860282011"}, ["ordered"]),
        ({"ActivityId": "570"}, ["of a campaign"]),
        ({"VoucherName": '代金券 "二期"\\'}, ["named"]),
        ({"VoucherName": "代金券"}, []),
        ({"VoucherMainType": "has_price"}, ["ordered"]),
        ({"VoucherSubType": "discount"}, ["of a campaign"]),
        ({"PayMode": "prePay"}, but("postpaid", "reserved")),
        ({"PayMode": "POSTPAY"}, but("prepaid", "reserved")),
        ({"PayMode": "ripay", "PayScene": "oneOffFee"}, but("prepaid", "postpaid", "reserved")),
        ({"PayScene": "settle account"}, but("prepaid", "reserved")),
        ({"PayScene": "*"}, but("prepaid", "postpaid", "reserved")),
        ({"PayMode": "prePay", "ProductCode": "p_cvm"}, but("postpaid", "reserved", "not for one")),
        ({"ProductCode": "p_quote"}, but("not for one")),
        ({"ProductCode": "p_qm"}, but("for one")),
        ({"ProductCode": "p_unknown"}, but("for one")),
        ({"TimeTo": "2021-12-31"}, ["early"]),
        ({"TimeFrom": "2022-01-01", "TimeTo": "2025-01-01"}, but("early", "late")),
        ({"CreateTimeFrom": "2026-03-01"}, ["late"]),
        ({"CreateTimeFrom": "2026-03-01 00:00:01"}, []),
        ({"TimeFrom": "2020-01-01", "CreateTimeFrom": "2025-01-01 08:00:01"}, ["late"]),
        ({"TimeTo": "2025-12-31", "CreateTimeTo": "2021-12-31 23:59:58"}, []),
        ({"StartTimeFrom": "2026-03-01 12:00:00"}, ["late", "not begun"]),
        ({"StartTimeTo": "2022-01-01"}, ["early"]),
        ({"EndTimeTo": "2025-06-29"}, ["expired"]),
        ({"EndTimeTo": "2025-06-30 00:00:00"}, ["ended, not swept", "expired"]),
        ({"EndTimeFrom": "2091-12-31 23:59:58"}, ["late"]),
        ({"EndTimeFrom": "2091-12-31 23:59:59"}, []),
        ({"EndTimeFrom": "0001-01-01", "EndTimeTo": "9999-12-31 23:59:59"}, NEWEST_FIRST),
        ({"TimeTo": "0001-01-01"}, []),
        ({"VoucherName": "x\0y"}, []),
        ({"VoucherId": "'; drop table voucher; --"}, []),
        ({"Status": "", "PayMode": "", "PayScene": "", "TimeFrom": "", "SortField": ""},
         NEWEST_FIRST),
    ],
    ids=str,
)  # fmt: skip
def test_filters(listed: Clients, way: Way, params: dict[str, str], expected: list[str]) -> None:
    assert names(listed, way, **params) == expected


@pytest.mark.parametrize("field", ["BeginTime", "EndTime", "CreateTime"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_sorts_end_in_the_number(listed: Clients, field: str, order: str) -> None:
    shown = {"BeginTime": "begin_at", "EndTime": "end_at", "CreateTime": "issued_at"}[field]
    expected = sorted(VARIED, key=lambda n: (getattr(VARIED[n], shown), VARIED[n].voucher_no))
    found = names(listed, SortField=field, SortOrder=order)
    assert found == (expected if order == "asc" else expected[::-1])


@pytest.mark.parametrize("size", [1, 4, 7, 19, 1000])
def test_pages_hold_every_voucher_once_with_the_totals_of_all(listed: Clients, size: int) -> None:
    found, number = [], 0
    while True:
        number += 1
        asked = replace(MANY, params={"Limit": size, "Offset": number})
        answer = listed.ask(PYTHON, asked)
        assert answer["TotalCount"] == len(VARIED)
        assert answer["TotalBalance"] == sum(voucher.left_micro for voucher in VARIED.values())
        if not answer["VoucherInfos"]:
            break
        found += [info["VoucherId"] for info in answer["VoucherInfos"]]
    assert found == [VARIED[name].code for name in NEWEST_FIRST]


def test_offset_0_is_the_first_page_and_none_is_too_far(listed: Clients) -> None:
    first, zeroth, last = (
        listed.ask(PYTHON, replace(MANY, params={"Limit": 1000, "Offset": offset}))
        for offset in (1, 0, 2**63 - 1)
    )
    assert content(first) == content(zeroth)
    assert last["VoucherInfos"] == []
    assert (last["TotalCount"], last["TotalBalance"]) == (
        first["TotalCount"],
        first["TotalBalance"],
    )


def test_a_row_tells_state_amounts_terms_and_times(listed: Clients) -> None:
    told = {info["VoucherId"]: info for info in listed.ask(PYTHON, MANY)["VoucherInfos"]}
    states = {"plain": "unUsed", "held": "unUsed", "not begun": "delivered", "used": "used",
              "expired": "overdue", "ended, not swept": "overdue", "withdrawn": "cancel",
              "killed": "cancel"}  # fmt: skip
    for name, state in states.items():
        row = told[VARIED[name].code]
        assert (row["Status"], row["Balance"]) == (state, VARIED[name].left_micro), name
    named = told[VARIED["named"].code]
    assert named["PolicyRemark"] == '不限 "使用"\n\\'
    assert (named["PayMode"], named["PayScene"]) == ("*", "*")
    assert named["ApplicableProducts"] == {"GoodsName": "all products", "PayMode": "*"}
    assert named["ExcludedProducts"] == []
    one, reserved = told[VARIED["for one"].code], told[VARIED["reserved"].code]
    assert one["ApplicableProducts"]["GoodsName"] == 'Cloud Virtual Machine CVM,Disk "2"\\'
    assert (reserved["PayMode"], reserved["PayScene"]) == ("riPay", "hourlyFee")
    blocked = told[VARIED["not for one"].code]["ExcludedProducts"]
    assert [product["GoodsName"] for product in blocked] == [
        "Cloud Virtual Machine CVM",
        'Disk "2"\\',
    ]
    late = told[VARIED["late"].code]
    assert (late["BeginTime"], late["EndTime"], late["CreateTime"]) == (
        "2026-03-01 12:00:00",
        "2091-12-31 23:59:58",
        "2026-03-01 00:00:00",
    )


@pytest.mark.parametrize(
    ("language", "lang", "is_chinese"),
    [
        ("en-US", None, False),
        ("zh-CN", None, True),
        ("zh-CN", "", True),
        ("en-US", "zh", True),
        ("en-US", "zh-CN", True),
        ("zh-CN", "en", False),
        ("zh-CN", "ja", False),
        ("en-US", "", False),
    ],
)
def test_lang_goes_before_the_language_of_the_request(
    listed: Clients, language: str, lang: str | None, *, is_chinese: bool
) -> None:
    params = SEED.params if lang is None else SEED.params | {"Lang": lang}
    (info,) = listed.ask(PYTHON, replace(SEED, params=params, language=language))["VoucherInfos"]
    expected = "云服务器 CVM" if is_chinese else "Cloud Virtual Machine CVM"
    assert info["ApplicableProducts"]["GoodsName"] == expected
    everything = replace(MANY, params=params, language=language)
    (info,) = listed.ask(PYTHON, everything)["VoucherInfos"]
    expected = "全产品通用" if is_chinese else "all products"
    assert info["ApplicableProducts"]["GoodsName"] == expected


@pytest.mark.parametrize(
    "uin",
    [
        listed_book.PLATFORM,
        listed_book.DISTRIBUTOR,
        listed_book.SUB_RESELLER,
        listed_book.RESELLER,
        listed_book.NO_VOUCHERS,
    ],
)
def test_who_owns_none_has_an_empty_list(listed: Clients, uin: int) -> None:
    answer = listed.ask(PYTHON, replace(MANY, key=listed_book.key(uin)))
    assert content(answer) == {
        "TotalCount": 0,
        "TotalBalance": 0,
        "VoucherInfos": [],
        "Unit": "micro",
    }


def test_a_code_of_digits_is_not_taken_for_anothers_number(listed: Clients) -> None:
    owner = listed_book.key(listed_book.OF_SUB)
    asked = replace(SEED, params=SEED.params | {"VoucherId": "12130012"}, key=owner)
    (info,) = listed.ask(PYTHON, asked)["VoucherInfos"]
    assert (info["VoucherId"], info["Balance"]) == ("12130012", 7 * 10**8)
