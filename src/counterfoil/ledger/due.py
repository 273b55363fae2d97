"""What time has made due: holds whose deadline has come lapse, vouchers whose end has come expire.

Every write posts what is due on the vouchers it read before it is decided; the sweeper posts the
rest. Reading writes nothing and takes what is due as posted.
"""

from datetime import datetime

from counterfoil.domain.hold import HoldState
from counterfoil.domain.postings import Cause
from counterfoil.domain.voucher import Bucket, Voucher
from counterfoil.ledger.desk import Desk

_EXPIRE = Cause("expire")


def post_due(desk: Desk) -> None:
    """Posts what is due on everything that was read."""
    desk.operation_id = desk.ids.take("operation")
    desk.actor_uin = 0
    for key in sorted(desk.holds):
        if desk.holds[key].is_due(desk.now):
            desk.let_go(desk.holds[key], HoldState.LAPSED, {})
    for key in sorted(desk.vouchers):
        voucher = desk.vouchers[key]
        has_ended = voucher.void_kind is None and desk.now >= voucher.end_at
        # A candidate that ended since it was read has no pool at hand; it is left as it is, and
        # nothing will be paid from it.
        if has_ended and voucher.available_micro and desk.can_return_quota(voucher):
            desk.move(voucher, Bucket.AVAILABLE, Bucket.EXPIRED, voucher.available_micro, _EXPIRE)


def take_as_posted(voucher: Voucher, lapsing_micro: int, now: datetime) -> None:
    """Does to a voucher that was only read what posting would: `lapsing_micro` is in holds whose
    deadline has come."""
    if lapsing_micro:
        voucher.post(Bucket.HELD, voucher.returned_value_goes_to(now), lapsing_micro)
    has_ended = voucher.void_kind is None and now >= voucher.end_at
    if has_ended and voucher.available_micro:
        voucher.post(Bucket.AVAILABLE, Bucket.EXPIRED, voucher.available_micro)
