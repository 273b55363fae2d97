"""The book: every use case of one server, over one database."""

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.ledger.process import Process
from counterfoil.ledger.usage import UsageQueries
from counterfoil.store.database import Database
from counterfoil.store.identities import is_sub_user


class Book:
    """What actions are given to work with."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.clock = clock
        self.usage = UsageQueries(database)
        self.process = Process(database, clock)
        self._database = database

    async def is_operator(self, caller: Caller, uin: int) -> bool:
        """Whether `uin` is the caller, its main account, or one of that account's sub-users."""
        if uin in (caller.uin, caller.main_uin):
            return True
        return await is_sub_user(self._database, caller.main_uin, uin)
