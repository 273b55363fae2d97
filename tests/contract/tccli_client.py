"""The official command line, tccli: one process a call, in a home of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.contract.asking import Question, Refused

_TCCLI = Path(sys.executable).with_name("tccli")
_ERROR = re.compile(r"\[TencentCloudSDKException\] code:(\S+) message:(.*) requestId:(\S+)\n", re.S)


def ask_tccli(home: Path, address: str, question: Question) -> dict[str, Any]:
    """Asks with a JSON file: unlike options, it may lack parameters and hold wrong types."""
    request = home / "request.json"
    request.write_text(json.dumps(question.params))
    return run_tccli(home, address, question, "--cli-input-json", request.as_uri())


def run_tccli(home: Path, address: str, question: Question, *options: str) -> dict[str, Any]:
    """Asks with `options` for the parameters."""
    finished = subprocess.run(
        [
            *(str(_TCCLI), question.service, question.action, *options),
            *("--endpoint", f"http://{address}", "--language", question.language),
        ],
        env={
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TENCENTCLOUD_REGION": "ap-singapore",
            "TENCENTCLOUD_SECRET_ID": question.key.secret_id,
            "TENCENTCLOUD_SECRET_KEY": question.key.secret_key,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        error = _ERROR.fullmatch(finished.stderr)
        assert error, finished.stderr
        raise Refused(*error.groups())
    response: dict[str, Any] = json.loads(finished.stdout)
    return response
