"""From a SecretId to who is calling, at most one second stale.

A credential that was just disabled stops working within that second. Answers are kept for a second
so that signing keys are looked up once for many requests; strangers' SecretIds share one query.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.access.fresh import Fresh
from counterfoil.access.sessions import open_session
from counterfoil.access.vault import Vault
from counterfoil.clock import Clock
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.store.database import Database
from counterfoil.store.identities import StoredCredential, credentials_by_id

_SECRET_ID_MAX = 128


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """A usable key: whose it is and the secret it signs with."""

    caller: Caller
    secret_key: str


class Credentials:
    """Looks up credentials; `accept_sample` only in a server that was started on the sample."""

    def __init__(
        self, database: Database, vault: Vault, clock: Clock, *, accept_sample: bool
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._accept_sample = accept_sample

        async def look_up(secret_ids: Sequence[str]) -> Sequence[StoredCredential | None]:
            return await credentials_by_id(database, secret_ids)

        self._known = Fresh(look_up, self._usable, clock)

    async def find(self, secret_id: str) -> Credential | None:
        """The credential, or None when it is unknown, disabled, or a sample's in another server.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        if len(secret_id) > _SECRET_ID_MAX or not (secret_id.isascii() and secret_id.isprintable()):
            return None  # none is stored, and not every such text may be sent to the database
        return await self._known.find(secret_id)

    def of_session(self, secret_id: str, token: str) -> Credential | None:
        """The temporary key that a token stands for; None when it is missing, not this key's,
        expired, or a sample's in another server."""
        opened = open_session(self._vault, secret_id, token)
        if opened is None:
            return None
        session, secret_key = opened
        is_over = session.expires_at_s <= self._clock.wire()
        if is_over or (session.is_sample and not self._accept_sample):
            return None
        return Credential(session.caller, secret_key)

    def _usable(self, secret_id: str, stored: StoredCredential | None) -> Credential | None:
        if stored is None or stored.is_disabled:
            return None
        if stored.is_sample and not self._accept_sample:
            return None
        caller = Caller(stored.main_uin, stored.uin, AccountKind(stored.kind))
        master_key = self._vault.named(stored.key_id)
        return Credential(caller, master_key.unseal(secret_id, stored.sealed_secret))
