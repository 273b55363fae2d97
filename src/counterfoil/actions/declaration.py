"""What an action's file declares, and what it is given when it runs.

Parameter checks, the reference page, permissions, the throttle and the coverage table are all
derived from this one declaration.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.errors import CounterfoilError
from counterfoil.domain.money import usd
from counterfoil.ledger.book import Book

# Types of the wire. A number outside its type's range is a wrong type, as the documents have it.
Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
# No upper bound: msgspec takes none above int64's. Whoever takes one judges what is too large.
UInt64 = Annotated[int, msgspec.Meta(ge=0)]
# An empty text in its place counts as a missing parameter.
RequiredText = Annotated[str, msgspec.Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class Shows:
    """What a member of pre-rendered JSON holds: a `float`, or a list of one struct."""

    type: Any
    is_list: bool = False


PartnerAmount = Annotated[msgspec.Raw, Shows(float)]


def partner_amount(amount_micro: int) -> msgspec.Raw:
    """An amount as the partner API shows it: a number in USD, `1` where it is integral."""
    return msgspec.Raw(usd(amount_micro).encode())


def rendered_list(rows: bytes) -> msgspec.Raw:
    """JSON objects with commas between, as a list."""
    return msgspec.Raw(b"[%b]" % rows)


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal as the wire words it. `{parameter}` and `{value}` are filled from the error.

    `remedy` tells whoever meets it what to do; `when` says what it is about, where the docstring of
    an error of the domain doesn't.
    """

    code: str
    en: str
    zh: str
    remedy: str
    when: str = ""


class ErrorBody(msgspec.Struct, frozen=True):
    """An error of one item."""

    Code: str
    """What a program may act on."""
    Message: str
    """What a person may read."""


class ItemError(msgspec.Struct, frozen=True):
    """In the place of a result: the item was refused and changed nothing."""

    Error: ErrorBody
    """Why."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who is asking, in which language, and the book to answer from."""

    caller: Caller
    book: Book
    is_chinese: bool


@dataclass(frozen=True)
class Step:
    """A call that an example builds on. The example goes on with a member of its answer, as a
    variable of the shell: `HoldId` is `$HOLD_ID`."""

    action: "Action"
    arguments: str
    member: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action of one API version.

    `run` answers a checked request or raises an error of the domain. `errors` maps those errors to
    what the wire says, in order of precedence; one not listed has the default answer.
    """

    service: str
    version: str
    name: str
    rate: int | None = None
    """Requests a second that one calling identity may make; None: as many as it likes."""
    is_write: bool = False
    """Whether it changes anything: then only a POST with a signed body may call it."""
    is_audited: bool = False
    """Whether it leaves a row in the audit even where it changes nothing and is not refused."""
    roles: frozenset[AccountKind]
    request: type[msgspec.Struct]
    response: type[msgspec.Struct]
    run: Callable[[Call, Any], Awaitable[msgspec.Struct]]
    errors: dict[type[CounterfoilError], Answer]
    example: str
    """What to give `counterfoil call` after service and name, for an answer from the sample."""
    example_needs: tuple[Step, ...] = ()
    """What to call before the example, where the sample has nothing that it could be about."""
