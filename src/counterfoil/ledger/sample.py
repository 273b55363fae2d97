"""The sample: seven accounts and three vouchers, enough to see both usage actions at work.

It reproduces the answers that the two API documents print. It comes about as any book does, by
quota, issue and charges, only with a clock and a source of ids of its own, which nobody can reach
from outside. Its keys are public, so they are marked and work only in a server that was started on
the sample.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from counterfoil.clock import Clock
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.instants import instant
from counterfoil.domain.money import micro
from counterfoil.domain.postings import Line
from counterfoil.domain.voucher import Terms
from counterfoil.ledger.batch import Batch
from counterfoil.ledger.charges import Charge, Purchase
from counterfoil.ledger.command import Command, Needs, Origin, write_of
from counterfoil.ledger.desk import Desk
from counterfoil.ledger.issuing import AdjustQuota, IssueVoucher, VoucherFacts
from counterfoil.ledger.terms import settle
from counterfoil.store.bulk import copy_rows
from counterfoil.store.database import Connection
from counterfoil.store.ids import Ids
from counterfoil.store.reader import Reader

OPERATOR = 100000000001
DISTRIBUTOR = 200000000100
SUB_RESELLER = 200000000110
RESELLER = 200000000200
CUSTOMER_A = 800000495142
CUSTOMER_B = 700000866965
CUSTOMER_C = 800000190982


@dataclass(frozen=True, slots=True)
class SampleKey:
    """A published key: `profile` is what the command line calls its owner."""

    profile: str
    uin: int
    secret_id: str
    secret_key: str


KEYS = (
    SampleKey("operator", OPERATOR, "AKIDSAMPLEOPERATOR", "sample-operator"),
    SampleKey("distributor", DISTRIBUTOR, "AKIDSAMPLEDISTRIBUTOR", "sample-distributor"),
    SampleKey("subreseller", SUB_RESELLER, "AKIDSAMPLESUBRESELLER", "sample-subreseller"),
    SampleKey("reseller", RESELLER, "AKIDSAMPLERESELLER", "sample-reseller"),
    SampleKey("customera", CUSTOMER_A, "AKIDSAMPLECUSTOMERA", "sample-customer-a"),
    SampleKey("customerb", CUSTOMER_B, "AKIDSAMPLECUSTOMERB", "sample-customer-b"),
    SampleKey("customerc", CUSTOMER_C, "AKIDSAMPLECUSTOMERC", "sample-customer-c"),
)

_PLATFORM = Caller(OPERATOR, OPERATOR, AccountKind.PLATFORM)
_DISTRIBUTOR = Caller(DISTRIBUTOR, DISTRIBUTOR, AccountKind.DISTRIBUTOR)
_SUB_RESELLER = Caller(SUB_RESELLER, SUB_RESELLER, AccountKind.SUB_RESELLER)
_RESELLER = Caller(RESELLER, RESELLER, AccountKind.RESELLER)

_ACCOUNTS = (
    (OPERATOR, AccountKind.PLATFORM, None, "Sample operator"),
    (DISTRIBUTOR, AccountKind.DISTRIBUTOR, OPERATOR, "Sample distributor"),
    (SUB_RESELLER, AccountKind.SUB_RESELLER, DISTRIBUTOR, "Sample second-level reseller"),
    (RESELLER, AccountKind.RESELLER, OPERATOR, "Sample reseller"),
    (CUSTOMER_A, AccountKind.CUSTOMER, RESELLER, "Sample customer A"),
    (CUSTOMER_B, AccountKind.CUSTOMER, RESELLER, "Sample customer B"),
    (CUSTOMER_C, AccountKind.CUSTOMER, SUB_RESELLER, "Sample customer C"),
)

_CVM = "Cloud Virtual Machine (CVM)"
_CVM_S1 = "Cloud Virtual Machine (CVM)-standard type S1"
_CVM_ZH, _CVM_S1_ZH = "云服务器CVM", "云服务器CVM-标准型S1"
_CVM_EN_NAME, _CVM_S1_EN_NAME = "Cloud Virtual Machine(CVM)", "CVM Standard S1"
_CBS, _CBS_PREMIUM = "cloud block storage", "Premium cloud block storage"

_PRODUCTS = (
    ("cvm", "", _CVM, _CVM_ZH, _CVM_EN_NAME),
    ("cvm", "p_cvm", _CVM_S1, _CVM_S1_ZH, _CVM_S1_EN_NAME),
    ("p_cvm", "", _CVM, _CVM_ZH, _CVM_EN_NAME),
    ("p_cvm", "sp_cvm_s1", _CVM_S1, _CVM_S1_ZH, _CVM_S1_EN_NAME),
    ("p_cbs", "", _CBS, "云硬盘", _CBS),
    ("p_cbs", "sp_cbs_premium", _CBS_PREMIUM, "高性能云硬盘", _CBS_PREMIUM),
)

_BEGINNING = instant("2024-01-01 00:00:00")
_VOUCHERS = {
    12130012: "SAMPLEVOUCHERA00000001",
    12130013: "VHPIUDFG9GUZDESWPR4W99",
    12130014: "SAMPLEVOUCHERC00000001",
}
_TERMS = Terms()


async def load_sample(connection: Connection, ids: Ids) -> None:
    """Writes the sample, but for its keys, in the caller's transaction."""
    await copy_rows(
        connection,
        "account",
        "uin kind parent_uin name is_sample created_at bound_at",
        [(*account, True, _BEGINNING, _BEGINNING) for account in _ACCOUNTS],
    )
    await copy_rows(
        connection, "product", "product_code sub_product_code name_en name_zh en_name", _PRODUCTS
    )
    terms = await settle(connection, {(RESELLER, _TERMS), (SUB_RESELLER, _TERMS)})
    batch = Batch(connection, _SampleIds(ids), Reader(), _SampleClock(), terms)
    answers = await batch.run([write_of(one) for one in _writes()], is_locking=False)
    assert not any(isinstance(answer, Exception) for answer in answers), answers


class _SampleClock(Clock):
    """Stands at the beginning of the sample; each of its writes moves on to its own instant."""

    def ledger(self) -> datetime:
        return _BEGINNING


class _SampleIds:
    """Vouchers have the numbers and codes that the documents show; all else is numbered as ever."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._numbers = iter(_VOUCHERS)
        self._codes = iter(_VOUCHERS.values())

    def take(self, kind: str) -> int:
        return next(self._numbers) if kind == "voucher" else self._ids.take(kind)

    def voucher_code(self) -> str:
        return next(self._codes)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A write as it was decided at an instant of the past."""

    at: datetime
    command: Command

    @property
    def origin(self) -> Origin:
        return self.command.origin

    @property
    def owner_uin(self) -> int:
        return self.command.owner_uin

    def needs(self) -> Needs:
        return self.command.needs()

    def decide(self, desk: Desk) -> Any:
        desk.now = self.at
        return self.command.decide(desk)


def _by(caller: Caller) -> Origin:
    return Origin(caller, "sample", None, b"")


def _writes() -> Iterator[_Dated]:
    for caller, partner_uin, usd in (
        (_PLATFORM, RESELLER, "100000"),
        (_PLATFORM, DISTRIBUTOR, "100000"),
        (_DISTRIBUTOR, SUB_RESELLER, "10000"),
    ):
        yield _Dated(_BEGINNING, AdjustQuota(_by(caller), partner_uin, micro(usd)))
    yield _issue(_RESELLER, CUSTOMER_A, "1", "2024-01-01 00:00:00", "2024-07-01 00:00:00")
    yield _issue(_RESELLER, CUSTOMER_B, "10", "2024-03-01 00:00:00", "2024-07-01 00:00:00")
    yield _issue(_SUB_RESELLER, CUSTOMER_C, "2000", "2024-01-01 00:00:00", "2026-01-01 00:00:00")
    yield _charge(_RESELLER, CUSTOMER_A, instant("2024-01-09 20:17:46"), _disk_order())
    yield _charge(_RESELLER, CUSTOMER_A, instant("2024-02-20 10:00:00"), _server_bill("0.7", 0))
    yield _charge(_RESELLER, CUSTOMER_B, instant("2024-03-29 02:03:27"), _document_bill())
    for n in range(1, 1_235):
        at = _BEGINNING + timedelta(seconds=29_700 * n)
        yield _charge(_SUB_RESELLER, CUSTOMER_C, at, _server_bill("1", n))


def _issue(caller: Caller, customer_uin: int, usd: str, begin: str, end: str) -> _Dated:
    facts = VoucherFacts(micro(usd), instant(begin), instant(end), _TERMS)
    return _Dated(instant(begin), IssueVoucher(_by(caller), customer_uin, facts))


def _charge(caller: Caller, customer_uin: int, at: datetime, purchase: Purchase) -> _Dated:
    return _Dated(at, Charge(_by(caller), customer_uin, purchase))


def _disk_order() -> Purchase:
    return Purchase(
        pay_mode="prepay",
        lines=(Line("p_cbs", "sp_cbs_premium", micro("0.3"), CUSTOMER_A),),
        deal_name="20240109201746000000000001",
        completed_at=instant("2024-01-09 20:17:51"),
    )


def _server_bill(usd: str, n: int) -> Purchase:
    owner_uin = CUSTOMER_C if n else CUSTOMER_A
    return Purchase(
        pay_mode="postpay",
        lines=(Line("p_cvm", "sp_cvm_s1", micro(usd), owner_uin),),
        bill_id=f"sample-bill-{n:06d}",
    )


def _document_bill() -> Purchase:
    """The bill behind the usage that the billing document's own example shows."""
    line = Line(
        "cvm",
        "p_cvm",
        micro("0.1"),
        CUSTOMER_B,
        billing_item_code="v_cvm_bandwidth",
        sub_billing_item_code="sv_cvm_bandwidth_prepay",
        calc_unit="1",
        action="purchase",
    )
    return Purchase("postpay", (line,), bill_id="10071_2024032902_1300223973_1711649007")
