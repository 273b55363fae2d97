"""The sample: seven accounts and three vouchers, enough to see both usage actions at work.

It reproduces the answers that the two API documents print. Its keys are public, so they are marked
and work only in a server that was started on the sample.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from counterfoil.domain.account import AccountKind
from counterfoil.domain.instants import instant
from counterfoil.domain.money import micro
from counterfoil.ledger.importing import (
    ImportedAccount,
    ImportedLine,
    ImportedProduct,
    ImportedQuota,
    ImportedUsage,
    ImportedVoucher,
    import_accounts,
    import_products,
    import_vouchers,
)
from counterfoil.store.database import Connection

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

_ACCOUNTS = (
    ImportedAccount(OPERATOR, AccountKind.PLATFORM, None, "Sample operator"),
    ImportedAccount(DISTRIBUTOR, AccountKind.DISTRIBUTOR, OPERATOR, "Sample distributor"),
    ImportedAccount(
        SUB_RESELLER, AccountKind.SUB_RESELLER, DISTRIBUTOR, "Sample second-level reseller"
    ),
    ImportedAccount(RESELLER, AccountKind.RESELLER, OPERATOR, "Sample reseller"),
    ImportedAccount(CUSTOMER_A, AccountKind.CUSTOMER, RESELLER, "Sample customer A"),
    ImportedAccount(CUSTOMER_B, AccountKind.CUSTOMER, RESELLER, "Sample customer B"),
    ImportedAccount(CUSTOMER_C, AccountKind.CUSTOMER, SUB_RESELLER, "Sample customer C"),
)

_CVM = "Cloud Virtual Machine (CVM)"
_CVM_S1 = "Cloud Virtual Machine (CVM)-standard type S1"
_CVM_ZH, _CVM_S1_ZH = "云服务器CVM", "云服务器CVM-标准型S1"
_CVM_EN_NAME, _CVM_S1_EN_NAME = "Cloud Virtual Machine(CVM)", "CVM Standard S1"
_CBS, _CBS_PREMIUM = "cloud block storage", "Premium cloud block storage"

_PRODUCTS = (
    ImportedProduct("cvm", "", _CVM, _CVM_ZH, _CVM_EN_NAME),
    ImportedProduct("cvm", "p_cvm", _CVM_S1, _CVM_S1_ZH, _CVM_S1_EN_NAME),
    ImportedProduct("p_cvm", "", _CVM, _CVM_ZH, _CVM_EN_NAME),
    ImportedProduct("p_cvm", "sp_cvm_s1", _CVM_S1, _CVM_S1_ZH, _CVM_S1_EN_NAME),
    ImportedProduct("p_cbs", "", _CBS, "云硬盘", _CBS),
    ImportedProduct("p_cbs", "sp_cbs_premium", _CBS_PREMIUM, "高性能云硬盘", _CBS_PREMIUM),
)

_BEGINNING = instant("2024-01-01 00:00:00")
_QUOTAS = (
    ImportedQuota(RESELLER, micro("100000"), _BEGINNING),
    ImportedQuota(DISTRIBUTOR, micro("100000"), _BEGINNING),
    ImportedQuota(SUB_RESELLER, micro("10000"), _BEGINNING, from_uin=DISTRIBUTOR),
)


async def load_sample(connection: Connection) -> None:
    """Writes the sample's accounts, catalogue, quota and vouchers; its keys are the caller's."""
    await import_accounts(connection, _ACCOUNTS, at=_BEGINNING, is_sample=True)
    await import_products(connection, _PRODUCTS)
    await import_vouchers(connection, _vouchers(), _QUOTAS, actor_uin=OPERATOR)


def _vouchers() -> list[ImportedVoucher]:
    return [
        ImportedVoucher(
            voucher_no=12130012,
            code="SAMPLEVOUCHERA00000001",
            owner_uin=CUSTOMER_A,
            issuer_uin=RESELLER,
            face_micro=micro("1"),
            begin_at=_BEGINNING,
            end_at=instant("2024-07-01 00:00:00"),
            usages=[
                ImportedUsage(
                    pay_mode="prepay",
                    paid_at=instant("2024-01-09 20:17:46"),
                    completed_at=instant("2024-01-09 20:17:51"),
                    deal_name="20240109201746000000000001",
                    lines=[ImportedLine("p_cbs", "sp_cbs_premium", micro("0.3"))],
                ),
                _postpaid("p_cvm", "sp_cvm_s1", "0.7", instant("2024-02-20 10:00:00"), 0),
            ],
        ),
        ImportedVoucher(
            voucher_no=12130013,
            code="VHPIUDFG9GUZDESWPR4W99",
            owner_uin=CUSTOMER_B,
            issuer_uin=RESELLER,
            face_micro=micro("10"),
            begin_at=instant("2024-03-01 00:00:00"),
            end_at=instant("2024-07-01 00:00:00"),
            usages=[_seed_usage()],
        ),
        ImportedVoucher(
            voucher_no=12130014,
            code="SAMPLEVOUCHERC00000001",
            owner_uin=CUSTOMER_C,
            issuer_uin=SUB_RESELLER,
            face_micro=micro("2000"),
            begin_at=_BEGINNING,
            end_at=instant("2026-01-01 00:00:00"),
            usages=[
                _postpaid("p_cvm", "sp_cvm_s1", "1", _BEGINNING + timedelta(seconds=29_700 * n), n)
                for n in range(1, 1_235)
            ],
        ),
    ]


def _postpaid(
    product_code: str, sub_product_code: str, usd: str, paid_at: datetime, n: int
) -> ImportedUsage:
    return ImportedUsage(
        pay_mode="postpay",
        paid_at=paid_at,
        completed_at=paid_at,
        bill_id=f"sample-bill-{n:06d}",
        lines=[ImportedLine(product_code, sub_product_code, micro(usd))],
    )


def _seed_usage() -> ImportedUsage:
    """The usage that the billing document's own example shows."""
    paid_at = instant("2024-03-29 02:03:27")
    return ImportedUsage(
        pay_mode="postpay",
        paid_at=paid_at,
        completed_at=paid_at,
        bill_id="10071_2024032902_1300223973_1711649007",
        lines=[
            ImportedLine(
                "cvm",
                "p_cvm",
                micro("0.1"),
                billing_item_code="v_cvm_bandwidth",
                sub_billing_item_code="sv_cvm_bandwidth_prepay",
                calc_unit="1",
                action="purchase",
            )
        ],
    )
