"""The wire's words stand for the ledger's, one for one, and limits hold to the last character."""

import pytest

from counterfoil.actions import values
from counterfoil.domain import limits
from counterfoil.domain.errors import BadText, BadToken, NotAUin


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        (values.PAY_MODES, limits.PAY_MODES),
        (values.PAYMENT_MODES, ("all", "prepay", "postpay")),  # none of riPay alone
        (values.PAY_SCENES, limits.PAY_SCENES),
        (values.USAGES, limits.USAGE_KINDS),
        (values.MAIN_TYPES, limits.MAIN_TYPES),
        (values.SUB_TYPES, limits.SUB_TYPES),
    ],
)
def test_words_stand_for_words(shown: dict[str, str], kept: tuple[str, ...]) -> None:
    assert sorted(shown.values()) == sorted(kept)


def test_texts_are_kept_up_to_their_length() -> None:
    assert limits.require_text("云" * 256, "Name") == "云" * 256
    for bad in ("x" * 257, "a\0b", "\ud800"):
        with pytest.raises(BadText):
            limits.require_text(bad, "Name")


def test_tokens_are_short_and_plain() -> None:
    assert limits.require_token("x" * 64, "ClientToken") == "x" * 64
    for bad in ("", "x" * 65, "a\tb", "ä"):
        with pytest.raises(BadToken):
            limits.require_token(bad, "ClientToken")


def test_every_client_can_read_a_uin() -> None:
    assert limits.require_uin(2**53 - 1, "Uin") == 2**53 - 1
    for bad in (0, -1, 2**53):
        with pytest.raises(NotAUin):
            limits.require_uin(bad, "Uin")
