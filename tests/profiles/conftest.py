import os

import pytest

from kefu_desk.domain.failure import DeskError
from kefu_desk.profiles.secrets import Backend, safe_backend


@pytest.fixture
def real_backend() -> Backend:
    """The keyring of the system; its absence is a fault when KEFU_REQUIRE_KEYRING=1."""
    try:
        return safe_backend()
    except DeskError as error:
        if os.environ.get("KEFU_REQUIRE_KEYRING") == "1":
            pytest.fail(f"KEFU_REQUIRE_KEYRING=1, and there is no keyring: {error.failure.detail}")
        pytest.skip("no keyring; packaging/with-keyring.sh brings one")
