"""Keys: the SecretId that names one and the secret that signs. A secret is shown once, to whoever
asked for the key first; it is stored sealed, and never with the answer."""

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from counterfoil.access.keys import store_key
from counterfoil.access.sealing import MasterKey
from counterfoil.access.vault import Vault
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.errors import Conflict, NotFound, NotOpen
from counterfoil.ledger import results
from counterfoil.ledger.accounts import open_platform
from counterfoil.ledger.command import Origin
from counterfoil.ledger.setup import SetUp
from counterfoil.store import identities
from counterfoil.store.database import Connection, Database
from counterfoil.store.journal import lock_accounts

_LETTERS = string.ascii_letters + string.digits
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown; `secret_key` is None for one that was shown before."""

    secret_id: str
    secret_key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _MakeKey:
    """Stores a key for the account or sub-user `owner_uin`."""

    origin: Origin
    owner_uin: int
    secret_id: str
    secret_key: str = field(repr=False)
    vault: Vault

    async def apply(self, connection: Connection, now: datetime) -> results.KeyMade:
        found = await identities.main_account(connection, self.owner_uin)
        main_uin = _own(self.origin.caller, found, self.owner_uin)
        try:
            await store_key(
                connection,
                self.vault.current,
                main_uin=main_uin,
                sub_uin=None if self.owner_uin == main_uin else self.owner_uin,
                secret_id=self.secret_id,
                secret_key=self.secret_key,
                at=now,
            )
        except Conflict:
            for key_id in await identities.sealing_key_ids(connection):
                self.vault.named(key_id)
            raise
        return results.KeyMade(self.secret_id)


@dataclass(frozen=True, slots=True)
class _DisableKey:
    """Makes a key of the account `owner_uin` unusable for ever."""

    origin: Origin
    owner_uin: int
    secret_id: str

    async def apply(self, connection: Connection, now: datetime) -> results.Done:
        await lock_accounts(connection, [self.owner_uin])
        usable = await identities.usable_keys(connection, self.owner_uin)
        # Sub-users and roles make no key of the account itself, so theirs are no way back in.
        own = {secret_id for secret_id, uin in usable.items() if uin == self.owner_uin}
        is_last_way_in = own == {self.secret_id} and self._is_of_platform()
        if self.secret_id not in usable or is_last_way_in:
            raise NotOpen
        await identities.disable_credential(connection, self.secret_id, now)
        return results.Done()

    def _is_of_platform(self) -> bool:
        caller = self.origin.caller
        return caller.kind is AccountKind.PLATFORM and caller.main_uin == self.owner_uin


class Keys:
    """Makes keys, sealed under the master key, and disables them; without it they can't be made."""

    def __init__(self, database: Database, set_up: SetUp, vault: Vault | None) -> None:
        self._database = database
        self._set_up = set_up
        self._vault = vault

    async def make(self, origin: Origin, uin: int) -> NewKey:
        """A key for the caller's account or a sub-user of it; the platform makes them for any.

        Raises:
            NotFound: no such account or sub-user, or not the caller's.
            TokenReused, Unavailable: as for any change.
        """
        assert self._vault is not None
        secret_id, secret_key = _generated()
        made = await self._set_up.run(_MakeKey(origin, uin, secret_id, secret_key, self._vault))
        is_new = made.secret_id == secret_id
        return NewKey(made.secret_id, secret_key if is_new else None)

    async def disable(self, origin: Origin, secret_id: str) -> None:
        """Makes a key of the caller's account or of a sub-user of it unusable; the platform does so
        with any.

        Raises:
            NotFound: no such key, or not the caller's.
            NotOpen: it is disabled already, or the last one of the platform itself, which nobody
                could give another.
            TokenReused, Unavailable: as for any change.
        """
        (stored,) = await identities.credentials_by_id(self._database, [secret_id])
        uins = (stored.main_uin, stored.uin) if stored else (None, 0)
        owner_uin = _own(origin.caller, *uins)
        await self._set_up.run(_DisableKey(origin, owner_uin, secret_id))


class KeyQueries:
    """The questions about the keys of one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, uin: int, *, after_id: str, size: int
    ) -> Sequence[identities.ShownCredential]:
        """The next keys of the caller's account and its sub-users, by SecretId; for the platform
        those of any account.

        Raises:
            NotFound: another account than the caller's.
            Unavailable: the database can't be reached just now.
        """
        if uin != caller.main_uin and caller.kind is not AccountKind.PLATFORM:
            raise NotFound
        return await identities.credential_page(self._database, uin, after_id, size)


async def begin(connection: Connection, master_key: MasterKey, now: datetime) -> tuple[int, NewKey]:
    """Gives an empty database its platform account and that account's first key."""
    uin = await open_platform(connection, now)
    secret_id, secret_key = _generated()
    await store_key(
        connection,
        master_key,
        main_uin=uin,
        secret_id=secret_id,
        secret_key=secret_key,
        at=now,
    )
    return uin, NewKey(secret_id, secret_key)


def _generated() -> tuple[str, str]:
    """A SecretId and a secret that nobody can guess."""
    secret_id, secret_key = (
        "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(2)
    )
    return f"AKID{secret_id}", secret_key


def _own(caller: Caller, main_uin: int | None, uin: int) -> int:
    """The account, where the caller may handle the keys of its identity `uin`: its own, or any for
    the platform. A partner may no more handle its customers' than a stranger's; and a sub-user or
    role handles no key of the account itself, whose rights are more than its own.

    Raises:
        NotFound: no such account, or not the caller's.
    """
    if main_uin is None:
        raise NotFound
    is_own = main_uin == caller.main_uin
    is_above_caller = is_own and uin == main_uin != caller.uin
    if is_above_caller or not (is_own or caller.kind is AccountKind.PLATFORM):
        raise NotFound
    return main_uin
