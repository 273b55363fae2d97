"""AssumeRole: temporary keys that the official clients fetch and sign with, until they expire."""

import base64
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.common.credential import Credential, STSAssumeRoleCredential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.intlpartnersmgt.v20220928 import intlpartnersmgt_client
from tencentcloud.sts.v20180813 import models, sts_client
from tests.contract.access import (
    assume,
    attach,
    make_role,
    make_session,
    make_sub_user,
    may,
    not_permitted,
    trust,
    without_request_id,
)
from tests.contract.answers import content
from tests.contract.asking import PYTHON, SDK_WAYS, TC3, Way
from tests.contract.house import PLATFORM, Account, House
from tests.contract.raw import MODES, PARTNER, Draft, Mode, ask
from tests.serving import running

from counterfoil.access.fresh import KEPT_S
from counterfoil.actions.sts_20180813.assume_role import ACTION
from counterfoil.domain import errors
from counterfoil.store import embedded

PARTNERED = f"intlpartnersmgt:{PARTNER.action}"
NO_ROLE = (
    "ResourceNotFound.RoleNotFound",
    "The role corresponding to the account does not exist.",
)
TOO_LONG = ("InvalidParameter.OverTimeError", "The expiration time exceeds the threshold.")
TOKEN_FAILURE = (
    "AuthFailure.TokenFailure",
    "Token verification failed, please check if your Token is correct",
)


def invalid(parameter: str) -> tuple[str, str]:
    return "InvalidParameter.ParamError", f"The parameter `{parameter}` is invalid."


def refused(house: House, by: Account, arn: str, **members: Any) -> tuple[str, str]:
    error = assume(house, by, arn, **members)["Error"]
    return error["Code"], error["Message"]


def profile(house: House, way: Way = PYTHON) -> ClientProfile:
    http = HttpProfile(protocol="http", endpoint=house.address, reqMethod=way.method)
    made = ClientProfile(signMethod=way.signature, httpProfile=http)
    made.unsignedPayload = way.is_payload_unsigned
    return made


def partner_answer(house: House, credential: Any, voucher: int, way: Way = PYTHON) -> Any:
    client = intlpartnersmgt_client.IntlpartnersmgtClient(credential, "", profile(house, way))
    asked = {
        "Page": 1, "PageSize": 10, "CustomerUin": house.customer.uin, "VoucherId": voucher,
    }  # fmt: skip
    return content(client.call_json(PARTNER.action, asked)["Response"])


def fetched(house: House, by: Account, arn: str, **options: Any) -> STSAssumeRoleCredential:
    """The Python SDK's own credential, which fetches temporary keys when it is first used."""
    key, endpoint = by.key, f"http://{house.address}"
    return STSAssumeRoleCredential(
        key.secret_id, key.secret_key, arn, "night", endpoint=endpoint, **options
    )


def test_the_sdk_fetches_keys_and_signs_with_them(house: House) -> None:
    voucher = house.voucher()
    house.usage()
    own = Credential(house.reseller.key.secret_id, house.reseller.key.secret_key)
    wanted = partner_answer(house, own, voucher)
    arn = make_role(house, house.reseller, PARTNERED)
    sub_user = make_sub_user(house, house.reseller, "sts:AssumeRole")
    for by in (house.reseller, sub_user):
        assert partner_answer(house, fetched(house, by, arn), voucher) == wanted


@pytest.mark.parametrize("way", [way for way in SDK_WAYS if way.client == "python"], ids=str)
def test_a_temporary_key_signs_every_way(house: House, way: Way) -> None:
    voucher = house.voucher()
    session = make_session(house, house.reseller, make_role(house, house.reseller, PARTNERED))
    key = Credential(session.key.secret_id, session.key.secret_key, session.token)
    answer = partner_answer(house, key, voucher, way)
    assert answer["TotalAmount"] == 100


def test_the_sdk_renews_keys_before_they_expire(house: House) -> None:
    arn = make_role(house, house.reseller, PARTNERED)
    credential = fetched(house, house.reseller, arn, duration_seconds=2)
    first = credential.get_credential_info()
    assert credential.get_credential_info() == first
    time.sleep(1.5)
    assert credential.get_credential_info() != first
    partner_answer(house, credential, house.voucher())


@pytest.mark.parametrize("signature", [TC3, "HmacSHA256"])
def test_the_typed_client_reads_the_answer(house: House, signature: str) -> None:
    key = house.reseller.key
    client = sts_client.StsClient(
        Credential(key.secret_id, key.secret_key),
        "ap-guangzhou",
        profile(house, replace(PYTHON, signature=signature)),
    )
    asked = models.AssumeRoleRequest()
    asked.RoleArn = make_role(house, house.reseller)
    asked.RoleSessionName = "night"
    asked.DurationSeconds = 600
    answer = client.AssumeRole(asked)
    assert 595 < answer.ExpiredTime - time.time() <= 600
    written = datetime.fromtimestamp(answer.ExpiredTime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer.Expiration == written
    with pytest.raises(TencentCloudSDKException) as caught:
        asked.RoleArn += "x"
        client.AssumeRole(asked)
    assert (caught.value.code, caught.value.message) == NO_ROLE


def test_a_session_may_do_what_its_role_may_now(house: House) -> None:
    asked = {"Name": "night", "PolicyDocument": trust(f"{house.reseller.uin}:root")}
    role_id = house.do("CreateRole", house.reseller, **asked)["RoleId"]
    by_id = f"qcs::cam::uin/{house.reseller.uin}:role/{role_id}"
    assert not may(house, make_session(house, house.reseller, by_id))
    time.sleep(KEPT_S)
    session = make_session(house, house.reseller, by_id)
    policy_id = attach(house, house.reseller, role_id, "counterfoil:DescribePolicies")
    assert may(house, session)
    assert not may(house, session, "DescribeAccounts")
    house.do("DetachPolicy", house.reseller, PolicyId=policy_id, PrincipalId=role_id)
    time.sleep(KEPT_S)
    assert not may(house, session)


def test_who_may_assume_a_role(house: House) -> None:
    trusted = make_sub_user(house, house.reseller, "sts:AssumeRole")
    other = make_sub_user(house, house.reseller, "sts:AssumeRole")
    powerless = make_sub_user(house, house.reseller)
    of_one = make_role(house, house.reseller, trusts=f"{house.reseller.uin}:uin/{trusted.uin}")
    assert "Credentials" in assume(house, trusted, of_one)
    for by in (house.reseller, other, house.distributor, PLATFORM):
        assert refused(house, by, of_one) == NO_ROLE
    of_all = make_role(house, house.reseller)
    for by in (house.reseller, trusted, other):
        assert "Credentials" in assume(house, by, of_all)
    refusal = without_request_id(refused(house, powerless, of_all))
    assert refusal == not_permitted("sts:AssumeRole")


def test_another_account_acts_in_the_one_that_trusts_it(house: House) -> None:
    arn = make_role(
        house, house.reseller, "counterfoil:Describe*", trusts=f"{house.distributor.uin}:root"
    )
    assert refused(house, house.reseller, arn) == NO_ROLE
    session = make_session(house, house.distributor, arn)
    (account, *_) = house.ask("DescribeAccounts", session, Limit=1)["Accounts"]
    assert account["Uin"] == house.reseller.uin


def test_a_session_makes_no_key_of_the_account(house: House) -> None:
    arn = make_role(house, house.reseller, "counterfoil:*")
    session = make_session(house, house.reseller, arn)
    members = {"ClientToken": "x"}
    assert house.refusal("CreateCredential", session, members)[0] == "FailedOperation"


@pytest.mark.parametrize("mode", MODES)
def test_a_token_goes_with_its_own_key_alone(house: House, mode: Mode) -> None:
    arn = make_role(house, house.reseller, PARTNERED)
    one, two = (make_session(house, house.reseller, arn) for _ in range(2))
    voucher = house.voucher()
    members = {"CustomerUin": house.customer.uin, "VoucherId": voucher}

    def answer(by: Account, token: str | None) -> tuple[str, str]:
        draft = Draft(PARTNER, mode, members=members, key=by.key, common={"Token": token})
        return ask(house.address, draft).error

    assert answer(one, one.token) == answer(two, two.token) == ("", "")
    assert one.token is not None
    sealed = bytearray(base64.urlsafe_b64decode(one.token))
    sealed[-1] ^= 1
    for token in (
        None,
        two.token,
        "x",
        one.token[:-4],
        one.token + "AAAA",
        "é" if mode.startswith("v1") else "*",
        base64.urlsafe_b64encode(sealed).decode(),
    ):
        assert answer(one, token) == TOKEN_FAILURE, token
    assert answer(house.reseller, one.token) == TOKEN_FAILURE
    stranger = replace(one, key=replace(one.key, secret_key="not-the-key"))
    assert answer(stranger, one.token)[0] == "AuthFailure.SignatureFailure"


def test_a_key_expires(house: House) -> None:
    arn = make_role(house, house.reseller, "counterfoil:*")
    session = make_session(house, house.reseller, arn, DurationSeconds=2)
    assert may(house, session)
    time.sleep(2.1)
    assert house.refusal("DescribePolicies", session, {}) == TOKEN_FAILURE


def test_refusals(house: House) -> None:
    by, arn = house.reseller, make_role(house, house.reseller, SessionDuration=100)
    account = arn.partition(":roleName/")[0]
    faults = [
        *(
            (errors.BadText, {"RoleArn": text}, invalid("RoleArn"))
            for text in ("x", account, arn + "\n", f"{account}:role/x", f"{account}:roleName/a b")
        ),
        *(
            (errors.BadText, {"RoleSessionName": name}, invalid("RoleSessionName"))
            for name in ("x", "x" * 129, "a b", "ab\n", "é2")
        ),
        (errors.NotFound, {"RoleArn": f"{account}:roleName/nobody"}, NO_ROLE),
        (errors.NotFound, {"RoleArn": f"{account}:role/{by.uin}"}, NO_ROLE),
        (errors.NotFound, {"RoleArn": f"{account}:role/{'9' * 16}"}, NO_ROLE),
        *(
            (errors.OutOfRange, {"DurationSeconds": n}, TOO_LONG)
            for n in (0, -1, 101, 43_201, 2**62)
        ),
    ]
    assert {kind for kind, _, _ in faults} == ACTION.errors.keys() - {errors.Unavailable}
    for _, members, refusal in faults:
        assert refused(house, by, **{"arn": members.get("RoleArn", arn), **_rest(members)}) == (
            refusal
        ), members
    short = assume(house, by, arn)
    assert 95 < short["ExpiredTime"] - time.time() <= 100


def _rest(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name != "RoleArn"}


def test_nothing_of_a_session_is_stored(house: House) -> None:
    arn = make_role(house, house.reseller, "*")
    written = house.written()
    session = make_session(house, house.reseller, arn)
    may(house, session)
    assert house.written() == written


def test_a_samples_session_ends_with_the_sample(tmp_path: Path) -> None:
    """A server without --sample takes its sessions no more than its keys."""
    with running("--sample", data=tmp_path / "data") as server:
        house = House(server.address, embedded.dsn(server.data))
        session = make_session(house, house.reseller, make_role(house, house.reseller, "*"))
        assert may(house, session)
    with running(data=tmp_path / "data") as server:
        house.address = server.address
        assert house.refusal("DescribePolicies", session, {}) == TOKEN_FAILURE
        code, _ = house.refusal("DescribePolicies", house.reseller, {})
        assert code == "AuthFailure.SecretIdNotFound"
