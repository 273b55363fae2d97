"""What all parts of the library share: the book, who acts, and how a write is made once."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import msgspec

from counterfoil.domain.account import Caller
from counterfoil.domain.limits import require_token
from counterfoil.ledger.api.arguments import check
from counterfoil.ledger.book import Book
from counterfoil.ledger.command import Command, Origin, asked_under
from counterfoil.ledger.desk import Desk
from counterfoil.ledger.results import Result
from counterfoil.ledger.setup import Change
from counterfoil.store.database import Connection

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer", bound=Result)
Answer_co = TypeVar("Answer_co", bound=Result, covariant=True)


class Write(Command, Protocol[Answer_co]):
    """A command that answers so."""

    def decide(self, desk: Desk) -> Answer_co: ...


class SetUpChange(Change, Protocol[Answer_co]):
    """A change that answers so."""

    def apply(self, connection: Connection, now: datetime) -> Coroutine[Any, Any, Answer_co]: ...


class Session:
    """One open ledger, and the platform's operator, who acts where nobody else is named."""

    def __init__(self, book: Book, operator: Caller) -> None:
        self.book = book
        self.operator = operator

    async def write(
        self,
        make: Callable[Concatenate[Origin, Asked], Write[Answer]],
        by: Caller | None,
        token: str,
        *unnamed: Asked.args,
        **asked: Asked.kwargs,
    ) -> Answer:
        """Makes a write once, or answers what it answered under its token.

        Raises:
            Invalid: something in it can't be meant.
            CounterfoilError: whatever the write refuses.
        """
        assert not unnamed  # they would be neither checked nor part of the request's digest
        command = make(self.origin(by, token, make.__name__, asked), *unnamed, **asked)
        (answer,) = await self.book.process.run([command])
        if isinstance(answer, Exception):
            raise answer
        decided: Answer = answer
        return decided

    async def change(
        self,
        make: Callable[Concatenate[Origin, Asked], SetUpChange[Answer]],
        by: Caller | None,
        token: str,
        *unnamed: Asked.args,
        **asked: Asked.kwargs,
    ) -> Answer:
        """Makes a change of accounts or catalogue once; raises like `write`."""
        assert not unnamed
        made: Answer = await self.book.set_up.run(
            make(self.origin(by, token, make.__name__, asked), *unnamed, **asked)
        )
        return made

    def acting(self, by: Caller | None) -> Caller:
        """Who acts."""
        return self.operator if by is None else by

    def asking(self, by: Caller | None, **asked: object) -> Caller:
        """Who asks for this.

        Raises:
            Invalid: something in what is asked can't be meant.
        """
        for name, given in asked.items():
            check(given, name)
        return self.acting(by)

    def origin(self, by: Caller | None, token: str, action: str, asked: dict[str, Any]) -> Origin:
        """Where a write comes from.

        Raises:
            Invalid: the token, or something in what is asked, can't be meant.
        """
        require_token(token, "token")
        acting = self.asking(by, **asked)
        return asked_under(acting, action, token, msgspec.json.encode(asked))
