"""May the caller do this? The account itself may do everything; a sub-user or role what its
policies allow. Whether callers of that kind may call the action at all is judged after this."""

from counterfoil.access.permissions import Permissions
from counterfoil.access.policy import operation_of
from counterfoil.actions.declaration import Action, Answer
from counterfoil.domain.account import Caller
from counterfoil.wire.error_codes import NO_CAM_PERMISSION, NOT_AUTHORIZED, Fault

# Where a service's documents name a code of its own for it.
_OWN = {"billing": NO_CAM_PERMISSION}


def refusal_of(action: Action) -> Answer:
    """How a caller without permission is refused by an action."""
    return _OWN.get(action.service, NOT_AUTHORIZED)


async def require_permission(
    permissions: Permissions, caller: Caller, action: Action, request_id: str
) -> None:
    """Lets a caller pass that may do what it asks for.

    Raises:
        Fault: no policy allows it, or one denies it.
        Unavailable: the policies can't be reached just now.
    """
    operation = operation_of(action.service, action.name)
    verdict = await permissions.verdict(caller, operation)
    if not verdict.is_allowed:
        raise Fault(refusal_of(action), operation=operation, request_id=request_id)
