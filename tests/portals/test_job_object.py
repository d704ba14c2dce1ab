"""What the system's job object holds ends with the program, however it ends; on Windows alone."""

import subprocess
import sys

import psutil
import pytest

from app.portals.job_object import NoJob, new_job
from tests.support.waiting import wait_until

HOLDS = """
import subprocess, sys, time
from app.portals.job_object import new_job
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
job = new_job()
job.hold([child.pid])
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has job objects")
def test_where_there_is_none_nothing_is_held_and_nothing_is_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        job = new_job()
        assert isinstance(job, NoJob)
        job.hold([child.pid])
        job.let_go()
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()


@pytest.mark.skipif(sys.platform != "win32", reason="job objects are Windows' own")
def test_what_a_killed_program_held_ends_with_it() -> None:
    program = subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE)
    assert program.stdout is not None
    held = psutil.Process(int(program.stdout.readline()))
    assert held.is_running()
    program.kill()
    program.wait()
    wait_until(lambda: not held.is_running(), "what was held has ended", 10)
    program.stdout.close()
