"""The book: every use case of one server, over one database."""

from counterfoil.access.vault import Vault
from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.ledger.accounts import AccountQueries
from counterfoil.ledger.auditing import AuditQueries
from counterfoil.ledger.catalogue import ProductQueries
from counterfoil.ledger.customers import CustomerQueries
from counterfoil.ledger.explaining import Explanations
from counterfoil.ledger.history import History
from counterfoil.ledger.keys import KeyQueries, Keys
from counterfoil.ledger.principals import PolicyQueries
from counterfoil.ledger.process import Process
from counterfoil.ledger.roles import Roles
from counterfoil.ledger.setup import SetUp
from counterfoil.ledger.usage import UsageQueries
from counterfoil.ledger.verify import Verifications
from counterfoil.ledger.voucher_lists import VoucherLists
from counterfoil.ledger.vouchers import VoucherQueries
from counterfoil.store.database import Database
from counterfoil.store.identities import is_sub_user


class Book:
    """What actions are given to work with; without `vault` it makes no keys."""

    def __init__(self, database: Database, clock: Clock, vault: Vault | None = None) -> None:
        self.clock = clock
        self.usage = UsageQueries(database)
        self.process = Process(database, clock)
        self.set_up = SetUp(database, clock)
        self.accounts = AccountQueries(database)
        self.audit = AuditQueries(database)
        self.policies = PolicyQueries(database)
        self.products = ProductQueries(database)
        self.roles = Roles(database, clock, vault)
        self.keys = Keys(database, self.set_up, vault)
        self.key_list = KeyQueries(database)
        self.verifications = Verifications(database)
        self.vouchers = VoucherQueries(database, clock)
        self.lists = VoucherLists(database, clock)
        self.customers = CustomerQueries(database, clock)
        self.history = History(database, clock)
        self.explanations = Explanations(database, clock)
        self._database = database

    async def is_operator(self, caller: Caller, uin: int) -> bool:
        """Whether `uin` is the caller, its main account, or one of that account's sub-users."""
        if uin in (caller.uin, caller.main_uin):
            return True
        return await is_sub_user(self._database, caller.main_uin, uin)
