"""The one object that reads the time. It has two faces, the same unless a test moves one.

`wire` judges requests: the signature's window, the throttle's second, a token's expiry.
`ledger` judges money: validity, posting instants, deadlines.
"""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall time, with an offset in seconds for each face (0 outside tests)."""

    def __init__(self, wire_offset_s: float = 0.0, ledger_offset_s: float = 0.0) -> None:
        self.wire_offset_s = wire_offset_s
        self.ledger_offset_s = ledger_offset_s

    def wire(self) -> float:
        """Seconds since the epoch, as requests are judged."""
        return time.time() + self.wire_offset_s

    def ledger(self) -> datetime:
        """The instant (UTC, microseconds) at which money is judged."""
        return datetime.now(UTC) + timedelta(seconds=self.ledger_offset_s)

    @staticmethod
    def elapsed() -> float:
        """Seconds on a clock that only runs forward; for durations, never for instants."""
        return time.monotonic()
