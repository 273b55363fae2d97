"""CreatePolicy: an account is given a policy, to attach to its sub-users and roles.

The document is a CAM policy of version 2.0: statements that allow or deny operations, `*` in them
standing for any text, on the resource `*`. What denies wins over what allows. An element that is
not evaluated, such as a condition, is refused rather than kept.
"""

import msgspec

from counterfoil.access.policy import read_policy
from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.document_errors import DOCUMENT_ERRORS
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadText, NameTaken
from counterfoil.ledger.principals import AddPolicy
from counterfoil.ledger.results import NumberMade


class Request(Write, frozen=True, kw_only=True):
    Name: RequiredText
    """A name that no other policy of the account has."""
    PolicyDocument: RequiredText
    """The policy, as JSON text of at most 6,144 characters."""
    Description: str | None = None
    """What it is for."""


class Response(msgspec.Struct, frozen=True):
    PolicyId: Int64
    """The policy's number."""


async def run(call: Call, request: Request) -> Response:
    name = values.text(request.Name, "Name")
    description = values.text(request.Description, "Description")
    read_policy(request.PolicyDocument)
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    made: NumberMade = await call.book.set_up.run(
        AddPolicy(came_from, call.caller.main_uin, name, description, request.PolicyDocument)
    )
    return Response(made.number)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="CreatePolicy",
    is_write=True,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadText, *DOCUMENT_ERRORS, NameTaken),
    example="--profile reseller ClientToken=readme-policy-1 Name=reads "
    'PolicyDocument=\'{"version":"2.0","statement":[{"effect":"allow",'
    '"action":["finance:Describe*","intlpartnersmgt:Describe*"],"resource":["*"]}]}\'',
)
