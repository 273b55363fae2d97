"""What lists are asked on the book of `bench.listed`: totals beside the same by hand, and how many
blocks each asking may touch.

By hand is the COUNT and SUM of one statement with the same conditions, as somebody would write it
who knows the schema and its indexes: partners below the reseller and the customers of all of them
looked up, states put as conditions on amounts and instants.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.listed import FIRST_NO, LARGE_CUSTOMER, RESELLER
from counterfoil.store.customers import customer_amounts, customer_lists
from counterfoil.store.database import Database
from counterfoil.store.voucher_lists import (
    CustomerFilter,
    VoucherFilter,
    VoucherSort,
    Window,
    customer_vouchers,
    voucher_info,
)

Ask = Callable[[Database, datetime, Window], Awaitable[object]]

UINS = [LARGE_CUSTOMER + n for n in range(20)]

# Blocks, at most: of one owner's 50,000 vouchers with the index of its range; of the index of all
# that the reseller has issued; of all those vouchers.
OWNERS_RANGE, ISSUERS_INDEX, ISSUERS_RANGE = 52_000, 8_000, 60_000
_OWNERS_INDEX, _FEW = 1_000, 60
# Of 95 vouchers that share no block: each is read to be counted, to be found and to be shown (who
# issued it stands in no index of its owner's), and its terms by their index, two blocks each. That
# makes 5 x 95, with indexes and accounts 510, and a sixth to spare: vouchers shown one by one would
# be 3 x 95 more.
_SMALL_CUSTOMERS = 600


@dataclass(frozen=True)
class Question:
    """A list's totals as the service asks for them (with a page of the size given), the statement
    that tells the same, where there is one, and how many blocks list and first page may touch."""

    ask: Ask
    blocks_max: int
    by_hand: str = ""


def _info(wanted: VoucherFilter) -> Ask:
    async def ask(database: Database, now: datetime, window: Window) -> object:
        page = await voucher_info(
            database, LARGE_CUSTOMER, wanted, VoucherSort(), window, now=now, is_chinese=False
        )
        return [(page.voucher_count, page.left_micro)]

    return ask


def _customers(caller_uin: int | None, wanted: CustomerFilter) -> Ask:
    async def ask(database: Database, now: datetime, window: Window) -> object:
        page = await customer_vouchers(database, caller_uin, wanted, window, now)
        return [(page.voucher_count,)]

    return ask


def _seen(**wanted: object) -> Ask:
    return _customers(RESELLER, CustomerFilter(**wanted))


def _own(**wanted: object) -> Ask:
    return _customers(None, CustomerFilter(customer_uin=LARGE_CUSTOMER, **wanted))


async def _amounts(database: Database, now: datetime, _: Window) -> object:
    found = await customer_amounts(database, RESELLER, UINS, now)
    return [(found[uin].face_micro, found[uin].spendable_micro) for uin in UINS]


async def _lists(database: Database, now: datetime, _: Window) -> object:
    found = await customer_lists(database, RESELLER, UINS, now, None)
    return [(found[uin].voucher_count,) for uin in UINS]


_USED = (
    " and v.void_kind is null"
    " and v.available_micro = 0 and v.held_micro = 0 and v.expired_micro = 0"
)
_ENDED = (
    " and v.void_kind is null and v.available_micro + v.held_micro + v.expired_micro > 0"
    " and v.end_at <= now()"
)
_KILLED = " and v.void_kind = 'killed'"
_LONG_AGO = timedelta(days=900)


def _on_terms(condition: str) -> str:
    return f" and v.terms_id in (select t.terms_id from terms as t where {condition})"  # noqa: S608  # from constants


_PREPAID = _on_terms("t.pay_mode in ('prepay', 'ripay')")
_FOR_CVM_IN_ADVANCE = _on_terms(
    "t.pay_mode in ('all', 'prepay') and 'p_cvm' <> all(t.excluded_product_codes)"
    " and (t.product_scope = 'all'"
    " or ('p_cvm' = any(t.product_codes)) = (t.product_scope = 'allow'))"
)
_BELOW = f"""any(array(
    select i.uin
    from account as i
    where i.uin = {RESELLER} or (i.parent_uin = {RESELLER} and i.kind = 'sub_reseller')
))"""  # noqa: S608  # from constants
_LEFT = f"""
    select count(*), sum(v.face_micro - v.spent_micro)::bigint
    from voucher as v
    where v.owner_uin = {LARGE_CUSTOMER}"""  # noqa: S608  # from constants
_OWN = f"select count(*) from voucher as v where v.owner_uin = {LARGE_CUSTOMER}"  # noqa: S608  # from constants
_SEEN = f"""
    select count(*)
    from voucher as v
    join account as a on a.uin = v.owner_uin
    where v.issuer_uin = {_BELOW} and a.parent_uin = {_BELOW}"""  # noqa: S608  # from constants
_OF_ONE = f" and v.owner_uin = {LARGE_CUSTOMER}"
_OF_UINS = f"v.owner_uin in ({', '.join(map(str, UINS))}) and v.issuer_uin = {_BELOW}"
_AMOUNTS = f"""
    select
        sum(v.face_micro)::bigint,
        sum(v.available_micro) filter (where v.begin_at <= now() and v.end_at > now())::bigint
    from voucher as v
    where {_OF_UINS} and v.void_kind is null
    group by v.owner_uin
    order by v.owner_uin"""  # noqa: S608  # from constants
_COUNTS = f"""
    select count(*)
    from voucher as v
    where {_OF_UINS}
    group by v.owner_uin
    order by v.owner_uin"""  # noqa: S608  # from constants

_PREPAID_MODES = ("prepay", "ripay")

INFO, SEEN, OWN = (
    "DescribeVoucherInfo",
    "DescribeCustomerVoucherList",
    "DescribeCustomerOwnVoucherList",
)
TOTALS = {
    INFO: Question(_info(VoucherFilter()), OWNERS_RANGE, _LEFT),
    f"{INFO}, used": Question(_info(VoucherFilter(states=["used"])), OWNERS_RANGE, _LEFT + _USED),
    f"{INFO}, overdue": Question(
        _info(VoucherFilter(states=["expired"])), OWNERS_RANGE, _LEFT + _ENDED
    ),
    f"{INFO}, used, prePay and product": Question(
        _info(VoucherFilter(states=["used"], pay_mode="prepay", product_code="p_cvm")),
        OWNERS_RANGE,
        _LEFT + _USED + _FOR_CVM_IN_ADVANCE,
    ),
    SEEN: Question(_seen(), ISSUERS_INDEX, _SEEN),
    f"{SEEN}, Used": Question(_seen(states=["used"]), ISSUERS_RANGE, _SEEN + _USED),
    f"{SEEN}, Invalidated": Question(_seen(states=["killed"]), ISSUERS_RANGE, _SEEN + _KILLED),
    f"{SEEN}, Prepaid": Question(_seen(pay_modes=_PREPAID_MODES), ISSUERS_RANGE, _SEEN + _PREPAID),
    f"{SEEN}, of one customer": Question(
        _seen(customer_uin=LARGE_CUSTOMER), OWNERS_RANGE, _SEEN + _OF_ONE
    ),
    f"{SEEN}, of one customer, Used": Question(
        _seen(customer_uin=LARGE_CUSTOMER, states=["used"]), OWNERS_RANGE, _SEEN + _OF_ONE + _USED
    ),
    OWN: Question(_own(), _OWNERS_INDEX, _OWN),
    f"{OWN}, Used": Question(_own(states=["used"]), OWNERS_RANGE, _OWN + _USED),
    f"{OWN}, Prepaid": Question(_own(pay_modes=_PREPAID_MODES), OWNERS_RANGE, _OWN + _PREPAID),
    "QueryVoucherAmountByUin": Question(_amounts, OWNERS_RANGE, _AMOUNTS),
}
# Every voucher is a row of its answer, so its totals can't be had without reading and writing all.
ROWS = {"QueryVoucherListByUin": Question(_lists, OWNERS_RANGE, _COUNTS)}

# One filter each, served by an index.
NARROW = {
    f"{INFO}, by code": Question(_info(VoucherFilter(code="BENCHVOUCHER40")), _FEW),
    f"{INFO}, by number": Question(_info(VoucherFilter(code="X", voucher_no=FIRST_NO + 40)), _FEW),
    f"{INFO}, by order": Question(_info(VoucherFilter(code_id="order 7")), 500),
    f"{INFO}, by name": Question(_info(VoucherFilter(name="name 7")), 500),
    f"{SEEN}, by number": Question(_seen(voucher_no=FIRST_NO + 777), _FEW),
    f"{SEEN}, of one small customer": Question(
        _seen(customer_uin=LARGE_CUSTOMER + 7), _SMALL_CUSTOMERS
    ),
    f"{OWN}, by number": Question(_own(voucher_no=FIRST_NO + 40), _FEW),
}
