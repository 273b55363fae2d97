"""Values of Counterfoil's own service, from the wire's words to the ledger's and back.

Amounts are decimal texts, times are texts in UTC+8, choices are the wire's words.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import msgspec

from counterfoil.domain import limits, money
from counterfoil.domain.account import AccountKind
from counterfoil.domain.burndown import Policy
from counterfoil.domain.errors import BadAmount, BadChoice, BadInstant
from counterfoil.domain.instants import instant, shown

ClientToken = Annotated[str, msgspec.Meta(min_length=1)]
"""1 to 64 characters that name a write: sent again, it has the same answer and no second effect."""

Choice = TypeVar("Choice")

PAY_MODES = {"prePay": "prepay", "postPay": "postpay", "riPay": "ripay"}
PAY_SCENES = {scene: scene for scene in limits.PAY_SCENES}
PAYMENT_MODES = {"AllPayment": "all", "Prepaid": "prepay", "Postpaid": "postpay"}
PRODUCT_SCOPES = {
    "AllProducts": "all",
    "SpecifyProducts": "allow",
    "SpecifyProductsBlacklist": "block",
}
USAGES = {"ProductTrial": "product_trial", "CustomerOffer": "customer_offer"}
MAIN_TYPES = {kind: kind for kind in limits.MAIN_TYPES}
SUB_TYPES = {kind: kind for kind in limits.SUB_TYPES}
ACCOUNT_KINDS = {kind.value: kind for kind in AccountKind if kind is not AccountKind.PLATFORM}
BURN_POLICIES = {policy.value: policy for policy in Policy}


def amount(text: str, parameter: str) -> int:
    """`'0.3'` → 30000000.

    Raises:
        BadAmount: not a plain decimal number above zero, with at most eight decimals.
    """
    signed_micro = signed_amount(text, parameter)
    if signed_micro < 0:
        raise BadAmount(parameter, text)
    return signed_micro


def signed_amount(text: str, parameter: str) -> int:
    """`'-0.3'` → -30000000; zero is refused.

    Raises:
        BadAmount: not a plain decimal number, zero, too large, or more than eight decimals.
    """
    try:
        amount_micro = money.micro(text)
    except ValueError:
        raise BadAmount(parameter, text) from None
    if amount_micro == 0 or abs(amount_micro) > limits.AMOUNT_MAX_MICRO:
        raise BadAmount(parameter, text)
    return amount_micro


def usd(amount_micro: int) -> str:
    """30000000 → `'0.3'`."""
    return money.usd(amount_micro)


def at(text: str, parameter: str) -> datetime:
    """`'2024-03-29 02:03:27'` → the instant.

    Raises:
        BadInstant: not a time written so.
    """
    try:
        return instant(text)
    except (ValueError, OverflowError):
        raise BadInstant(parameter, text) from None


def at_or_none(text: str | None, parameter: str) -> datetime | None:
    """Like `at`; absent or empty: None.

    Raises:
        BadInstant: not a time written so.
    """
    return at(text, parameter) if text else None


def end_at(text: str, parameter: str) -> datetime:
    """The instant at which something ends whose last second is written.

    Raises:
        BadInstant: not a time written so.
    """
    try:
        return at(text, parameter) + timedelta(seconds=1)
    except OverflowError:
        raise BadInstant(parameter, text) from None


def last_second(ended_at: datetime) -> str:
    """The last second before an end, as the wire writes it."""
    return shown(ended_at - timedelta(seconds=1))


def text(given: str | None, parameter: str) -> str:
    """The text as it is kept; absent: empty.

    Raises:
        BadText: longer than 256 characters, or with a NUL, which the store can't hold.
    """
    return "" if given is None else limits.require_text(given, parameter)


def choice(word: str, words: Mapping[str, Choice], parameter: str) -> Choice:
    """What a word of the wire stands for.

    Raises:
        BadChoice: not one of the words.
    """
    found = words.get(word)
    if found is None:
        raise BadChoice(parameter, word)
    return found


def word(chosen: object, words: Mapping[str, object]) -> str:
    """The wire's word for what one of its words stands for."""
    return next(word for word, meant in words.items() if meant == chosen)
