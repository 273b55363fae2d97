"""CreateSubUser: an account is given an identity of its own that signs with keys of its own.

A sub-user may do nothing until a policy that allows it is attached; it sees what its account sees.
Keys for it are made like those of the account.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadText, NameTaken
from counterfoil.ledger.principals import AddSubUser
from counterfoil.ledger.results import NumberMade


class Request(Write, frozen=True, kw_only=True):
    Name: RequiredText
    """A name that no other sub-user of the account has."""


class Response(msgspec.Struct, frozen=True):
    Uin: Int64
    """The sub-user's number."""


async def run(call: Call, request: Request) -> Response:
    name = values.text(request.Name, "Name")
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    made: NumberMade = await call.book.set_up.run(AddSubUser(came_from, call.caller.main_uin, name))
    return Response(made.number)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="CreateSubUser",
    is_write=True,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadText, NameTaken),
    example="--profile reseller ClientToken=readme-sub-user-1 Name=auditor",
)
