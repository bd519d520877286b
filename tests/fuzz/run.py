#!/usr/bin/env python3
"""Builds the fuzzers and runs each target for a while, one per core at a time.

usage: tests/fuzz/run.py [--seconds N] [--within N] [--seed S] [--keep DIR] [TARGET...]

--seconds is for each target (default 20), less where --within would not hold for all, build and
targets together, but one second at least. --seed (default: of the clock) is printed and repeats a
run's beginning. An input that fails is kept in DIR (default build-fuzz/failed).
ANNOTATEAI_FUZZ_BUILD names another build folder than build-fuzz/. The last line is
`N passed, N failed, N skipped`.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("ANNOTATEAI_FUZZ_BUILD", ROOT / "build-fuzz"))
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
PROGRAM = BUILD / "fuzz_targets"
SHARED_CORPUS = {"image_decode": "image", "image_probe": "image"}


def build():
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "fuzz", "-B", str(BUILD)], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = subprocess.run(["cmake", "--build", str(BUILD), "--target", "fuzz_targets"], cwd=ROOT,
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-40:]))
        sys.exit("the fuzzers cannot be built")


def run(target, options):
    command = [str(PROGRAM), target, "--seconds", str(options.seconds), "--seed",
               str(options.seed), "--keep", str(options.keep),
               str(CORPUS / SHARED_CORPUS.get(target, target))]
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace",
                          timeout=options.seconds + 300)
    return target, done.returncode, done.stdout


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--within", type=float)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", type=pathlib.Path, default=BUILD / "failed")
    parser.add_argument("targets", nargs="*")
    return parser.parse_args()


def main():
    options = read_options()
    started = time.monotonic()
    build()
    options.keep.mkdir(parents=True, exist_ok=True)
    known = subprocess.run([str(PROGRAM), "--list"], check=True, stdout=subprocess.PIPE,
                           text=True).stdout.split()
    wanted = options.targets or known
    if options.within is not None:
        left = options.within - (time.monotonic() - started)
        options.seconds = max(1, min(options.seconds, left * os.cpu_count() // len(wanted)))
    print(f"seed {options.seed}, {options.seconds:g} s each", flush=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(run, target, options) for target in wanted]
        for one in concurrent.futures.as_completed(running):
            target, code, text = one.result()
            lines = text.splitlines()
            print("\n".join(lines[-1:] if code == 0 else [f"{target} FAILED", *lines[-60:]]),
                  flush=True)
            failed += code != 0
    print(f"{len(wanted) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
