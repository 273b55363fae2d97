"""What a write is to the process that runs it."""

import hashlib
from dataclasses import dataclass
from typing import Any, Protocol

from counterfoil.domain.account import Caller
from counterfoil.domain.voucher import Terms
from counterfoil.ledger.desk import Desk
from counterfoil.store.journal import Product


@dataclass(frozen=True, slots=True)
class Needs:
    """What a write must have read before it can be decided; numbers are of the write's owner.

    `live` is all that the owner has left, with its account locked, so that nobody issues it another
    voucher meanwhile.
    """

    candidates: bool = False
    live: bool = False
    vouchers: tuple[int, ...] = ()
    holds: tuple[int, ...] = ()
    usages: tuple[int, ...] = ()
    pools: tuple[int, ...] = ()
    accounts: tuple[int, ...] = ()
    terms: tuple[Terms, ...] = ()
    products: frozenset[Product] = frozenset()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a write comes from: who asks, the client's token and what tells this request from
    another under the same token. The ledger's own writes have no token."""

    caller: Caller
    action: str
    token: str | None
    digest: bytes


def asked_under(caller: Caller, action: str, token: str, request: bytes) -> Origin:
    """The origin of a request that came under a client's token."""
    digest = hashlib.sha256(action.encode() + b"\0" + request).digest()
    return Origin(caller, action, token, digest)


class Command(Protocol):
    """A write that somebody asked for; `owner_uin` is the customer or partner it is about."""

    @property
    def origin(self) -> Origin: ...
    @property
    def owner_uin(self) -> int: ...

    def needs(self) -> Needs:
        """What must have been read."""

    def decide(self, desk: Desk) -> Any:
        """Posts to the desk and answers. Whatever it refuses, it refuses before it posts."""
