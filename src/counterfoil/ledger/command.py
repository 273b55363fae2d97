"""What a write is to the process that runs it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from counterfoil.domain.account import Caller
from counterfoil.domain.voucher import Terms
from counterfoil.ledger.desk import Desk
from counterfoil.store.journal import Token
from counterfoil.store.reader import Product


class Needs(msgspec.Struct, frozen=True):
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
    products: Collection[Product] = ()


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


class Write(msgspec.Struct, frozen=True):
    """A command on its way: with what it needs, the key under which it is remembered (None for the
    ledger's own) and the accounts whose books it is sure to change."""

    command: Command
    needs: Needs
    token: Token | None
    accounts: tuple[int, ...]


def write_of(command: Command) -> Write:
    """A command, ready to be run."""
    needs, origin = command.needs(), command.origin
    token = None
    if origin.token is not None:
        token = (command.owner_uin, origin.caller.main_uin, origin.token)
    return Write(command, needs, token, (command.owner_uin, *needs.pools))
