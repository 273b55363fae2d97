"""What both usage actions must show of a voucher, worked out from the model."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.books import PRODUCTS, SUB_PRODUCTS
from tests.property.model_values import Usage

NAMES = {(code, sub): names for code, sub, *names in PRODUCTS}
ENGLISH, CHINESE, EN_NAME = range(3)
EIGHT_HOURS = timedelta(hours=8)


def month_of(at: datetime) -> int:
    return int(f"{at + EIGHT_HOURS:%Y%m}")


def page(usages: Sequence[Usage], skip: int, size: int) -> list[Usage]:
    """One page, newest posted first."""
    return list(reversed(usages))[skip : skip + size]


def rows_of(rendered: bytes) -> list[Any]:
    """Rows as the ledger renders them, numbers without loss."""
    return list(json.loads(b"[" + rendered + b"]", parse_float=Decimal))


def for_partner(usage: Usage, *, is_chinese: bool) -> dict[str, Any]:
    """A usage record as the partner API shows it."""
    language = CHINESE if is_chinese else ENGLISH
    main = min(usage.shares, key=lambda n: (-usage.shares[n], n))
    code = usage.lines[main - 1].product_code
    is_prepaid = usage.mode == "prepay" or (usage.mode == "ripay" and usage.scene != "hourlyFee")
    return {
        "Id": usage.id,
        "VoucherId": str(usage.voucher.no),
        "DealName": usage.deal,
        "BillId": usage.bill,
        "Amount": Decimal(usage.amount) / 10**8,
        "PayMode": "Prepaid" if is_prepaid else "Postpaid",
        "ProductCode": code,
        "SubProductCode": SUB_PRODUCTS[code],
        "ProductCodeName": NAMES[code, ""][language],
        "SubProductCodeName": NAMES[code, SUB_PRODUCTS[code]][language],
        "PayTime": _shown(usage.paid_at),
        "CompletionTime": _shown(usage.completed_at),
        "OwnerUin": 1,
    }


def for_owner(usage: Usage, code: str, *, is_chinese: bool) -> dict[str, Any]:
    """A usage record as the billing API shows it."""
    language = CHINESE if is_chinese else ENGLISH
    scene = "common" if usage.corrects is None else "adjust"
    is_deal = usage.mode == "prepay" and scene == "common"
    products = [usage.lines[n - 1].product_code for n in usage.shares]
    return {
        "UsedAmount": usage.amount,
        "UsedTime": _shown(usage.paid_at),
        "UsageDetails": [
            {
                "ProductName": NAMES[product, ""][language],
                "SubProductName": NAMES[product, SUB_PRODUCTS[product]][language],
                "ProductCode": product,
                "SubProductCode": SUB_PRODUCTS[product],
                "BillingItemCode": "",
                "SubBillingItemCode": "",
                "ProductEnName": NAMES[product, ""][EN_NAME],
                "SubProductEnName": NAMES[product, SUB_PRODUCTS[product]][EN_NAME],
                "CalcUnit": "",
                "Action": "",
            }
            for product in products
        ],
        "PayMode": usage.mode,
        "VoucherId": code,
        "PayScene": scene,
        "SeqId": usage.deal if is_deal else usage.bill,
    }


def _shown(at: datetime) -> str:
    return f"{at + EIGHT_HOURS:%Y-%m-%d %H:%M:%S}"
