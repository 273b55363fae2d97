"""The life of a request, from raw bytes to the envelope, on one screen."""

import uuid
from dataclasses import dataclass

import structlog

from counterfoil.access.audit import Audit
from counterfoil.access.credentials import Credentials
from counterfoil.access.permissions import Permissions
from counterfoil.access.uses import Uses
from counterfoil.actions.declaration import Action, Call
from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.errors import CounterfoilError, RoleRefused, Unavailable
from counterfoil.ledger.book import Book
from counterfoil.telemetry import Requests
from counterfoil.wire import envelope, parameters
from counterfoil.wire.authentication import Authenticator
from counterfoil.wire.common_parameters import (
    COMMON_FIELDS,
    CommonParameters,
    check_transport,
    check_write,
    read_common,
    sent_fields,
)
from counterfoil.wire.error_codes import Fault, Refusal, worded
from counterfoil.wire.permission import require_permission
from counterfoil.wire.request import RawRequest
from counterfoil.wire.routes import Route
from counterfoil.wire.throttle import Throttle

log = structlog.get_logger()


@dataclass(slots=True)
class Exchange:
    """What is known of a request so far; an error is worded with as much as there is."""

    request: RawRequest
    request_id: str
    is_chinese: bool
    common: CommonParameters | None = None
    service: str = ""
    action: Action | None = None
    caller: Caller | None = None
    refused_count: int = 0

    def worded(self, error: Exception) -> Refusal:
        """How this request's action and language word an error."""
        return worded(error, self.action, is_chinese=self.is_chinese)

    def worded_item(self, error: Exception) -> Refusal:
        """The same, of one item of an answer."""
        self.refused_count += 1
        return self.worded(error)


@dataclass(frozen=True, slots=True)
class Access:
    """Who is calling, what they may do, and what is noted of it."""

    credentials: Credentials
    permissions: Permissions
    audit: Audit
    uses: Uses


class WireApp:
    """Answers every request with status 200 and one envelope."""

    def __init__(
        self,
        access: Access,
        throttle: Throttle,
        book: Book,
        clock: Clock,
        requests: Requests,
    ) -> None:
        self._authenticator = Authenticator(access.credentials, clock)
        self._access = access
        self._throttle = throttle
        self._book = book
        self._requests = requests
        self._clock = clock

    async def answer(self, request: RawRequest) -> bytes:
        """The body of the answer: JSON, whatever came."""
        began_s = self._clock.elapsed()
        exchange = Exchange(
            request,
            request_id=str(uuid.uuid4()),
            is_chinese=_is_chinese(request.headers.get("x-tc-language", "")),
        )
        code = ""
        try:
            body = await self._succeed(exchange)
        except Exception as error:
            refusal = exchange.worded(error)
            code = refusal.code
            if not isinstance(error, (Fault, CounterfoilError)):
                log.error("request_failed", request_id=exchange.request_id, exc_info=error)
            elif isinstance(error, Unavailable):
                log.warning("unavailable", request_id=exchange.request_id, cause=str(error))
            body = envelope.failure(refusal, exchange.request_id)
        self._note(exchange, code)
        name = exchange.action.name if exchange.action else ""
        self._requests.observe(name, code, self._clock.elapsed() - began_s)
        return body

    async def _succeed(self, exchange: Exchange) -> bytes:
        """The stops of a request, in the order in which the documents have them refuse it."""
        request = exchange.request
        check_transport(request)
        fields = sent_fields(request)
        if not request.is_v3 and "Language" in fields:
            exchange.is_chinese = _is_chinese(fields["Language"])
        common = read_common(request, fields)
        route = self._route(exchange, common)
        caller = exchange.caller = await self._authenticator.caller(request, common)
        request.on_authenticated()
        self._access.uses.note(common.secret_id)
        action = exchange.action
        if action is None:
            raise route.refusal()
        await self._throttle.admit(caller, request.address, action.name)
        if action.is_write:
            check_write(request)
        await require_permission(self._access.permissions, caller, action, exchange.request_id)
        if caller.kind not in action.roles:
            raise RoleRefused
        typed = _typed_request(request, common, action)
        response = await action.run(Call(caller, self._book, exchange.is_chinese), typed)
        return envelope.success(response, exchange.request_id, exchange.worded_item)

    def _note(self, exchange: Exchange, code: str) -> None:
        """What a known caller wrote, was given or was refused leaves a row in the audit."""
        caller, common, action = exchange.caller, exchange.common, exchange.action
        if caller is None or common is None:
            return
        if code or (action is not None and (action.is_write or action.is_audited)):
            self._access.audit.note(
                caller,
                secret_id=common.secret_id,
                address=exchange.request.address,
                operation=(exchange.service, common.action),
                request_id=exchange.request_id,
                code=code,
                refused_count=exchange.refused_count,
            )

    def _route(self, exchange: Exchange, common: CommonParameters) -> Route:
        """Finds the action early, so that even a refusal before it is worded in its service's way;
        whether there is one is told only to callers who are known."""
        route = Route(
            host=exchange.request.headers.get("host", ""),
            version=common.version,
            action=common.action,
            scope_service=common.authorization.service if common.authorization else "",
        )
        exchange.common, exchange.service, exchange.action = common, route.service, route.find()
        return route


def _typed_request(request: RawRequest, common: CommonParameters, action: Action) -> object:
    if request.is_v3 and request.method == "POST":
        return parameters.from_json(request.body, action.request)
    own = common.fields
    if not request.is_v3:
        own = {name: text for name, text in own.items() if name not in COMMON_FIELDS}
    return parameters.from_fields(own, action.request)


def _is_chinese(language: str) -> bool:
    return language.strip().lower() == "zh-cn"
