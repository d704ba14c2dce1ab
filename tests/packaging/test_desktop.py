"""What the tests may see of the environment outside, and what is remembered of their output."""

import os
import sys
from pathlib import Path

import desktop
import pytest

OUTSIDE = {
    "PATH": "/bin",
    "CI": "true",
    "SSL_CERT_FILE": "x",
    "HTTPS_PROXY": "x",
    "QT_SCALE_FACTOR": "2",
    "PYTHONPATH": "x",
    "LC_ALL": "fr_CA.UTF-8",
    "HOME": "/home/somebody",
    "SystemRoot": "C:/Windows",
    "OPENBLAS_CORETYPE": "Haswell",
}


def test_certificates_proxies_and_settings_of_qt_and_python_stay_outside() -> None:
    kept = {"PATH": "/bin", "CI": "true", "OPENBLAS_CORETYPE": "Haswell"}
    own = {"LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    assert desktop.clean_environment(OUTSIDE, system="linux") == kept | own
    needed = {"HOME": "/home/somebody", "SystemRoot": "C:/Windows"}
    assert desktop.clean_environment(OUTSIDE, system="win32") == kept | needed | own


def test_the_home_is_under_the_folder_and_its_runtime_folder_is_private(tmp_path: Path) -> None:
    env = desktop.home_environment(tmp_path)
    assert all(Path(value).is_relative_to(tmp_path) and Path(value).is_dir() for value in env.values())
    if sys.platform != "win32":
        assert Path(env["XDG_RUNTIME_DIR"]).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("x\n\x1b[32m===== \x1b[1m3 passed\x1b[0m in 0.10s =====\x1b[0m\n", "===== 3 passed in 0.10s ====="),
        ("== 1 failed, 2 passed in 61.0s (0:01:01) ==", "===== 1 failed, 2 passed in 61.0s (0:01:01) ====="),
        ("===== no tests ran in 0.01s =====", "===== no tests ran in 0.01s ====="),
        ("===== 2 errors in 0.5s =====", "===== 2 errors in 0.5s ====="),
        ("Aborted (core dumped)", ""),
        ("===== short test summary info =====", ""),
    ],
)  # fmt: skip
def test_pytests_closing_line_is_found(output: str, line: str) -> None:
    assert desktop.closing_line(output) == line


def test_the_exit_code_and_the_closing_line_come_back_and_all_is_shown(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    script = "print('a test'); print('===== 1 passed in 0.01s ====='); raise SystemExit(3)"
    code, closing = desktop.run_and_remember([sys.executable, "-c", script], tmp_path, os.environ)
    assert (code, closing) == (3, "===== 1 passed in 0.01s =====")
    assert b"a test" in capfdbinary.readouterr().out
