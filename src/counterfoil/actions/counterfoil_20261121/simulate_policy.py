"""SimulatePolicy: whether an operation would be allowed, and which statement says so.

Judges the policies attached to a sub-user or role of the caller's account, a document that need not
be stored, or both together. A statement that denies decides before any that allows; where none is
about the operation, it is denied.
"""

import msgspec

from counterfoil.access.policy import judge, read_policy
from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.document_errors import DOCUMENT_ERRORS
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import Absent, BadText, NotFound


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Operation: RequiredText
    """What is to be done, as policies call it: `finance:DescribeBillDetail`."""
    PrincipalId: Int64 | None = None
    """A sub-user's Uin or a role's RoleId, whose policies are judged."""
    PolicyDocument: str | None = None
    """A policy, as JSON text, judged as if it were attached too."""


class Response(msgspec.Struct, frozen=True):
    Decision: str
    """allowed or denied."""
    PolicyId: Int64 | None
    """The policy that decided; null for the document sent, or where none is about it."""
    Statement: Int64 | None
    """The place of the statement that decided in its document, from 0; null where none is about
    it."""


async def run(call: Call, request: Request) -> Response:
    if request.PrincipalId is None and not request.PolicyDocument:
        raise Absent("PolicyDocument")
    # Bounded, since every pattern of every policy is laid beside it.
    operation = values.text(request.Operation, "Operation")
    statements = list(read_policy(request.PolicyDocument)) if request.PolicyDocument else []
    if request.PrincipalId is not None:
        statements += await call.book.policies.attached_to(call.caller, request.PrincipalId)
    verdict = judge(statements, operation)
    decision = "allowed" if verdict.is_allowed else "denied"
    if verdict.statement is None:
        return Response(decision, None, None)
    return Response(decision, verdict.statement.policy_id, verdict.statement.number)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="SimulatePolicy",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(Absent, BadText, *DOCUMENT_ERRORS, NotFound),
    example="--profile reseller Operation=intlpartnersmgt:DescribeAnything "
    'PolicyDocument=\'{"version":"2.0","statement":[{"effect":"allow",'
    '"action":"intlpartnersmgt:Describe*","resource":"*"}]}\'',
)
