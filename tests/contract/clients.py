"""The official clients of one server, all behind the same call."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contract.asking import Question, Way
from tests.contract.node_client import Node, ask_node
from tests.contract.python_clients import ask_async_python, ask_python
from tests.contract.tccli_client import ask_tccli


@dataclass(frozen=True)
class Clients:
    """Clients that ask the server at `address` (host:port)."""

    address: str
    node: Node
    tccli_home: Path

    def ask(self, way: Way, question: Question) -> dict[str, Any]:
        """The members of `Response`, as the client hands them on.

        Raises:
            Refused: the client raised or printed its own exception, with what this one holds.
        """
        match way.client:
            case "python":
                return ask_python(self.address, way, question)
            case "async-python":
                return asyncio.run(ask_async_python(self.address, way, question))
            case "node":
                return ask_node(self.node, self.address, way, question)
            case "tccli":
                return ask_tccli(self.tccli_home, self.address, question)
        raise ValueError(way.client)
