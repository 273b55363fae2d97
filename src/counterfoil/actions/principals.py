"""Names of roles, as Counterfoil's own service and sts write them."""

import re

from counterfoil.domain.errors import BadText

_ROLE_NAME = re.compile(r"[A-Za-z0-9+=,.@_-]{1,128}", re.ASCII)
_ROLE_ARN = re.compile(
    r"qcs::cam::uin/([0-9]{1,16}):(?:role/([0-9]{1,16})|roleName/([A-Za-z0-9+=,.@_-]{1,128}))",
    re.ASCII,
)


def role_name(text: str) -> str:
    """The name of a role.

    Raises:
        BadText: empty, longer than 128, or with other characters than a name may have.
    """
    if not _ROLE_NAME.fullmatch(text):
        raise BadText("Name")
    return text


def role_arn(main_uin: int, name: str) -> str:
    """What names a role of an account: `qcs::cam::uin/100000000001:roleName/x`."""
    return f"qcs::cam::uin/{main_uin}:roleName/{name}"


def role_of_arn(text: str) -> tuple[int, int | str] | None:
    """The account, and the number or name of the role in it; None where the text names no role."""
    found = _ROLE_ARN.fullmatch(text)
    if found is None:
        return None
    return int(found[1]), int(found[2]) if found[2] else found[3]
