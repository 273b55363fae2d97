"""How errors become codes and messages."""

import pytest

from counterfoil.domain import errors
from counterfoil.wire.error_codes import MISSING_PARAMETER, WRONG_TYPE, Fault, worded
from counterfoil.wire.routes import all_actions

ACTIONS = {action.name: action for action in all_actions()}
BILLING = ACTIONS["DescribeVoucherUsageDetails"]
PARTNER = ACTIONS["DescribeCustomerVoucherUsageDetails"]


def test_details_are_filled_in() -> None:
    fault = Fault(WRONG_TYPE, parameter="Page", expected="integer")
    assert "`Page`" in worded(fault, None, is_chinese=False).message
    assert "`integer`" in worded(fault, None, is_chinese=True).message


@pytest.mark.parametrize("shown", ["{expected}", "{0}", "{", "}", "{{}}", "%s", "`", "\0\x1b[31m"])
def test_what_a_caller_sent_is_shown_and_not_obeyed(shown: str) -> None:
    message = worded(Fault(MISSING_PARAMETER, parameter=shown), None, is_chinese=False).message
    assert message == f"The request is missing a required parameter `{shown}`."


def test_what_a_caller_sent_is_cut() -> None:
    message = worded(
        Fault(MISSING_PARAMETER, parameter="x" * 10**6), None, is_chinese=False
    ).message
    assert message.count("x") == 200


@pytest.mark.parametrize(
    ("error", "partner", "billing"),
    [
        (errors.NotFound(), "FailedOperation", "FailedOperation"),
        (errors.Unavailable(), "OperationDenied.ServiceBusy", "InternalError.GatewayError"),
        (errors.Absent("X"), "MissingParameter", "MissingParameter"),
        (errors.PageOutOfRange("X"), "InvalidParameter.Page", "InvalidParameter"),
        (errors.NotAMonth("X"), "InvalidParameterValue.InvalidMonth", "InvalidParameterValue"),
        (errors.NotAUin("X"), "InvalidParameterValue", "FailedOperation.InvalidAppId"),
        (errors.Unusable(), "InternalError", "InternalError"),
        (ValueError("secret"), "InternalError", "InternalError"),
        (RecursionError(), "InternalError", "InternalError"),
    ],
)
def test_an_action_words_errors_its_own_way(error: Exception, partner: str, billing: str) -> None:
    for action, code in ((PARTNER, partner), (BILLING, billing)):
        for is_chinese in (False, True):
            refusal = worded(error, action, is_chinese=is_chinese)
            assert refusal.code == code
            assert "secret" not in refusal.message
            assert "{" not in refusal.message
