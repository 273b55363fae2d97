"""The page of one action, from its declaration."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from counterfoil.actions.declaration import Action, Answer, Step
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import RoleRefused, Unavailable
from counterfoil.wire.error_codes import DEFAULTS, INTERNAL_ERROR, NOT_AUTHORIZED, STOPS
from counterfoil.wire.permission import refusal_of
from reference.errors import code_link, meaning_of
from reference.markdown import code, table
from reference.members import members, nested_structs


def stem(action: Action) -> str:
    """The name that the action's file, test, page and statement share."""
    return Path(inspect.getfile(action.run)).stem


def action_page(action: Action, root: Path) -> Iterator[str]:
    """The parts of the page; `root` is the folder that source files are named from."""
    summary = (sys.modules[action.run.__module__].__doc__ or "").removeprefix(f"{action.name}: ")
    yield summary[0].upper() + summary[1:].strip()
    yield _facts(action, Path(inspect.getfile(action.run)).relative_to(root))
    yield "## Request"
    yield _parameters_table(action.request)
    for struct in nested_structs(action.request):
        yield f"### {struct.__name__}"
        yield _parameters_table(struct)
    yield "## Answer"
    yield _members_table(action.response)
    yield "`RequestId` (String) comes with every answer; quote it when reporting a problem."
    for struct in nested_structs(action.response):
        yield f"### {struct.__name__}"
        yield _members_table(struct)
    yield "## Errors"
    yield (
        "Every request passes the checks of transport, common parameters, caller and action "
        "first: see [the order of checks](../errors.md#the-order-of-checks). What follows is in "
        "order of precedence."
    )
    yield table(
        ["Code", "Message", "Message in Chinese", "When"],
        [
            [code_link(answer, "../errors.md"), code(answer.en), code(answer.zh), when]
            for answer, when in _refusals(action)
        ],
    )
    yield "## Try it"
    yield "Against the sample, as `make serve` or `counterfoil serve --sample` serves it:"
    calls = [*map(_step, action.example_needs), _call(action, action.example)]
    yield "\n".join(["```bash", *calls, "```"])


def _step(step: Step) -> str:
    """A call that leaves a member of its answer in a variable of the shell."""
    variable = re.sub(r"(?<!^)([A-Z])", r"_\1", step.member).upper()
    member = f'sed -n \'s/.*"{step.member}": "*\\([0-9A-Za-z]*\\).*/\\1/p\''
    return f"{variable}=$({_call(step.action, step.arguments)} | {member})"


def _call(action: Action, arguments: str) -> str:
    return f"counterfoil call {action.service} {action.name} {arguments}"


def _facts(action: Action, source: Path) -> str:
    kinds = ", ".join(f"`{kind.value}`" for kind in sorted(action.roles))
    callers = "any account" if action.roles == EVERYONE else kinds
    rate = f"{action.rate} a second for each calling identity" if action.rate else "no limit"
    return table(
        ["Service", "Version", "Who may call", "Rate", "Declared in"],
        [
            [
                f"`{action.service}`",
                f"`{action.version}`",
                f"{callers} ([kinds](../../concepts/accounts.md))",
                f"{rate} ([change it](../../how-to/set-rates.md))",
                f"[{source.name}](../../../{source})",
            ]
        ],
    )


def _refusals(action: Action) -> Iterator[tuple[Answer, str]]:
    """What the action can answer instead, and when, from the rate check on; in order."""
    own = dict(action.errors)
    for answer in (*STOPS["rate"], *(STOPS["write"] if action.is_write else ())):
        yield answer, answer.when
    yield refusal_of(action), NOT_AUTHORIZED.when
    role = own.pop(RoleRefused, DEFAULTS[RoleRefused])
    if action.roles != EVERYONE:
        yield role, meaning_of(RoleRefused, role)
    for answer in STOPS["parameters"]:
        yield answer, answer.when
    unavailable = own.pop(Unavailable, DEFAULTS[Unavailable])
    for error, answer in own.items():
        yield answer, meaning_of(error, answer)
    yield unavailable, meaning_of(Unavailable, unavailable)
    yield INTERNAL_ERROR, INTERNAL_ERROR.when


def _parameters_table(struct: type[msgspec.Struct]) -> str:
    if not msgspec.structs.fields(struct):
        return "It takes no parameters."
    return table(
        ["Parameter", "Type", "Required", "Meaning"],
        [
            [f"`{member.name}`", member.type, "yes" if member.is_required else "no", member.meaning]
            for member in members(struct)
        ],
    )


def _members_table(struct: type[msgspec.Struct]) -> str:
    return table(
        ["Member", "Type", "Meaning"],
        [[f"`{member.name}`", member.type, member.meaning] for member in members(struct)],
    )
