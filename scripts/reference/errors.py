"""The page of error codes, from the gateway's table and every action's own."""

import inspect
from collections.abc import Iterator
from pathlib import Path

from counterfoil.actions.declaration import Answer
from counterfoil.domain.errors import CounterfoilError
from counterfoil.wire.error_codes import DEFAULTS, INTERNAL_ERROR, STOPS
from counterfoil.wire.routes import all_actions
from reference.markdown import code, table


def code_link(answer: Answer, target: str = "") -> str:
    """A link to the section of the answer's code, on the page `target`."""
    return f"[{answer.code}]({target}#{answer.code.lower().replace('.', '')})"


def meaning_of(error: type[CounterfoilError], answer: Answer) -> str:
    """When an error of the domain is answered."""
    return answer.when or inspect.cleandoc(error.__doc__ or "").partition("\n")[0]


def errors_page() -> Iterator[str]:
    """The parts of the page."""
    yield (
        "A refusal has status 200 like every answer, and the body "
        '`{"Response":{"Error":{"Code":"…","Message":"…"},"RequestId":"…"}}` with nothing else in '
        "it. Messages are English, or Chinese where the request asks for `zh-CN` (header "
        "`X-TC-Language`, field `Language`). `{…}` stands for what the message fills in; at most "
        "200 characters of a request are repeated."
    )
    yield "## The order of checks"
    yield (
        "A request that breaks several rules is refused for the first. The stop *write* is only on "
        "the way of actions that change something. A database that can't be reached is noticed "
        "from the caller's check on; what the server does not foresee is "
        f"{code_link(INTERNAL_ERROR)}."
    )
    role = "the action's own, where the caller's kind may not call it"
    yield table(
        ["Stop", "Refusals, in order"],
        [
            *(
                [stop, ", ".join(code_link(answer) for answer in answers) or role]
                for stop, answers in STOPS.items()
            ),
            ["values", "the action's own, as its page lists them"],
        ],
    )
    rows = list(_rows())
    for name in sorted({answer.code for answer, _, _ in rows}):
        yield f"## {name}"
        yield table(
            ["Message", "When", "What to do", "Answered by"],
            [
                [f"{code(answer.en)}<br>{code(answer.zh)}", when, answer.remedy, ", ".join(by)]
                for answer, when, by in rows
                if answer.code == name
            ],
        )


def _rows() -> Iterator[tuple[Answer, str, list[str]]]:
    """Every answer once: when it comes and from where."""
    sources: dict[tuple[Answer, str], list[str]] = {}
    gateway = [*(answer for answers in STOPS.values() for answer in answers), INTERNAL_ERROR]
    for answer in gateway:
        sources[answer, answer.when] = ["any request"]
    for action in all_actions():
        stem = Path(inspect.getfile(action.run)).stem
        for error, answer in action.errors.items():
            by = sources.setdefault((answer, meaning_of(error, answer)), [])
            by.append(f"[{action.name}](actions/{stem}.md)")
    for error, answer in DEFAULTS.items():
        elsewhere = ["an action without a wording of its own"]
        sources.setdefault((answer, meaning_of(error, answer)), elsewhere)
    for (answer, when), by in sources.items():
        yield answer, when, by
