"""What every test can count on."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from tests.serving import Running, running

# Time is never what a test asserts: a busy machine must not fail one.
settings.register_profile("counterfoil", deadline=None)
settings.load_profile("counterfoil")


@pytest.fixture(scope="session")
def sample_server() -> Iterator[Running]:
    """A server on the sample, without rate limits, shared by all tests of a process: read only."""
    with running("--sample", "--no-rate-limit") as server:
        yield server
