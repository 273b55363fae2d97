"""Every way in which Counterfoil says no, as the domain sees it. No wire code is named here.

CounterfoilError
├── Unusable            a setting, folder or database that the server can't start with
├── Conflict            another writer came first; the write is tried again
├── Unavailable         the database can't be reached just now
├── Refused             the caller may not do this
│   ├── RoleRefused         callers of this kind may not call this action
│   ├── OperatorRefused     the operator named is neither the caller nor one of its sub-users
│   ├── NotFound            no such object, or none that the caller may see: one answer for both
│   ├── QuotaInsufficient   the pool holds less than that
│   ├── ValueInsufficient   the voucher, hold or usage holds less than that
│   ├── NotOpen             the voucher or hold is past the state in which this can be done
│   ├── Misplaced           an account of that kind can't stand below that other one
│   ├── Taken               the number that was chosen belongs to something else already
│   ├── NameTaken           the name that was chosen belongs to another of its kind
│   ├── Full                there are as many of these as there may be
│   └── TokenReused         the client token came before with another request
└── Invalid             a value that can't be meant; `parameter` names it
    ├── Absent              a required value is missing or empty
    ├── OutOfRange          a number outside its range
    │   └── PageOutOfRange      a page number or page size outside its range
    ├── BadAmount           not an amount of money that can be meant
    ├── BadInstant          not an instant
    │   └── Untimely            an instant that the rules don't allow when it is judged
    ├── BadChoice           not one of the words that the parameter takes
    ├── BadText             a text that is too long or holds characters that can't be kept
    ├── BadToken            not a client token: 1 to 64 printable ASCII characters
    ├── BadCursor           not a cursor that came with the page before
    ├── BadDocument         not a policy document; `value` names the element to blame
    │   ├── BadAction           its action is no pattern of operations
    │   ├── BadCondition        it holds a condition, and conditions are not evaluated
    │   ├── BadEffect           its effect is none of those it may have
    │   ├── BadPrincipal        its principal is no identity, or it may have none
    │   └── BadResource         its resource is not `*`
    ├── Incompatible        a value that can't go with another one of the same request
    ├── NotAMonth           not a month written yyyy-mm
    └── NotAUin             not the decimal number of an account

A docstring is the message that a log or a command line shows when nothing better is known.
"""


class CounterfoilError(Exception):
    """The operation failed."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "")


class Unusable(CounterfoilError):
    """The server can't start with these settings."""


class Conflict(CounterfoilError):
    """Another writer changed what this write had read; trying again will do."""


class Unavailable(CounterfoilError):
    """The database can't be reached just now."""


class Refused(CounterfoilError):
    """The caller may not do this."""


class RoleRefused(Refused):
    """Callers of this kind may not call this action."""


class OperatorRefused(Refused):
    """The operator is neither the caller nor one of its sub-users."""


class NotFound(Refused):
    """There is no such object, or none that the caller may see."""


class QuotaInsufficient(Refused):
    """The pool holds less quota than that."""


class ValueInsufficient(Refused):
    """The voucher, hold or usage holds less value than that."""


class NotOpen(Refused):
    """The voucher or hold is past the state in which this can be done."""


class Misplaced(Refused):
    """An account of that kind can't stand directly below that other one."""


class Taken(Refused):
    """The number that was chosen belongs to something else already."""


class NameTaken(Refused):
    """The name that was chosen belongs to another of its kind in the account."""


class Full(Refused):
    """There are as many of these as there may be."""


class TokenReused(Refused):
    """The client token came before with another request."""


class Invalid(CounterfoilError):
    """A value can't be meant."""

    def __init__(self, parameter: str, value: object = "") -> None:
        super().__init__(f"{parameter}: {type(self).__doc__}")
        self.parameter = parameter
        self.value = value


class Absent(Invalid):
    """A required value is missing or empty."""


class OutOfRange(Invalid):
    """The number is outside its range."""


class PageOutOfRange(OutOfRange):
    """The page number or page size is outside its range."""


class BadAmount(Invalid):
    """Not an amount of money that can be meant."""


class BadInstant(Invalid):
    """Not an instant."""


class Untimely(BadInstant):
    """An instant that the rules don't allow at the moment at which it is judged."""


class BadChoice(Invalid):
    """Not one of the words that the parameter takes."""


class BadText(Invalid):
    """The text is too long or holds characters that can't be kept."""


class BadToken(Invalid):
    """A client token has 1 to 64 printable ASCII characters."""


class BadCursor(Invalid):
    """Not a cursor that came with the page before."""


class BadDocument(Invalid):
    """Not a policy document of version 2.0."""


class BadAction(BadDocument):
    """The action of a statement is no pattern of operations."""


class BadCondition(BadDocument):
    """A statement has a condition, and conditions are not evaluated."""


class BadEffect(BadDocument):
    """The effect of a statement is none of those it may have."""


class BadPrincipal(BadDocument):
    """The principal of a statement is no identity, or none may be there."""


class BadResource(BadDocument):
    """The resource of a statement is not `*`."""


class Incompatible(Invalid):
    """The value can't go with another one of the same request."""


class NotAMonth(Invalid):
    """Not a month written yyyy-mm."""


class NotAUin(Invalid):
    """Not the decimal number of an account."""
