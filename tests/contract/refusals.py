"""Requests that must be refused, what with, and the check that a client says so."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.contract.answers import UUID
from tests.contract.asking import Key, Question, Refused, Way
from tests.contract.clients import Clients

ABSENT = object()


@dataclass(frozen=True)
class Refusal:
    """`params` are laid over those of a good request; one that is ABSENT is left out of it."""

    case: str
    params: dict[str, Any]
    code: str
    en: str
    zh: str
    key: Key | None = None

    def __str__(self) -> str:
        return self.case

    def of(self, good: Question) -> Question:
        """The good question, spoilt."""
        params = {k: v for k, v in (good.params | self.params).items() if v is not ABSENT}
        return replace(good, params=params, key=self.key or good.key)


def check_refused(clients: Clients, way: Way, question: Question, refusal: Refusal) -> None:
    """That the client's own exception holds code, message and request id."""
    with pytest.raises(Refused) as caught:
        clients.ask(way, refusal.of(question))
    message = refusal.zh if question.language == "zh-CN" else refusal.en
    assert (caught.value.code, caught.value.message) == (refusal.code, message)
    assert UUID.fullmatch(caught.value.request_id)


def check_first_is_told(
    clients: Clients, way: Way, question: Question, faults: list[Refusal]
) -> None:
    """That of all faults at once the first is told, and once it is mended the next one is."""
    for done in range(len(faults)):
        spoilt = question
        for fault in reversed(faults[done:]):
            spoilt = fault.of(spoilt)
        check_refused(clients, way, spoilt, replace(faults[done], params={}, key=None))


def missing(name: str, value: Any = ABSENT) -> Refusal:
    return Refusal(
        case=f"missing {name}" if value is ABSENT else f"empty {name}",
        params={name: value},
        code="MissingParameter",
        en=f"The request is missing a required parameter `{name}`.",
        zh=f"请求缺少必需的参数 `{name}`。",
    )


def unknown(name: str) -> Refusal:
    return Refusal(
        case=f"unknown {name}",
        params={name: "x"},
        code="UnknownParameter",
        en=f"The parameter `{name}` is not recognized.",
        zh="未知参数错误，用户多传未定义的参数会导致错误",
    )


def wrong_type(name: str, value: Any, expected: str) -> Refusal:
    return Refusal(
        case=f"{name} {value!r}, not {expected}",
        params={name: value},
        code="InvalidParameter",
        en=f"The value type of parameter `{name}` is not valid, input type should be `{expected}`",
        zh=f"参数 `{name}` 取值类型错误。参数类型应为 `{expected}`",
    )


def out_of_range(code: str, name: str, value: int) -> Refusal:
    return Refusal(
        case=f"{name} {value}",
        params={name: value},
        code=code,
        en=f"The parameter `{name}` is out of range.",
        zh=f"参数 `{name}` 超出取值范围。",
    )


def not_a_choice(name: str, value: str) -> Refusal:
    return Refusal(
        case=f"{name} {value!r}",
        params={name: value},
        code="InvalidParameterValue",
        en=f"The value of the parameter `{name}` is not one of those it takes.",
        zh=f"参数 `{name}` 的取值不在允许范围内。",
    )


def wrong_key(known: Key) -> Refusal:
    return Refusal(
        case="wrong key",
        params={},
        code="AuthFailure.SignatureFailure",
        en="The provided credentials could not be validated. "
        "Please check your signature is correct.",
        zh="请求签名验证失败，请检查您的签名计算是否正确。",
        key=Key(known.secret_id, "not-the-key"),
    )


UNKNOWN_KEY = Refusal(
    case="unknown SecretId",
    params={},
    code="AuthFailure.SecretIdNotFound",
    en="The SecretId is not found, please ensure that your SecretId is correct.",
    zh="SecretId不存在，请输入正确的密钥。",
    key=Key("AKIDNOBODY", "nobody"),
)
