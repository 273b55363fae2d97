"""The words in which Tencent Cloud's actions speak of vouchers, and what they stand for.

Each API has states of its own; the domain's are the finer ones.
"""

from collections.abc import Mapping
from typing import TypeVar

from counterfoil.actions.values import choice
from counterfoil.domain.voucher import State

Choice = TypeVar("Choice")

BILLING_STATES = {
    "unUsed": (State.USABLE,),
    "used": (State.USED,),
    "delivered": (State.ISSUED,),
    "cancel": (State.WITHDRAWN, State.KILLED),
    "overdue": (State.EXPIRED,),
}
# What was withdrawn is shown as Canceled, which the documents' lists of values leave out.
PARTNER_STATES = {
    "Issued": (State.ISSUED, State.USABLE),
    "Used": (State.USED,),
    "Expired": (State.EXPIRED,),
    "Invalidated": (State.KILLED,),
    "Canceled": (State.WITHDRAWN,),
}
# By customer, an end is an end.
BY_UIN_STATES = {word: word for word in ("Unused", "Used", "Expired")}
# Partners know no mode of reserved instances; such a voucher shows as Prepaid.
PARTNER_MODES = {"AllPayment": ("all",), "Prepaid": ("prepay", "ripay"), "Postpaid": ("postpay",)}


def chosen(word: str | None, words: Mapping[str, Choice], parameter: str) -> Choice | None:
    """What a filter's word stands for; None where the filter is absent or empty.

    Raises:
        BadChoice: not one of the words.
    """
    return choice(word, words, parameter) if word else None


def in_any_case(word: str | None, words: Mapping[str, Choice], parameter: str) -> Choice | None:
    """Like `chosen`, however the word is capitalized: the documents differ in how they spell
    payment modes.

    Raises:
        BadChoice: not one of the words.
    """
    lowered = {known.lower(): meant for known, meant in words.items()}
    return chosen(word and word.lower(), lowered, parameter)
