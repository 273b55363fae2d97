"""`counterfoil call`: signs a request, sends it to a running server, prints the JSON."""

import json
import sys
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from counterfoil.actions.declaration import Action
from counterfoil.clock import Clock
from counterfoil.domain.errors import CounterfoilError, Unavailable
from counterfoil.ledger.sample import KEYS
from counterfoil.settings import PREFIX, Settings
from counterfoil.wire.parameters import members_of
from counterfoil.wire.request import JSON, RawRequest
from counterfoil.wire.routes import all_actions
from counterfoil.wire.signature import sign_v3

TIMEOUT_S = 60
_EXAMPLE_WIDTH = 72  # characters, so that it stays whole in a terminal of 80
_DEFAULT = Settings()
_DEFAULT_PROFILE = "reseller"
_PROFILES = ", ".join(key.profile for key in KEYS)
_FIRST_OF_SERVICE = {
    action.service: action for action in reversed(all_actions()) if not action.example_needs
}
_SERVICES = ", ".join(sorted({action.service for action in all_actions()}))
_EXAMPLES = "\n".join(
    f"  counterfoil call {service} {action.name} \\\n    "
    + " \\\n    ".join(wrap(action.example, _EXAMPLE_WIDTH, break_on_hyphens=False))
    for service, action in sorted(_FIRST_OF_SERVICE.items())
)
HELP = f"""Sign and send any action and print the JSON; exit 1 when it answers an error.

\b
Examples:
{_EXAMPLES}
"""


class Misuse(CounterfoilError):
    """The command can't be meant."""


def call(
    service: Annotated[str, typer.Argument(help=f"One of {_SERVICES}.")],
    action: Annotated[str, typer.Argument(help="The action's name.")],
    parameters: Annotated[
        list[str] | None,
        typer.Argument(help="Name=value; Name.0.Field=value for lists.", metavar="[NAME=VALUE]..."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            envvar=PREFIX + "PROFILE",
            help=f"Whose sample key signs: {_PROFILES}; {_DEFAULT_PROFILE} when there is neither a "
            "profile nor a key of your own.",
        ),
    ] = None,
    secret_id: Annotated[
        str | None,
        typer.Option(envvar="TENCENTCLOUD_SECRET_ID", help="A key of your own, not a profile's."),
    ] = None,
    secret_key: Annotated[
        str | None, typer.Option(envvar="TENCENTCLOUD_SECRET_KEY", help="The secret to it.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="TENCENTCLOUD_TOKEN", help="What came with a temporary key."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="The whole request as a JSON file; - for stdin.")
    ] = None,
    endpoint: Annotated[
        str, typer.Option(envvar=PREFIX + "ENDPOINT", help="Where the server listens.")
    ] = f"http://{_DEFAULT.host}:{_DEFAULT.port}",
    language: Annotated[str, typer.Option(help="en-US or zh-CN.")] = "en-US",
) -> None:
    """Sends one signed request; `HELP` is what users are told."""
    found = _action(service, action)
    body = json.dumps(_request(parameters or [], json_file, found.request)).encode()
    address = _address(endpoint)
    headers = {
        "host": address,
        "content-type": JSON,
        "x-tc-action": action,
        "x-tc-version": found.version,
        "x-tc-timestamp": str(int(Clock().wire())),
        "x-tc-language": language,
    }
    key_id, key = _key(profile, secret_id, secret_key)
    if profile is None and secret_id and token:
        headers["x-tc-token"] = token
    request = RawRequest("POST", "/", b"", headers, body)
    headers["authorization"] = sign_v3(request, key_id, key, service)
    answer = _send(address, headers, body)
    # JSON is UTF-8, whatever the terminal's language.
    sys.stdout.buffer.write(json.dumps(answer, indent=2, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
    if "Error" in answer["Response"]:
        raise typer.Exit(1)


def _action(service: str, name: str) -> Action:
    for action in all_actions():
        if (action.service, action.name) == (service, name):
            return action
    known = ", ".join(f"{action.service} {action.name}" for action in all_actions())
    raise Misuse(f"there is no {service} {name}; there are: {known}")


def _key(profile: str | None, secret_id: str | None, secret_key: str | None) -> tuple[str, str]:
    if profile is None and secret_id and secret_key:
        return secret_id, secret_key
    if profile is None and (secret_id or secret_key):
        raise Misuse("a key is a SecretId and a SecretKey: give both, or a --profile")
    for key in KEYS:
        if key.profile == (profile or _DEFAULT_PROFILE):
            return key.secret_id, key.secret_key
    raise Misuse(f"there is no profile '{profile}'; there are: {_PROFILES}")


def _request(parameters: list[str], json_file: Path | None, declared: type[Any]) -> dict[str, Any]:
    """The request's members; a file gives them all, and parameters add to it."""
    members: Any = {}
    if json_file is not None:
        try:
            text = sys.stdin.read() if str(json_file) == "-" else json_file.read_text("utf-8")
            members = json.loads(text)
        except (OSError, ValueError, RecursionError) as error:
            raise Misuse(f"--json {json_file}: {error}") from None
        if not isinstance(members, dict):
            raise Misuse(f"--json {json_file}: a JSON object is expected")
    fields = {}
    for parameter in parameters:
        name, separator, value = parameter.partition("=")
        if not (name and separator):
            raise Misuse(f"'{parameter}' is not of the form Name=value")
        fields[name] = value
    return {**members, **members_of(fields, declared)}


def _address(endpoint: str) -> str:
    try:
        parts = urlsplit(endpoint if "//" in endpoint else f"http://{endpoint}")
        is_usable = parts.scheme == "http" and parts.hostname and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise Misuse(f"--endpoint {endpoint}: http://HOST:PORT is expected")
    return parts.netloc


def _send(address: str, headers: dict[str, str], body: bytes) -> Any:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(address, timeout=TIMEOUT_S)
    try:
        connection.request("POST", "/", body, headers)
        answer = json.loads(connection.getresponse().read())
        answer["Response"]["RequestId"]
    except OSError as error:
        raise Unavailable(
            f"no server answers at http://{address} ({error.strerror or error}): "
            "start one with `counterfoil serve --sample`"
        ) from None
    except (HTTPException, ValueError, LookupError, TypeError):
        raise Unavailable(f"what answers at http://{address} isn't Counterfoil") from None
    finally:
        connection.close()
    return answer
