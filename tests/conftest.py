"""Every test's surroundings: a home of its own, nothing left behind, and on Linux a tray that can be seen."""

import os
import sys

import hypothesis
import pytest

pytest_plugins = [
    "tests.support.drawn",
    "tests.support.home",
    "tests.support.keyring_service",
    "tests.support.leaks",
    "tests.support.tray_host",
]

# Qt ends the whole process when it finds no display. Without one most tests of the window run all the same;
# those that need the real thing say so.
BARE = sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def pytest_configure(config: pytest.Config) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ.pop(name, None)
    # How long an example takes says more of the machine than of the program. With CI set, the examples are fixed.
    hypothesis.settings.register_profile(
        "house",
        hypothesis.settings.get_profile("ci" if os.environ.get("CI") else "default"),
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("house")
    if BARE:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_report_header(config: pytest.Config) -> str:
    if BARE:
        return "no display: tests of tray, keyring and real clicks will fail; use `python3 packaging/run.py test PATHS`"
    return f"display {os.environ.get('DISPLAY', 'of the system')}"
