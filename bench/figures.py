"""What a scenario finds out: measurements, and figures that a target judges."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Measurement:
    """What was measured, round by round, in `unit`; raw, so it depends on the machine."""

    name: str
    unit: str
    samples: Sequence[float]

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)


@dataclass(frozen=True)
class Figure:
    """A number with a target, one sample a round; `unit` is empty for a ratio to a yardstick.

    It meets the target, a floor or a ceiling, when its median does; without one it is only shown.
    `invalid` says why it may not count at all.
    """

    name: str
    samples: Sequence[float]
    target: float | None
    is_floor: bool
    unit: str = ""
    invalid: str = ""

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)

    @property
    def is_missed(self) -> bool:
        """Whether the target is missed, or the figure does not count towards it."""
        return self.verdict not in ("met", "none")

    @property
    def verdict(self) -> str:
        """`met`, `missed`, `none` where there is no target, or why the figure does not count."""
        if self.invalid:
            return self.invalid
        if self.target is None:
            return "none"
        is_met = self.median >= self.target if self.is_floor else self.median <= self.target
        return "met" if is_met else "missed"


@dataclass(frozen=True)
class Result:
    """All that one run of a scenario found, and how many seconds it took, with all that it
    prepared."""

    scenario: str
    measured_at: str
    figures: Sequence[Figure]
    measurements: Sequence[Measurement]
    seconds: float = 0


def result(
    scenario: str,
    figures: Sequence[Figure],
    measurements: Sequence[Measurement],
) -> Result:
    """The result of a run that ends now."""
    measured_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Result(scenario, measured_at, figures, measurements)


def ratios(measured: Sequence[float], yardstick: Sequence[float]) -> list[float]:
    """Round by round, the measured over its yardstick."""
    return [own / other for own, other in zip(measured, yardstick, strict=True)]
