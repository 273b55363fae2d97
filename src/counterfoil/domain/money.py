"""Amounts are whole numbers of 1e-8 USD, called micro on this wire.

No float is needed anywhere: a decimal text with at most eight decimals is exact, and below
10,000,000 USD it is also the shortest text that a reader's double gives back unchanged.
"""

from counterfoil.domain.errors import BadAmount

MICRO_PER_USD = 100_000_000


def micro(usd: str) -> int:
    """`'0.3'` → 30000000.

    Raises:
        ValueError: not a plain decimal number, or one with more than eight decimals.
    """
    whole, point, fraction = usd.removeprefix("-").partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and whole) or (point and not fraction):
        raise ValueError(f"not a decimal amount: {usd[:40]!r}")
    if len(fraction) > 8 or len(whole) > 12:
        raise ValueError(f"an amount has at most 12 digits and 8 decimals: {usd[:40]!r}")
    micro = int(whole + fraction.ljust(8, "0"))
    return -micro if usd.startswith("-") else micro


def require_positive(amount_micro: int, parameter: str) -> None:
    """Checks an amount that a caller names.

    Raises:
        BadAmount: zero or less.
    """
    if amount_micro <= 0:
        raise BadAmount(parameter, amount_micro)


def usd(amount_micro: int) -> str:
    """30000000 → `'0.3'`, 100000000 → `'1'`: the shortest plain decimal text, never an exponent."""
    whole, fraction = divmod(abs(amount_micro), MICRO_PER_USD)
    sign = "-" if amount_micro < 0 else ""
    return f"{sign}{whole}.{fraction:08d}".rstrip("0") if fraction else f"{sign}{whole}"
