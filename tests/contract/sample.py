"""The sample as its users know it: published keys, uins and vouchers."""

from datetime import datetime, timedelta, timezone

from tests.contract.asking import Key

OPERATOR = Key("AKIDSAMPLEOPERATOR", "sample-operator")
DISTRIBUTOR = Key("AKIDSAMPLEDISTRIBUTOR", "sample-distributor")
SUB_RESELLER = Key("AKIDSAMPLESUBRESELLER", "sample-subreseller")
RESELLER = Key("AKIDSAMPLERESELLER", "sample-reseller")
CUSTOMER_A = Key("AKIDSAMPLECUSTOMERA", "sample-customer-a")
CUSTOMER_B = Key("AKIDSAMPLECUSTOMERB", "sample-customer-b")
CUSTOMER_C = Key("AKIDSAMPLECUSTOMERC", "sample-customer-c")

CUSTOMER_A_UIN = 800000495142
CUSTOMER_B_UIN = 700000866965
CUSTOMER_C_UIN = 800000190982

# Number and code of each customer's only voucher.
VOUCHER_A = (12130012, "SAMPLEVOUCHERA00000001")
VOUCHER_B = (12130013, "VHPIUDFG9GUZDESWPR4W99")
VOUCHER_C = (12130014, "SAMPLEVOUCHERC00000001")

VOUCHER_C_RECORDS = 1_234


_BEGINNING = datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=8)))


def paid_at(n: int) -> str:
    """When usage number n (from 1) of customer C's voucher was paid, in UTC+8."""
    return f"{_BEGINNING + n * timedelta(seconds=29_700):%Y-%m-%d %H:%M:%S}"
