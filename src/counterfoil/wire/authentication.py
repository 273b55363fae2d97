"""Is the caller who it says it is? The checks come in the order the documents give them."""

from counterfoil.access.credentials import Credential, Credentials
from counterfoil.access.sessions import is_temporary
from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.wire.common_parameters import CommonParameters, is_integer
from counterfoil.wire.error_codes import (
    INVALID_AUTHORIZATION,
    SECRET_ID_NOT_FOUND,
    SIGNATURE_EXPIRE,
    SIGNATURE_FAILURE,
    TOKEN_FAILURE,
    WRONG_TYPE,
    Fault,
)
from counterfoil.wire.request import RawRequest
from counterfoil.wire.routes import service_of_host
from counterfoil.wire.signature import (
    Authorization,
    scope_date,
    signing_key,
    verifies_v1,
    verifies_v3,
)

WINDOW_S = 300


class Authenticator:
    """Judges signatures against the clock and the known credentials."""

    def __init__(self, credentials: Credentials, clock: Clock) -> None:
        self._credentials = credentials
        self._clock = clock

    async def caller(self, request: RawRequest, common: CommonParameters) -> Caller:
        """Who signed the request.

        Raises:
            Fault: the timestamp, scope, SecretId, token or signature does not hold.
            Unavailable: the credentials can't be reached just now.
        """
        self._check_timestamp(common.timestamp)
        if common.authorization is not None:
            _check_scope(common.authorization, common.timestamp, request.headers.get("host", ""))
        credential = await self._credential(common.secret_id, common.token)
        if not _verifies(request, common, credential.secret_key):
            raise Fault(SIGNATURE_FAILURE)
        return credential.caller

    async def _credential(self, secret_id: str, token: str) -> Credential:
        """The key that signs: a temporary one goes with its token, a permanent one with none."""
        if is_temporary(secret_id):
            credential = self._credentials.of_session(secret_id, token)
            if credential is None:
                raise Fault(TOKEN_FAILURE)
            return credential
        credential = await self._credentials.find(secret_id)
        if credential is None:
            raise Fault(SECRET_ID_NOT_FOUND)
        if token:
            raise Fault(TOKEN_FAILURE)
        return credential

    def _check_timestamp(self, timestamp: str) -> None:
        if not is_integer(timestamp):
            raise Fault(WRONG_TYPE, parameter="Timestamp", expected="integer")
        now_s = int(self._clock.wire())
        if abs(now_s - int(timestamp)) > WINDOW_S:
            raise Fault(SIGNATURE_EXPIRE, server_time=now_s)


def _verifies(request: RawRequest, common: CommonParameters, secret_key: str) -> bool:
    authorization = common.authorization
    if authorization is None:
        return verifies_v1(request, common.fields, secret_key)
    key = signing_key(secret_key, authorization.date, authorization.service)
    return verifies_v3(request, authorization, key)


def _check_scope(authorization: Authorization, timestamp: str, host: str) -> None:
    """The date must be the timestamp's; the service is judged only where the host names one, since
    six of the SDKs put a local address in its place."""
    if authorization.date != scope_date(int(timestamp)):
        raise Fault(INVALID_AUTHORIZATION, reason=": `Date` in Credential not valid.")
    named = service_of_host(host)
    if named is not None and authorization.service != named:
        raise Fault(INVALID_AUTHORIZATION, reason=": `Service` in Credential not valid.")
