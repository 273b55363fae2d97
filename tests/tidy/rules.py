"""The house's rules for Python as functions: where a module is and its tree → what breaks them.

`place` is the module's path below `src/counterfoil`, as in 'store/database.py'.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator

Rule = Callable[[str, ast.Module], Iterator[str]]

FUNCTION_LINES_MAX = 60

CLOCK = "clock.py"
CLOCK_READS = frozenset(
    {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
    | {"now", "utcnow", "today", "localtime", "gmtime", "ctime", "process_time"}
)

ONLY_IN = {
    "asyncpg": "store",
    "sqlalchemy": "store",
    "alembic": "store",
    "starlette": "http",
    "uvicorn": "http",
    "httptools": "http",
}

# The rooms in which amounts are numbers: no float may come near them.
MONEY_ROOMS = ("domain", "ledger", "actions")

_SQL = re.compile(
    r"\s*(select\s|insert\s+into\s|update\s+\w+\s+(as\s+\w+\s+)?set\s|delete\s+from\s|with\s+\w+\s+"
    r"(\(.*?\)\s+)?as\s+\(|create\s+(unique\s+)?(table|index|role|database)\s|alter\s+table\s"
    r"|copy\s+\w+\s+(from|to)\s)",
    re.IGNORECASE,
)


def long_functions(_: str, tree: ast.Module) -> Iterator[str]:
    """A function has at most 60 lines, from `def` to its end."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.lineno}: {node.name} has {lines} lines"


def clock_reads(place: str, tree: ast.Module) -> Iterator[str]:
    """Nobody but the clock reads the time."""
    if place == CLOCK:
        return
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCK_READS
        ):
            yield f"{node.lineno}: {ast.unparse(node.func)} reads the time"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            for name in node.names:
                if name.name in CLOCK_READS:
                    yield f"{node.lineno}: imports time.{name.name}"


def imports_out_of_place(place: str, tree: ast.Module) -> Iterator[str]:
    """Only `store` knows the driver, only `http` the web framework, inside functions too; the
    domain knows the standard library alone."""
    room = place.partition("/")[0]
    for line, module in _imports(tree):
        package = module.partition(".")[0]
        if ONLY_IN.get(package, room) != room:
            yield f"{line}: imports {package}, which only {ONLY_IN[package]} may"
        if room == "domain":
            is_own = module.startswith("counterfoil.domain")
            if not is_own and package not in sys.stdlib_module_names:
                yield f"{line}: the domain imports {module}"


def sql_outside_store(place: str, tree: ast.Module) -> Iterator[str]:
    """No SQL but in `store`."""
    if not place.startswith("store/"):
        for line, text in texts(tree):
            if _SQL.match(text):
                yield f"{line}: SQL outside of store: {text.strip()[:40]}"


def floats_near_money(place: str, tree: ast.Module) -> Iterator[str]:
    """No float where amounts are. `float` may say there what type the wire shows, and a duration
    (`…_s`) may have one."""
    if place.partition("/")[0] not in MONEY_ROOMS:
        return
    durations = {id(inner) for node in _durations(tree) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            if id(node) not in durations:
                yield f"{node.lineno}: the float {node.value}"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield f"{node.lineno}: / makes a float"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
            yield f"{node.lineno}: float(…)"


def _durations(tree: ast.Module) -> Iterator[ast.expr]:
    """What names that end in `_s` are given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            named, given = ast.unparse(node.targets[0]), node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            named, given = ast.unparse(node.target), node.value
        elif isinstance(node, ast.keyword):
            named, given = node.arg or "", node.value
        else:
            continue
        if named.lower().endswith("_s"):
            yield given


def unsorted_exports(_: str, tree: ast.Module) -> Iterator[str]:
    """Names in `__all__` are sorted."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names = ast.literal_eval(node.value)
            if list(names) != sorted(names):
                yield f"{node.lineno}: __all__ is not sorted"


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string in the code with its line; docstrings are none."""
    standing_alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in standing_alone
        ):
            yield node.lineno, node.value


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        if isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


RULES: tuple[Rule, ...] = (
    long_functions,
    clock_reads,
    imports_out_of_place,
    sql_outside_store,
    floats_near_money,
    unsorted_exports,
)
