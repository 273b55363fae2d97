"""What a value of a caller's may be, whichever way it comes: how large, how long, which words."""

from counterfoil.domain.errors import BadText, BadToken, NotAUin
from counterfoil.domain.money import MICRO_PER_USD

AMOUNT_MAX_MICRO = 1_000_000 * MICRO_PER_USD
TEXT_LENGTH_MAX = 256
TOKEN_LENGTH_MAX = 64
UIN_MAX = 2**53 - 1
PRIORITY_MAX = 255
LINES_MAX = 1_000
PAGE_MAX = 1_000

PAY_MODES = ("prepay", "postpay", "ripay")
PAY_SCENES = (
    "spotpay", "settle account", "purchase", "renew", "modify", "oneOffFee", "hourlyFee",
)  # fmt: skip
USAGE_KINDS = ("product_trial", "customer_offer")
MAIN_TYPES = ("has_price", "no_price")
SUB_TYPES = ("discount", "deduct")


def require_text(text: str, parameter: str) -> str:
    """The text as it is kept.

    Raises:
        BadText: longer than 256 characters, or with characters that the store can't hold: NUL, and
            halves of a surrogate pair.
    """
    if len(text) > TEXT_LENGTH_MAX or "\0" in text:
        raise BadText(parameter)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise BadText(parameter)
    return text


def require_token(token: str, parameter: str) -> str:
    """A client token.

    Raises:
        BadToken: not 1 to 64 printable ASCII characters.
    """
    is_plain = token.isascii() and token.isprintable()
    if not (is_plain and 1 <= len(token) <= TOKEN_LENGTH_MAX):
        raise BadToken(parameter)
    return token


def require_uin(number: int, parameter: str) -> int:
    """The number that an account is to have.

    Raises:
        NotAUin: below 1, or above what every client can read (2^53 - 1).
    """
    if not 1 <= number <= UIN_MAX:
        raise NotAUin(parameter, number)
    return number
