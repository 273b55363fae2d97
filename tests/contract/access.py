"""Sub-users, roles and policies of a house, and how those who lack permission are refused."""

import json
import re
from typing import Any

from tests.contract.house import Account, House, Refusal, token
from tests.contract.raw import Api, Draft, ask

_REQUEST_ID = re.compile(r"request id:[0-9a-f-]{36}")


def document(*operations: str, effect: str = "allow") -> str:
    """A policy of one statement."""
    statement = {"effect": effect, "action": list(operations), "resource": ["*"]}
    return json.dumps({"version": "2.0", "statement": [statement]})


def trust(*principals: str) -> str:
    """Who may assume a role: `100000000001:root`, `100000000001:uin/100000000002`."""
    names = [f"qcs::cam::uin/{principal}" for principal in principals]
    statement = {"effect": "allow", "action": "name/sts:AssumeRole", "principal": {"qcs": names}}
    return json.dumps({"version": "2.0", "statement": [statement]})


def make_policy(house: House, by: Account, *operations: str, effect: str = "allow") -> int:
    """The number of a new policy."""
    text = document(*operations, effect=effect)
    return int(house.do("CreatePolicy", by, Name=token(), PolicyDocument=text)["PolicyId"])


def attach(house: House, by: Account, principal_id: int, *operations: str, **options: str) -> int:
    """Attaches a new policy; its number."""
    policy_id = make_policy(house, by, *operations, **options)
    house.do("AttachPolicy", by, PolicyId=policy_id, PrincipalId=principal_id)
    return policy_id


def make_sub_user(house: House, by: Account, *operations: str) -> Account:
    """A new sub-user with a key, and with a policy where operations are named."""
    uin = house.do("CreateSubUser", by, Name=token())["Uin"]
    if operations:
        attach(house, by, uin, *operations)
    made = house.do("CreateCredential", by, Uin=uin)
    return Account(uin, type(by.key)("", uin, made["SecretId"], made["SecretKey"]))


def not_permitted(operation: str) -> Refusal:
    """The refusal of an operation by a service other than billing, its request id left out."""
    return (
        "AuthFailure.UnauthorizedOperation",
        "You are not authorized to perform this operation. Check your CAM policies, and ensure "
        f"that you are using the correct access keys. [[]you are not authorized to perform "
        f"operation ({operation})\nresource (*) has no permission\n]",
    )


def no_cam_auth(operation: str) -> Refusal:
    """The refusal of an operation by billing, its request id left out."""
    return (
        "UnauthorizedOperation.CamNoAuth",
        f"[]you are not authorized to perform operation ({operation})\n"
        "resource (*) has no permission\n",
    )


def without_request_id(refusal: Refusal) -> Refusal:
    """A refusal as the two above spell it."""
    code, message = refusal
    return code, _REQUEST_ID.sub("", message)


def may(house: House, by: Account, action: str = "DescribePolicies", **members: Any) -> bool:
    """Whether an identity is let in to an action of Counterfoil's own service."""
    answer = house.send(action, by, members)
    if "Error" not in answer:
        return True
    refusal = answer["Error"]["Code"], answer["Error"]["Message"]
    assert without_request_id(refusal) == not_permitted(f"counterfoil:{action}")
    return False


def make_role(house: House, by: Account, *operations: str, trusts: str = "", **members: Any) -> str:
    """The RoleArn of a new role, which trusts its own account unless told whom."""
    asked = {"Name": token(), "PolicyDocument": trust(trusts or f"{by.uin}:root"), **members}
    made = house.do("CreateRole", by, **asked)
    if operations:
        attach(house, by, made["RoleId"], *operations)
    return str(made["RoleArn"])


def assume(house: House, by: Account, arn: str, **members: Any) -> dict[str, Any]:
    """What AssumeRole answers, error or not."""
    asked = {"RoleArn": arn, "RoleSessionName": "night", **members}
    api = Api("sts", "2018-08-13", "AssumeRole", "", {})
    body = json.dumps(asked).encode()
    answer = ask(house.address, Draft(api, key=by.key, body=body, common={"Token": by.token}))
    return {name: value for name, value in answer.response.items() if name != "RequestId"}


def make_session(house: House, by: Account, arn: str, **members: Any) -> Account:
    """A session of a role."""
    key = assume(house, by, arn, **members)["Credentials"]
    signer = type(by.key)("", by.uin, key["TmpSecretId"], key["TmpSecretKey"])
    return Account(by.uin, signer, key["Token"])
