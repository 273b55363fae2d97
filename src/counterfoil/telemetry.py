"""Logs and metrics. A log line is one JSON object on standard error and never holds a secret."""

import contextlib
import io
import logging
import os
import sys
from typing import TextIO, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from counterfoil.domain.errors import Unusable

# The variable that names the folder where processes keep their metrics for each other; the library
# looks for it when it is imported.
SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"

_LEVELS = ("debug", "info", "warning")
_STEPS = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
_LAST_STEP = structlog.processors.JSONRenderer(ensure_ascii=False)


def configure_logs(level: str) -> None:
    """Sends log lines of `level` and above to standard error, and with them what libraries warn of.

    Raises:
        Unusable: there is no such level.
    """
    if level not in _LEVELS:
        raise Unusable(f"--log-level '{level}': choose one of {', '.join(_LEVELS)}")
    structlog.configure(
        processors=[*_STEPS, _LAST_STEP],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _StandardError())),
        cache_logger_on_first_use=True,
    )
    lines = logging.StreamHandler(_StandardError())
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_STEPS, processor=_LAST_STEP)
    )
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)
    # They warn of what strangers send, theirs to repeat without end, and of lost connections to the
    # database, which we report ourselves.
    for library in ("uvicorn", "asyncpg"):
        logging.getLogger(library).setLevel(logging.ERROR)


def log_as_a_library() -> None:
    """Hands log lines to the program's own `logging`, unless it has set structlog up itself."""
    if not structlog.is_configured():
        structlog.configure(
            processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
            wrapper_class=structlog.stdlib.BoundLogger,
            logger_factory=structlog.stdlib.LoggerFactory(),
        )


class _StandardError(io.TextIOBase):
    """Standard error, unbuffered; that nobody reads it any more is no reason for us to fail."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            os.write(sys.stderr.fileno(), text.encode())
        return len(text)


class Requests:
    """What the server has answered, by action and error code; `/metrics` shows it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "counterfoil_requests",
            "Answers by action and error code.",
            ["action", "code"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "counterfoil_request_seconds",
            "Time from request to answer.",
            ["action"],
            registry=self._registry,
        )

    def observe(self, action: str, code: str, seconds: float) -> None:
        """Counts one answer; `code` is empty for a success."""
        self._answers.labels(action, code).inc()
        self._seconds.labels(action).observe(seconds)

    def exposition(self) -> bytes:
        """The metrics in Prometheus' text format, of all processes of this server."""
        if SHARED_METRICS not in os.environ:
            return generate_latest(self._registry)
        everybodys = CollectorRegistry()
        MultiProcessCollector(everybodys)  # type: ignore[no-untyped-call]  # so is the library
        return generate_latest(everybodys)
