"""Decides the writes of a batch in memory, one after the other, on what the one before left."""

from collections.abc import Sequence
from typing import Any

from counterfoil.domain.errors import Conflict, CounterfoilError, TokenReused
from counterfoil.ledger.command import Command, Write
from counterfoil.ledger.desk import Desk, TooFewRead
from counterfoil.ledger.results import remember
from counterfoil.store.journal import Token
from counterfoil.store.posting import Remembered


class Decisions:
    """What became of a batch's writes so far; `short` are the owners of whom more vouchers must be
    read before the rest can be decided, none once all are."""

    def __init__(self, writes: Sequence[Write], desk: Desk) -> None:
        self._desk = desk
        self._undecided = list(enumerate(writes))
        self._answers: list[Any] = [None] * len(writes)
        self._settled: dict[Token, tuple[bytes, Any]] = {}
        self.remembered: list[Remembered] = []
        self.short: set[int] = set()

    @property
    def answers(self) -> list[Any]:
        """The answer or refusal of each write, in order, once all are decided."""
        assert not self._undecided
        return self._answers

    def go_on(self) -> None:
        """Decides what can be. A charge for which too few vouchers were read waits, and with it all
        that come after it about the same accounts, so that they keep their order."""
        waiting, self._undecided = self._undecided, []
        self.short = set()
        blocked: set[int] = set()
        for place, write in waiting:
            if blocked.isdisjoint(write.accounts):
                try:
                    self._answers[place] = self._answer(write)
                    continue
                except TooFewRead:
                    self.short.add(write.command.owner_uin)
            blocked.update(write.accounts)
            self._undecided.append((place, write))

    def _answer(self, write: Write) -> Any:
        """Decides a write. The second of two with the same token answers like the first; a refusal
        leaves no token, so after one the next is judged anew."""
        desk, token, origin = self._desk, write.token, write.command.origin
        if token is not None and token in self._settled:
            return answer_again(write, self._settled[token])
        desk.operation_id = desk.ids.take("operation")
        desk.actor_uin = origin.caller.uin
        answer = decide(write.command, desk)
        if token is not None and not isinstance(answer, CounterfoilError):
            self._settled[token] = (origin.digest, answer)
            self.remembered.append(
                Remembered(
                    *token, origin.action, origin.digest, desk.operation_id, remember(answer)
                )
            )
        return answer


def answer_again(write: Write, settled: tuple[bytes, Any]) -> Any:
    """What stands under the write's token, if it came with the same request."""
    digest, answer = settled
    return answer if digest == write.command.origin.digest else TokenReused()


def decide(command: Command, desk: Desk) -> Any:
    """The answer or refusal of one command.

    Raises:
        TooFewRead: of the vouchers that may pay; nothing was posted.
    """
    before = desk.row_count
    try:
        return command.decide(desk)
    except Conflict:
        raise
    except CounterfoilError as refusal:
        assert desk.row_count == before, "refused after posting"
        return refusal
