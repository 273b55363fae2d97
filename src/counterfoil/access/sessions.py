"""Temporary keys: what a role's session signs with until it expires.

Nothing is stored. The token is all there is to know about the session, its secret included, sealed
under the master key that it names, and bound to the SecretId that it was given with: with another
SecretId, or changed, it does not open.
"""

import base64
import binascii
import secrets
import string
from dataclasses import dataclass, field

import msgspec

from counterfoil.access.sealing import MasterKey
from counterfoil.access.vault import Vault
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.errors import Unusable

# No permanent key has the line below: its SecretId is letters and digits alone.
_PREFIX = "AKIDtmp_"
_LETTERS = string.ascii_letters + string.digits
_LENGTH = 32


class Session(msgspec.Struct, frozen=True):
    """A session of the role `role_id` of an account, until `expires_at_s` since the epoch."""

    main_uin: int
    role_id: int
    kind: AccountKind
    name: str
    is_sample: bool
    expires_at_s: int

    @property
    def caller(self) -> Caller:
        """Who its requests come from."""
        return Caller(self.main_uin, self.role_id, self.kind, self.name)


@dataclass(frozen=True, slots=True)
class TemporaryKey:
    """What a session signs with, as it is shown once."""

    secret_id: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    session: Session
    secret_key: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Sealed).decode


def is_temporary(secret_id: str) -> bool:
    """Whether a SecretId is a session's."""
    return secret_id.startswith(_PREFIX)


def begin_session(master_key: MasterKey, session: Session) -> TemporaryKey:
    """A new key of a session."""
    secret_id, secret_key = (
        "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(2)
    )
    secret_id = _PREFIX + secret_id
    sealed = master_key.seal(secret_id, _encode(_Sealed(session, secret_key)).decode())
    token = f"{master_key.key_id}.{base64.urlsafe_b64encode(sealed).decode()}"
    return TemporaryKey(secret_id, secret_key, token)


def open_session(vault: Vault, secret_id: str, token: str) -> tuple[Session, str] | None:
    """The session and the secret that signs for it; None where the token is not the one that came
    with this SecretId."""
    try:
        key_id, _, text = token.partition(".")
        sealed = base64.b64decode(text, altchars=b"-_", validate=True)
        opened = _decode(vault.claimed(key_id).unseal(secret_id, sealed))
    except (binascii.Error, ValueError, Unusable):
        return None
    return opened.session, opened.secret_key
