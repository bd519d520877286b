#!/usr/bin/env python3
"""clang-format's and clang-tidy's findings in C++ files; called by script/lint, which tells the
usage. `lint.py format` is the part that script/test runs: no tracked file may differ from
.clang-format but those of tools/unformatted.txt, a list that may only shrink.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
UNFORMATTED = ROOT / "tools" / "unformatted.txt"
# g++'s precompiled headers and warnings mean nothing to clang.
GCC_ONLY = {"-fpch-preprocess", "-Winvalid-pch", "-Wno-maybe-uninitialized", "-Wno-restrict",
            "-Wno-stringop-overread"}
# libstdc++ asks for it before it declares coroutines; clang 14 has them without saying so.
CLANG_ONLY = ["-D__cpp_impl_coroutine=201902L"]
FINDING = re.compile(r"^(\S+?):(\d+):\d+: (?:warning|error): .*\[[\w.,-]+\]$")


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def cpp_files(names):
    return sorted(name for name in set(names)
                  if name.endswith((".cpp", ".hpp")) and (ROOT / name).is_file())


def tracked_files():
    return cpp_files(git("ls-files", "-co", "--exclude-standard"))


def changed_files():
    base = git("merge-base", "HEAD", "main")[0]
    return cpp_files(git("diff", "--name-only", base) +
                     git("ls-files", "-o", "--exclude-standard"))


def badly_formatted(names):
    """Those of `names` that clang-format would change."""
    if not shutil.which("clang-format"):
        sys.exit("lint: clang-format is missing; install Debian's package clang-format")
    done = subprocess.run(["clang-format", "--dry-run", "-ferror-limit=1", *names], cwd=ROOT,
                          check=True, capture_output=True, text=True)
    found = re.findall(r"^(\S+?):\d+:\d+: warning: .*\[-Wclang-format-violations\]$", done.stderr,
                       re.M)
    return sorted(set(found))


def read_unformatted():
    if not UNFORMATTED.exists():
        return set()
    return set(UNFORMATTED.read_text(encoding="utf-8").split())


def check_format(names):
    allowed = read_unformatted()
    found = badly_formatted(names)
    new = [name for name in found if name not in allowed]
    gone = sorted((allowed & set(names)) - set(found))
    gone += sorted(name for name in allowed if not (ROOT / name).is_file())
    for name in new:
        print(f"lint: clang-format -i {name}")
    for name in gone:
        print(f"lint: take out of tools/unformatted.txt, it is clean now: {name}")
    print(f"lint: {len(found)} files differ from .clang-format, {len(new)} new")
    return bool(new or gone)


def clang_command(entry):
    words = []
    rest = iter(shlex.split(entry["command"]))
    for word in rest:
        if word == "-include":
            next(rest)
        elif word not in GCC_ONLY:
            words.append(word)
    return {**entry, "command": shlex.join(words + CLANG_ONLY)}


def compile_commands(folder):
    """Writes clang's flags of each file into folder; answers the files that there are."""
    subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    headers = subprocess.run(["ninja", "-C", str(BUILD), "-t", "targets", "all"], check=True,
                             capture_output=True, text=True).stdout
    generated = re.findall(r"^(\S+_sql): phony$", headers, re.M)
    subprocess.run(["ninja", "-C", str(BUILD), *generated], check=True, stdout=subprocess.DEVNULL)
    entries = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    text = json.dumps([clang_command(entry) for entry in entries])
    (folder / "compile_commands.json").write_text(text, encoding="utf-8")
    return {entry["file"] for entry in entries}


def tidy_one(folder, name):
    done = subprocess.run(["clang-tidy", "--quiet", "-p", str(folder), name], cwd=ROOT, check=False,
                          capture_output=True, text=True)
    return [line for line in done.stdout.splitlines()
            if FINDING.match(line) and line.startswith(f"{ROOT}/")]


def check_tidy(names):
    """A header is looked at with the sources that include it, so sources are what is run."""
    if not shutil.which("clang-tidy"):
        sys.exit("lint: clang-tidy is missing; install Debian's package clang-tidy")
    with tempfile.TemporaryDirectory(prefix="annotateai-lint-") as folder:
        known = compile_commands(pathlib.Path(folder))
        sources = [name for name in names if str(ROOT / name) in known]
        found = set()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for number, lines in enumerate(
                    pool.map(lambda name: tidy_one(folder, name), sources), 1):
                for line in sorted(set(lines) - found):
                    print(line.replace(f"{ROOT}/", ""), flush=True)
                found.update(lines)
                if sys.stderr.isatty():
                    print(f"\r{number}/{len(sources)}", end="\r", file=sys.stderr)
    print(f"lint: {len(found)} findings of clang-tidy in {len(sources)} sources")
    return bool(found)


def main():
    parser = argparse.ArgumentParser(prog="script/lint")
    parser.add_argument("--all", action="store_true", help="every tracked C++ file")
    parser.add_argument("--write", action="store_true",
                        help="rewrites the list of unformatted files, after a clean-up")
    parser.add_argument("files", nargs="*", help="`format`, or C++ files; default: what changed")
    options = parser.parse_args()
    if options.write:
        names = badly_formatted(tracked_files())
        UNFORMATTED.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        return 0
    if options.files == ["format"]:
        return int(check_format(tracked_files()))
    names = options.files or (tracked_files() if options.all else changed_files())
    bad_format = check_format(names) if names else False
    return int(check_tidy(names) or bad_format)


if __name__ == "__main__":
    sys.exit(main())
