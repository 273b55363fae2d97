"""How a good request is spoiled, one fault at a time; `fault_table` lists the faults."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.contract.raw import APIS, KEY_OF, MODES, Api, Draft, Message, Mode

Spoil = Callable[[Draft], None]


@dataclass(frozen=True)
class Fault:
    """One thing wrong: `spoil` makes a good request so.

    In the texts `{now}` is the server's time, `{first}`, `{second}` and `{third}` the action's
    parameters in their order.
    """

    name: str
    spoil: Spoil
    code: str
    en: str
    zh: str
    modes: tuple[Mode, ...] = MODES
    apis: tuple[Api, ...] = APIS

    def message(self, api: Api, *, is_chinese: bool) -> re.Pattern[str]:
        """What its message must be, whole; the server's time is a group."""
        text = self.zh if is_chinese else self.en
        for place, name in zip(("first", "second", "third"), api.members, strict=False):
            text = text.replace(f"{{{place}}}", name)
        return re.compile(re.escape(text).replace(r"\{now\}", "([0-9]{10})"))


def common(**values: str | None) -> Spoil:
    """Common parameters, by their v1 names, with other values or (None) without."""
    return lambda draft: draft.common.update(values)


def timestamp(seconds: int) -> Spoil:
    """Signed at another time, so much later."""
    return lambda draft: draft.common.update(Timestamp=str(int(time.time()) + seconds))


def headers(**values: str | None) -> Spoil:
    """Headers with other values or (None) without; `_` stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return lambda draft: draft.headers.update(named)


def members(**values: object) -> Spoil:
    """Parameters of the action with other values, or more of them."""
    return lambda draft: draft.members.update(values)


def member(place: int, value: object) -> Spoil:
    """The action's parameter in this place with another value."""
    return lambda draft: draft.members.update({list(draft.api.members)[place]: value})


def body(text: bytes) -> Spoil:
    """Another body, signed."""
    return lambda draft: setattr(draft, "body", text)


def more_fields(text: str) -> Spoil:
    """More text at the end of the query or form."""
    return lambda draft: setattr(draft, "more", "&" + text)


def method(name: str) -> Spoil:
    """Sent with another method than signed."""
    return lambda draft: draft.after.append(lambda message: replace(message, method=name))


def authorization(pattern: str, new: str) -> Spoil:
    """The Authorization header spelled differently once it is made."""

    def respelled(message: Message) -> Message:
        text, count = re.subn(pattern, new, message.headers["Authorization"])
        assert count == 1, "every header has it once"
        return message.with_headers({"Authorization": text})

    return lambda draft: draft.after.append(respelled)


def unsigned(draft: Draft) -> None:
    """Without its Authorization header."""
    draft.after.append(lambda message: message.with_headers({"Authorization": None}))


def signed_by(profile: str) -> Spoil:
    """Signed with the key of another sample account."""
    return lambda draft: setattr(draft, "key", KEY_OF[profile])


def wrong_secret(draft: Draft) -> None:
    """Signed with a key that is not the SecretId's."""
    draft.key = replace(draft.signer, secret_key="another")


def scope_of(service: str) -> Spoil:
    """Sent to the action's own service, signed for another."""

    def spoil(draft: Draft) -> None:
        draft.host, draft.scope = f"{draft.api.service}.intl.tencentcloudapi.com", service

    return spoil


def sent_to(service: str, version: str) -> Spoil:
    """Sent to, and signed for, another service in another version."""

    def spoil(draft: Draft) -> None:
        draft.host, draft.scope = f"{service}.intl.tencentcloudapi.com", service
        draft.common["Version"] = version

    return spoil
