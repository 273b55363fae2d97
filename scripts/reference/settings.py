"""The pages of settings and of the command line."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_type_hints

import typer

from counterfoil.cli.commands import app
from counterfoil.settings import Settings, declaration, variable
from reference.markdown import code, table
from reference.members import plain

KIND_WORDS = {int: "whole number", str: "text", bool: "flag", Path: "path"}


def settings_page() -> Iterator[str]:
    """The parts of the page of settings."""
    yield (
        "Each setting is an option of [`counterfoil serve`](command-line.md#counterfoil-serve) and "
        "an environment variable; the option wins. A flag is set in the environment by `1` or "
        "`true`."
    )
    kinds = get_type_hints(Settings)
    yield table(
        ["Option", "Environment variable", "Type", "Default", "Meaning"],
        [
            [
                f"`--{field.name.replace('_', '-')}`",
                f"`{variable(field.name)}`",
                KIND_WORDS[plain(kinds[field.name])],
                _default_of(field.name),
                field.metadata["meaning"],
            ]
            for field in fields(Settings)
        ],
    )


def command_line_page() -> Iterator[str]:
    """The parts of the page of the command line."""
    yield (
        "`counterfoil COMMAND --help` shows the same. Exit codes: 0 for success, 1 when `call` "
        "prints an error answer, 2 for something that you can mend, said in one line on standard "
        "error."
    )
    for name, command in _commands(typer.main.get_command(app)):
        yield f"## counterfoil {name}"
        yield from _paragraphs(command.help)
        if arguments := [p for p in command.params if p.param_type_name == "argument"]:
            rows = [[code(p.metavar or p.name.upper()), p.help or ""] for p in arguments]
            yield table(["Argument", "Meaning"], rows)
        yield table(
            ["Option", "Environment variable", "Default", "Meaning"],
            [
                [_spellings(p), f"`{p.envvar}`" if p.envvar else "", _option_default(p), p.help]
                for p in command.params
                if p.param_type_name == "option"
            ],
        )


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its words, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def _spellings(option: Any) -> str:
    return ", ".join(f"`{spelling}`" for spelling in [*option.opts, *option.secondary_opts])


def _default_of(setting: str) -> str:
    """A default that depends on the machine is told by the docstring of what works it out."""
    declared = declaration(setting)
    if declared.default_factory is not MISSING:
        return (declared.default_factory.__doc__ or "").rstrip(".")
    return _shown(declared.default)


def _option_default(option: Any) -> str:
    settings = {variable(field.name): field.name for field in fields(Settings)}
    setting = settings.get(option.envvar)
    return _default_of(setting) if setting else _shown(option.default)


def _shown(value: object) -> str:
    if value is None or value == "":
        return ""
    return ("on" if value else "off") if isinstance(value, bool) else f"`{value}`"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        # The command line's own mark for lines that are to stay as they are.
        if paragraph.startswith("\b\n"):
            yield f"```text\n{paragraph[2:].rstrip()}\n```"
            continue
        line = " ".join(paragraph.split())
        label, mark, command = line.partition("Example: ")
        yield f"Example: `{command}`" if mark and not label else line
