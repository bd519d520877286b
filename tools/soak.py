#!/usr/bin/env python3
"""The long forms of the tests; called by script/soak, which tells the usage."""
import argparse
import os
import pathlib
import shutil
import sys
import tempfile
import time

import run_tests
from run_tests import ROOT, TOTALS

SANITIZERS = {
    "asan": {"ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
             "LSAN_OPTIONS": f"print_suppressions=0:suppressions={ROOT}/tools/lsan.supp",
             "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"},
    "tsan": {"TSAN_OPTIONS": f"halt_on_error=0:exitcode=66:second_deadlock_stack=1:"
                             f"suppressions={ROOT}/tools/tsan.supp"},
}


def part_fuzz(options, scratch):
    run_tests.run_counting("fuzz", ["tests/fuzz/run.py", "--seconds", str(options.fuzz_seconds)],
                           scratch)


def part_kill(options, scratch):
    run_tests.run_counting("kill", ["script/with_postgres", "--fsync", "node", "--test",
                                    "--test-reporter=spec", "tests/security/kill.test.mjs"],
                           scratch,
                           env={**os.environ, "ANNOTATEAI_TEST_KILLS": str(options.kills)})


def part_security(options, scratch):
    os.environ["ANNOTATEAI_TEST_LONG"] = "1"
    run_tests.stage_security(scratch)
    del os.environ["ANNOTATEAI_TEST_LONG"]


def part_live(options, scratch):
    settings = {"ANNOTATEAI_TEST_SEEDS": str(options.seeds),
                "ANNOTATEAI_TEST_KILLS": str(options.live_kills)}
    os.environ.update(settings)
    run_tests.stage_live(scratch)
    for setting in settings:
        del os.environ[setting]


def part_sanitizer(name, scratch):
    build = ROOT / f"build-{name}"
    run_tests.build_tests(build, name)
    # A server that a test kills or forgets still leaves its report in a file.
    reports = scratch / f"{name}-report"
    settings = {key: f"{value}:log_path={reports}" for key, value in SANITIZERS[name].items()}
    os.environ.update(settings)
    for program in run_tests.test_programs(build, databases=False):
        run_tests.run_gtest(program, scratch)
    for program in run_tests.test_programs(build, databases=True):
        run_tests.run_gtest(program, scratch, prefix=run_tests.SERVERS)
    os.environ["ANNOTATEAI_TEST_BINARY"] = str(build / "annotateai")
    run_tests.stage_blackbox(scratch)
    for setting in ("ANNOTATEAI_TEST_BINARY", *settings):
        del os.environ[setting]
    count_reports(name, sorted(scratch.glob(f"{reports.name}.*")))


def count_reports(name, files):
    for file in files:
        run_tests.tail(file)
    TOTALS.add(f"reports of {name}", int(not files), len(files), 0, 0)


PARTS = {"fuzz": part_fuzz, "kill": part_kill, "security": part_security, "live": part_live,
         "asan": lambda options, scratch: part_sanitizer("asan", scratch),
         "tsan": lambda options, scratch: part_sanitizer("tsan", scratch)}


def read_options():
    parser = argparse.ArgumentParser(prog="script/soak")
    parser.add_argument("--fuzz-seconds", type=int, default=300)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--live-kills", type=int, default=200)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}")
    return options


def main():
    options = read_options()
    run_tests.TIMEOUT_S = 4 * 3600
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annotateai-soak-"))
    rows = []
    for name in options.parts or PARTS:
        print(f"== {name}", flush=True)
        before = (TOTALS.passed, TOTALS.failed, TOTALS.skipped)
        started = time.monotonic()
        PARTS[name](options, scratch)
        after = (TOTALS.passed, TOTALS.failed, TOTALS.skipped)
        rows.append((name, *(a - b for a, b in zip(after, before)),
                     (time.monotonic() - started) / 60))
    print(f"| {'part':<6} | passed | failed | skipped | minutes |")
    print("|--------|--------|--------|---------|---------|")
    for name, passed, failed, skipped, minutes in rows:
        print(f"| {name:<6} | {passed:>6} | {failed:>6} | {skipped:>7} | {minutes:>7.1f} |")
    if TOTALS.failures:
        print("failed: " + ", ".join(TOTALS.failures) + f"; logs in {scratch}")
    else:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"{TOTALS.passed} passed, {TOTALS.failed} failed, {TOTALS.skipped} skipped")
    return 1 if TOTALS.failed else 0


if __name__ == "__main__":
    sys.exit(main())
