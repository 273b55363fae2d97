"""CreateAccount: an account is added to the partner tree.

A partner adds accounts below itself or below a partner of its tree; the platform adds them
anywhere. Distributors and resellers stand below the platform, second-level resellers below a
distributor, customers below any partner; a customer directly below the platform is bound to none.
The platform's own account comes from `counterfoil init`.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import BadChoice, BadText, Misplaced, NotAUin, NotFound, Taken
from counterfoil.domain.limits import require_uin
from counterfoil.ledger.accounts import OpenAccount
from counterfoil.ledger.results import AccountMade


class Request(Write, frozen=True, kw_only=True):
    Uin: Int64 | None = None
    """The account's number; by default the next free one."""
    Kind: RequiredText
    """distributor, reseller, sub_reseller or customer."""
    ParentUin: Int64 | None = None
    """The account directly above it; by default the caller's."""
    Name: RequiredText
    """A name for people."""


class Response(msgspec.Struct, frozen=True):
    Uin: Int64
    """The account's number."""


async def run(call: Call, request: Request) -> Response:
    name = values.text(request.Name, "Name")
    kind = values.choice(request.Kind, values.ACCOUNT_KINDS, "Kind")
    uin = None if request.Uin is None else require_uin(request.Uin, "Uin")
    parent_uin = call.caller.main_uin if request.ParentUin is None else request.ParentUin
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    made: AccountMade = await call.book.set_up.run(
        OpenAccount(came_from, parent_uin, kind, name, uin)
    )
    return Response(made.uin)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="CreateAccount",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadText, BadChoice, NotAUin, NotFound, Misplaced, Taken),
    example="--profile reseller ClientToken=readme-account-1 Kind=customer 'Name=Example customer'",
)
