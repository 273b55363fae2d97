"""Which service and action a request means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.actions.declaration import Action
from counterfoil.wire.routes import Route, all_actions, service_of_host


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("billing.tencentcloudapi.com", "billing"),
        ("billing.intl.tencentcloudapi.com", "billing"),
        ("billing.ap-guangzhou.tencentcloudapi.com", "billing"),
        ("billing.internal.tencentcloudapi.com", "billing"),
        ("billing.localhost:8750", "billing"),
        ("billing", "billing"),
        ("billing:8750", "billing"),
        ("BILLING.Example", "billing"),
        ("http://billing.localhost:8750/", "billing"),
        ("https://intlpartnersmgt.intl.tencentcloudapi.com", "intlpartnersmgt"),
        ("127.0.0.1:8750", None),
        ("http://127.0.0.1:8750", None),
        ("[::1]:8750", None),
        ("localhost", None),
        ("cvm.tencentcloudapi.com", None),
        ("tencentcloudapi.com/billing", None),
        ("my-billing.example", None),
        ("", None),
    ],
)
def test_the_service_a_host_names(host: str, service: str | None) -> None:
    assert service_of_host(host) == service


@pytest.mark.parametrize(
    ("host", "version", "scope", "service"),
    [
        # The host, then the version, then the scope, then what the host may have meant.
        ("billing.localhost", "2022-09-28", "intlpartnersmgt", "billing"),
        ("127.0.0.1:8750", "2022-09-28", "127", "intlpartnersmgt"),
        ("127.0.0.1:8750", "2018-07-09", "intlpartnersmgt", "billing"),
        ("127.0.0.1:8750", "2017-03-12", "billing", "billing"),
        ("127.0.0.1:8750", "2017-03-12", "cvm", "cvm"),
        ("http://127.0.0.1:8750", "2017-03-12", "", "127"),
        ("cvm.tencentcloudapi.com", "2017-03-12", "", "cvm"),
    ],
)
def test_the_service_meant(host: str, version: str, scope: str, service: str) -> None:
    assert Route(host, version, "X", scope).service == service


@pytest.mark.parametrize("action", all_actions(), ids=lambda action: action.name)
def test_every_action_is_found_by_host_and_by_version(action: Action) -> None:
    service, version, name = action.service, action.version, action.name
    for host, scope in ((f"{service}.localhost", ""), ("127.0.0.1", "127"), ("127.0.0.1", "")):
        assert Route(host, version, name, scope).find() is action
    assert Route("127.0.0.1", version, name.lower(), service).find() is None
    assert Route("127.0.0.1", "2000-01-01", name, service).find() is None


@given(st.text(), st.text(), st.text(), st.text())
def test_what_is_not_found_is_refused(host: str, version: str, action: str, scope: str) -> None:
    route = Route(host, version, action, scope)
    assert route.find() is None
    assert route.refusal().answer.code in ("NoSuchProduct", "NoSuchVersion", "InvalidAction")
