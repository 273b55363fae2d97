"""Roles: assumed for a while by those whom they trust, with keys that expire."""

from dataclasses import dataclass

from counterfoil.access.policy import read_trust
from counterfoil.access.sessions import Session, TemporaryKey, begin_session
from counterfoil.access.vault import Vault
from counterfoil.clock import Clock
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.errors import NotFound, OutOfRange
from counterfoil.store.database import Database
from counterfoil.store.principals import find_role

DURATION_S_DEFAULT = 7_200


@dataclass(frozen=True, slots=True)
class Assumed:
    """A role that was assumed: the key, and until when it signs, in seconds since the epoch."""

    key: TemporaryKey
    expires_at_s: int


class Roles:
    """The roles of one server; without the master key none can be assumed."""

    def __init__(self, database: Database, clock: Clock, vault: Vault | None) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault

    async def assume(
        self,
        caller: Caller,
        role: tuple[int, int | str],
        session_name: str,
        duration_s: int | None,
    ) -> Assumed:
        """A key for a session of a role, which is given by account, and number or name. By default
        it lasts two hours, or as long as the role lets it.

        Raises:
            NotFound: no such role, or one that does not trust the caller: one answer for both.
            OutOfRange: it is to last longer than the role lets it, or not at all.
            Unavailable: the database can't be reached just now.
        """
        assert self._vault is not None
        main_uin, named = role
        found = await find_role(self._database, main_uin, named)
        if found is None or not any(
            trusted.includes(caller.main_uin, caller.uin) for trusted in read_trust(found.trust)
        ):
            raise NotFound
        if duration_s is None:
            duration_s = min(DURATION_S_DEFAULT, found.session_max_s)
        if not 1 <= duration_s <= found.session_max_s:
            raise OutOfRange("DurationSeconds")
        expires_at_s = int(self._clock.wire()) + duration_s
        session = Session(
            main_uin,
            found.role_id,
            AccountKind(found.kind),
            session_name,
            found.is_sample,
            expires_at_s,
        )
        return Assumed(begin_session(self._vault.current, session), expires_at_s)
