"""Fields of a query or form: `Name=value&List.0=value`, percent-encoded UTF-8."""

from urllib.parse import unquote_to_bytes

from counterfoil.wire.error_codes import UNREADABLE_FORM, Fault


def read_fields(encoded: bytes) -> dict[str, str]:
    """The decoded fields; blank values stay, the last of a repeated name wins.

    A bare `Region` counts as an empty one: the Ruby SDK sends it so.

    Raises:
        Fault: a field without `=`, or text that is not UTF-8.
    """
    fields = {}
    for pair in filter(None, encoded.split(b"&")):
        name, separator, value = pair.partition(b"=")
        if not separator and name != b"Region":
            raise Fault(UNREADABLE_FORM)
        fields[_decoded(name)] = _decoded(value)
    return fields


def _decoded(text: bytes) -> str:
    try:
        return unquote_to_bytes(text.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise Fault(UNREADABLE_FORM) from None
