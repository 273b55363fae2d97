"""The official Python SDK, blocking and async."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tencentcloud.billing.v20180709 import billing_client, billing_client_async
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.intlpartnersmgt.v20220928 import (
    intlpartnersmgt_client,
    intlpartnersmgt_client_async,
)
from tests.contract.asking import Question, Refused, Way

_CLIENTS = {
    "python": {
        "billing": billing_client.BillingClient,
        "intlpartnersmgt": intlpartnersmgt_client.IntlpartnersmgtClient,
    },
    "async-python": {
        "billing": billing_client_async.BillingClient,
        "intlpartnersmgt": intlpartnersmgt_client_async.IntlpartnersmgtClient,
    },
}


def python_client(address: str, way: Way, question: Question) -> Any:
    """The SDK's client of the question's service, blocking or async."""
    http = HttpProfile(protocol="http", endpoint=address, reqMethod=way.method)
    profile = ClientProfile(signMethod=way.signature, httpProfile=http, language=question.language)
    profile.unsignedPayload = way.is_payload_unsigned
    credential = Credential(question.key.secret_id, question.key.secret_key)
    return _CLIENTS[way.client][question.service](credential, "", profile)


def ask_python(address: str, way: Way, question: Question) -> dict[str, Any]:
    client = python_client(address, way, question)
    with _refusals():
        answer = client.call_json(question.action, question.params)
    response: dict[str, Any] = answer["Response"]
    return response


async def ask_async_python(address: str, way: Way, question: Question) -> dict[str, Any]:
    async with python_client(address, way, question) as client:
        with _refusals():
            answer = await client.call_and_deserialize(question.action, question.params)
    response: dict[str, Any] = answer["Response"]
    return response


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except TencentCloudSDKException as error:
        raise Refused(error.code, error.message, error.requestId) from None
