"""Which action a request means. Every file in a version's folder of `actions` declares one."""

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from counterfoil import actions
from counterfoil.actions.declaration import Action
from counterfoil.wire.error_codes import INVALID_ACTION, NO_SUCH_PRODUCT, NO_SUCH_VERSION, Fault


@cache
def all_actions() -> tuple[Action, ...]:
    """Every action there is, by service, version and name."""
    found = [
        import_module(module.name).ACTION
        for module in pkgutil.walk_packages(actions.__path__, actions.__name__ + ".")
        if not module.ispkg and module.name.count(".") == 3
    ]
    return tuple(sorted(found, key=lambda action: (action.service, action.version, action.name)))


@cache
def _by_wire_name() -> dict[tuple[str, str, str], Action]:
    return {(action.service, action.version, action.name): action for action in all_actions()}


@cache
def _versions() -> dict[str, frozenset[str]]:
    services = {action.service for action in all_actions()}
    return {
        service: frozenset(action.version for action in all_actions() if action.service == service)
        for service in services
    }


def service_of_host(host: str) -> str | None:
    """The service a host's first label names (`billing.intl.tencentcloudapi.com`), if it is one."""
    label = _first_label(host).lower()
    return label if label in _versions() else None


def _first_label(host: str) -> str:
    """Of `http://billing.localhost:8750`: `billing`."""
    return host.rpartition("//")[2].partition(":")[0].partition(".")[0]


@dataclass(frozen=True, slots=True)
class Route:
    """What the request names; `scope_service` is what a v3 signature was made for, if any.

    A local address names no service, and most SDKs then put the address into the scope, so the
    version decides before the scope does.
    """

    host: str
    version: str
    action: str
    scope_service: str

    @property
    def service(self) -> str:
        """The service meant, known or not."""
        named = service_of_host(self.host)
        if named is None:
            named = next((s for s, v in _versions().items() if self.version in v), None)
        return named or self.scope_service or _first_label(self.host)

    def find(self) -> Action | None:
        """The action meant, if there is one."""
        return _by_wire_name().get((self.service, self.version, self.action))

    def refusal(self) -> Fault:
        """Why there is none."""
        service, versions = self.service, _versions()
        if service not in versions:
            return Fault(NO_SUCH_PRODUCT, service=service)
        if self.version not in versions[service]:
            return Fault(NO_SUCH_VERSION, version=self.version, service=service)
        return Fault(INVALID_ACTION, action=self.action, service=service, version=self.version)
