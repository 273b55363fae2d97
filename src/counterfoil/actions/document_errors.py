"""How faults of a policy document are worded: the codes are those of Tencent Cloud's CAM."""

from counterfoil.actions.declaration import Answer
from counterfoil.domain import errors as domain


def _answer(code: str, remedy: str) -> Answer:
    return Answer(
        f"InvalidParameter.{code}",
        "`{value}` field of policy document invalid.",
        "策略文档的 `{value}` 字段无效。",
        remedy,
    )


# In order of precedence; the general one last, since it is what the others are too.
DOCUMENT_ERRORS: dict[type[domain.CounterfoilError], Answer] = {
    domain.BadCondition: _answer(
        "ConditionError", "Leave conditions out: they are not evaluated, so none is accepted."
    ),
    domain.BadPrincipal: _answer(
        "PrincipalError",
        "A policy names no principal; who may assume a role is "
        '{"qcs":["qcs::cam::uin/ACCOUNT:root"]} or "qcs::cam::uin/ACCOUNT:uin/SUB-USER".',
    ),
    domain.BadEffect: _answer(
        "EffectError", "Write allow or deny; of who may assume a role, allow alone."
    ),
    domain.BadAction: _answer(
        "ActionError",
        "Write operations as service:Action, with * for any text; services are finance (for "
        "billing), intlpartnersmgt, counterfoil and sts. Of who may assume a role: sts:AssumeRole.",
    ),
    domain.BadResource: _answer(
        "ResourceError", 'Write ["*"]: rights are granted by operation alone.'
    ),
    domain.BadDocument: _answer(
        "PolicyDocumentError",
        'Write {"version":"2.0","statement":[{"effect":"allow","action":["finance:*"],'
        '"resource":["*"]}]}, at most 6,144 characters, with no other elements.',
    ),
}
