"""Line coverage of kernel and services by their own unit and database tests, for run_tests.py.

usage: coverage.py [--files]   measures and prints; --files: each file's lines that never ran

The build of cmake/Coverage.cmake counts. tools/coverage_floor.txt holds what each tier must reach;
its figures may only rise.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
FLOOR = ROOT / "tools" / "coverage_floor.txt"
TIERS = ("kernel", "service")
BUILD_S_MAX = 15 * 60
RUN_S_MAX = 10 * 60
REPORT_S_MAX = 5 * 60
QUIET = {"cwd": ROOT, "check": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def build():
    subprocess.run(["cmake", "--preset", "release"], **QUIET)
    command = ["cmake", "--build", str(BUILD), "--target", "counted_tests", "--",
               f"-j{os.cpu_count()}", "-k", "0"]
    if subprocess.run(command, timeout=BUILD_S_MAX, **QUIET).returncode:
        raise OSError("the counted tests cannot be built")


def forget():
    for old in BUILD.rglob("*.gcda"):
        old.unlink()


def programs(databases):
    return [program for program in sorted(BUILD.glob("counted_test_*"))
            if program.name.endswith("_db") == databases]


def run_programs(databases):
    for program in programs(databases):
        prefix = ["script/with_postgres"] if databases else []
        subprocess.run([*prefix, str(program)], timeout=RUN_S_MAX, **QUIET)


def report(scratch):
    """{"src/kernel/...": [set of lines that ran, set of lines that never ran]}"""
    out = pathlib.Path(scratch) / "coverage.json"
    subprocess.run(["gcovr", "-r", str(ROOT), "--object-directory", str(BUILD), "-j",
                    str(os.cpu_count()), "-f", "src/kernel/", "-f", "src/service/", "-e",
                    r".*(test|bench|fuzz).*", "--json", str(out), str(BUILD / "src")],
                   timeout=REPORT_S_MAX, **QUIET)
    files = {}
    for file in json.loads(out.read_text(encoding="utf-8"))["files"]:
        lines = [line for line in file["lines"] if not line["gcovr/noncode"]]
        ran = {line["line_number"] for line in lines if line["count"]}
        never = {line["line_number"] for line in lines} - ran
        files[file["file"]] = (ran, never)
    return files


def percentages(files):
    out = {}
    for tier in TIERS:
        mine = [pair for name, pair in files.items() if name.startswith(f"src/{tier}/")]
        ran = sum(len(pair[0]) for pair in mine)
        out[tier] = 100 * ran / (ran + sum(len(pair[1]) for pair in mine))
    return out


def measure(scratch):
    build()
    forget()
    run_programs(databases=False)
    run_programs(databases=True)
    return report(scratch)


def complete(scratch):
    """As measure, when the counted database tests have just run."""
    run_programs(databases=False)
    return report(scratch)


def floors():
    lines = (line.split() for line in FLOOR.read_text(encoding="utf-8").splitlines())
    return {tier: float(percent) for tier, percent in lines}


def print_files(files):
    for name, (ran, never) in sorted(files.items(), key=lambda item: -len(item[1][1])):
        lines = " ".join(str(number) for number in sorted(never))
        print(f"{len(never):4} of {len(ran) + len(never):4} {name}: {lines}")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        files = measure(scratch)
    if "--files" in sys.argv:
        print_files(files)
    for tier, percent in percentages(files).items():
        print(f"{tier}: {percent:.1f} % of lines")


if __name__ == "__main__":
    main()
