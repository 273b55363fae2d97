"""Calls that carry many items: each is judged by itself, and each has its own result or error."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from counterfoil.actions.declaration import Call
from counterfoil.domain.errors import CounterfoilError, OutOfRange
from counterfoil.domain.limits import require_token
from counterfoil.ledger.command import Command, Origin, asked_under

ITEMS_MAX = 1_000

Item = TypeVar("Item", bound=msgspec.Struct)

_encode = msgspec.json.Encoder().encode


def origin(call: Call, action: str, token: str, item: msgspec.Struct) -> Origin:
    """Where a write comes from; its digest is of the action and the request as sent.

    Raises:
        BadToken: not 1 to 64 printable ASCII characters.
    """
    require_token(token, "ClientToken")
    return asked_under(call.caller, action, token, _encode(item))


async def run_items(
    call: Call,
    items: Sequence[Item],
    parameter: str,
    command_of: Callable[[Item], Command],
    show: Callable[[Any], msgspec.Struct],
) -> list[Any]:
    """The shown result of each item, or the error that refused it, in the items' order.

    Raises:
        OutOfRange: no items, or more than 1,000.
        Unavailable: the database can't be reached just now.
    """
    if not 1 <= len(items) <= ITEMS_MAX:
        raise OutOfRange(parameter)
    commands: list[Command] = []
    results: list[Any] = []
    for item in items:
        try:
            commands.append(command_of(item))
            results.append(None)
        except CounterfoilError as refusal:
            results.append(refusal)
    answers = iter(await call.book.process.run(commands) if commands else ())
    return [
        result if isinstance(result, CounterfoilError) else _shown(next(answers), show)
        for result in results
    ]


async def run_one(call: Call, command: Command) -> Any:
    """The result of a single write.

    Raises:
        CounterfoilError: whatever refused it.
    """
    (answer,) = await call.book.process.run([command])
    if isinstance(answer, Exception):
        raise answer
    return answer


def _shown(answer: Any, show: Callable[[Any], msgspec.Struct]) -> Any:
    return answer if isinstance(answer, Exception) else show(answer)
