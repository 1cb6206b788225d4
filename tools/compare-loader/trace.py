"""Asks the real dynamic loaders of some roots what they would load.

Standard input holds one JSON object in each line:
  {"root": FOLDER, "mounts": [[SOURCE, AT], ...], "proc": BOOL, "jobs": [{"argv": [...], "env": {...}, "cwd": PATH}, ...]}
For each line one JSON array comes out, in the same order, with [EXIT STATUS, STDOUT, STDERR] of each job, run inside the
root (chroot). AT is a path in the root; folders are bound there and /proc is bound when "proc" is true, all in a mount
namespace of this process, so that nothing stays behind. Text is a byte string with Python's surrogateescape.
A negative status is a signal; null means that the job could not be started, STDERR then holds the reason.

Needs root and Linux. Only the loaders run, as long as the jobs ask for traces.
"""
import ctypes
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
CLONE_NEWNS = 0x20000
TIMEOUT = 60
LIBC = ctypes.CDLL(None, use_errno=True)


def checked(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def bind(source, target):
    checked(LIBC.mount(os.fsencode(source), os.fsencode(target), None, MS_BIND | MS_REC, None), f"mount {target}")


def run(job, nothing):
    env = {os.fsencode(name): os.fsencode(value) for name, value in job.get("env", {}).items()}
    argv = [os.fsencode(word) for word in job["argv"]]
    try:
        done = subprocess.run(
            argv, env=env, cwd=os.fsencode(job.get("cwd", "/")), stdin=nothing,
            capture_output=True, timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [None, "", f"{type(error).__name__}: {error}"]
    return [done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr)]


def answer(work, workers):
    """Runs one line of work in a child that has changed its root, and gives its answer back as text."""
    for source, at in work.get("mounts", []):
        bind(source, work["root"] + at)
    if work.get("proc"):
        bind("/proc", work["root"] + "/proc")
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(ours)
            nothing = os.open("/dev/null", os.O_RDONLY)
            os.chroot(os.fsencode(work["root"]))
            os.chdir("/")
            if workers == 1:
                results = [run(job, nothing) for job in work["jobs"]]
            else:
                with ThreadPoolExecutor(workers) as pool:
                    results = list(pool.map(lambda job: run(job, nothing), work["jobs"]))
            with os.fdopen(theirs, "w") as out:
                out.write(json.dumps(results))
            status = 0
        finally:
            os._exit(status)
    os.close(theirs)
    with os.fdopen(ours) as results:
        text = results.read()
    os.waitpid(child, 0)
    if work.get("proc"):
        LIBC.umount2(os.fsencode(work["root"] + "/proc"), 2)
    for _, at in reversed(work.get("mounts", [])):
        LIBC.umount2(os.fsencode(work["root"] + at), 2)
    if not text:
        raise RuntimeError(f"no answer for {work['root']}")
    return text


def main():
    global TIMEOUT
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    TIMEOUT = float(sys.argv[2]) if len(sys.argv) > 2 else TIMEOUT
    checked(LIBC.unshare(CLONE_NEWNS), "unshare (root is needed)")
    checked(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    for line in sys.stdin:
        print(answer(json.loads(line), workers), flush=True)


if __name__ == "__main__":
    main()
