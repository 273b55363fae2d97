"""What a program may hand over: types tell what fits together, and this what can be meant and kept.

The wire checks its texts by itself; a program hands over values of the ledger's own types.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from counterfoil.domain.errors import Absent, BadAmount, BadChoice, BadInstant, OutOfRange
from counterfoil.domain.limits import (
    AMOUNT_MAX_MICRO,
    LINES_MAX,
    MAIN_TYPES,
    PAGE_MAX,
    PAY_MODES,
    PAY_SCENES,
    PRIORITY_MAX,
    SUB_TYPES,
    USAGE_KINDS,
    require_text,
)
from counterfoil.domain.voucher import ProductScope, Terms
from counterfoil.ledger.charges import Purchase
from counterfoil.ledger.issuing import VoucherFacts
from counterfoil.store.catalogue import NamedProduct

_NUMBER_MAX = 2**63 - 1

# The words that a field may hold.
WORDS: Mapping[type, Mapping[str, tuple[str, ...]]] = {
    Purchase: {"pay_mode": PAY_MODES, "pay_scene": ("", *PAY_SCENES)},
    Terms: {
        "pay_mode": ("all", *PAY_MODES),
        "product_scope": tuple(scope.value for scope in ProductScope),
    },
    VoucherFacts: {"usage_kind": USAGE_KINDS, "main_type": MAIN_TYPES, "sub_type": SUB_TYPES},
}


def check(given: object, name: str) -> None:
    """Looks at a value and at all that is inside of it; `name` says what it is.

    Raises:
        Absent: a product without its code.
        BadText: too long, or with characters that can't be kept.
        BadAmount: above 1,000,000 USD.
        BadInstant: without a time zone.
        BadChoice: not one of the words that belong there.
        OutOfRange: a number, or a number of lines, that is too large, or no line at all.
    """
    match given:
        case str():
            require_text(given, name)
        case int():
            _check_number(given, name)
        case datetime():
            if given.tzinfo is None:
                raise BadInstant(name, given)
        case tuple() | list():
            for n, part in enumerate(given):
                check(part, f"{name}.{n}")
        case _ if is_dataclass(given):
            _check_fields(given, name)


def page_size(size: int) -> int:
    """How many rows a page has.

    Raises:
        OutOfRange: not 1 to 1,000.
    """
    if not 1 <= size <= PAGE_MAX:
        raise OutOfRange("size", size)
    return size


def _check_number(number: int, name: str) -> None:
    if name.endswith("_micro") and abs(number) > AMOUNT_MAX_MICRO:
        raise BadAmount(name, number)
    if abs(number) > _NUMBER_MAX:
        raise OutOfRange(name, number)


def _check_fields(given: Any, name: str) -> None:
    for field in fields(given):
        check(getattr(given, field.name), f"{name}.{field.name}")
    for field_name, words in WORDS.get(type(given), {}).items():
        if getattr(given, field_name) not in words:
            raise BadChoice(f"{name}.{field_name}", getattr(given, field_name))
    match given:
        case NamedProduct(product_code=product_code) if not product_code:
            raise Absent(f"{name}.product_code")
        case Purchase(lines=lines) if not 1 <= len(lines) <= LINES_MAX:
            raise OutOfRange(f"{name}.lines", len(lines))
        case Terms(product_scope=scope, product_codes=codes) if (scope == "all") != (not codes):
            raise BadChoice(f"{name}.product_codes", codes)
        case Terms(pay_scenes=scenes) if not set(scenes) <= set(PAY_SCENES):
            raise BadChoice(f"{name}.pay_scenes", scenes)
        case Terms(min_spend_micro=amount_micro) if amount_micro < 0:
            raise BadAmount(f"{name}.min_spend_micro", amount_micro)
        case VoucherFacts(priority=priority) if not 0 <= priority <= PRIORITY_MAX:
            raise BadChoice(f"{name}.priority", priority)
