#!/usr/bin/env python3
"""House rules with a ratchet: today's offenders stand in tools/tidy_allowed.txt, which may only
shrink.

  line      a line over 100 columns
  file      a source over 500 lines, a test over 600
  function  a C++ function over 70 lines
  marker    words of unfinished work
  banned    a call that has a better one here

usage: tidy.py [--write]   --write rewrites the list of offenders (to shrink it after a clean-up)
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALLOWED = ROOT / "tools" / "tidy_allowed.txt"
CODE = (".cpp", ".hpp", ".ts", ".tsx", ".py", ".mjs")
MARKER = re.compile(r"\b(FIX" r"ME|TO" r"DO|X" r"XX|HA" r"CK)\b")
BANNED = {
    r"\bstd::stringstream\b.*\bjson\b": "json::write",
    r"\bstd::system\(|\bpopen\(": "no shell is ever started",
    r"\bstrcpy\(|\bsprintf\(": "std::string, fmt::format",
    r"\bsrand\(|\brand\(\)": "a seeded <random> engine, or random_bytes()",
}
OPENING = re.compile(r"^[A-Za-z_~].*[)a-z>]\s*(const\s*)?(noexcept\s*)?(->.*)?\{$")


def tracked():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                         capture_output=True, text=True).stdout
    for name in out.splitlines():
        path = ROOT / name
        if path.suffix in CODE and path.is_file() and "generated" not in name:
            yield name, path.read_text(encoding="utf-8", errors="replace").splitlines()


def long_functions(name, lines):
    """Functions at the left margin: from a line that opens a brace to the line `}`."""
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and (OPENING.match(line) or (line.startswith("    ") and
                              line.rstrip().endswith(") {") and number > 1 and
                              re.match(r"^[A-Za-z_].*\($|^[A-Za-z_].*,$", lines[number - 2]))):
            start = number
        elif start is not None and line.startswith("}"):
            if number - start > 70 and not lines[start - 1].startswith("namespace"):
                yield f"function {name} {lines[start - 1].strip()[:60]}"
            start = None
        elif start is not None and lines[start - 1].startswith(("namespace", "struct", "class",
                                                                "enum", "extern")):
            start = None


# Sentences that people read stay whole.
CATALOGUES = ("web/src/i18n/en/", "web/src/i18n/de/")


def offences():
    for name, lines in tracked():
        test = "test" in pathlib.Path(name).stem or name.startswith("tests/")
        if len(lines) > (600 if test else 500):
            yield f"file {name}"
        for number, line in enumerate(lines, 1):
            if len(line) > 100 and "http" not in line and not name.startswith(CATALOGUES):
                yield f"line {name}"
                break
        for number, line in enumerate(lines, 1):
            if name != "tools/tidy.py" and MARKER.search(line):
                yield f"marker {name}:{number}"
            if name.endswith((".cpp", ".hpp")):
                for pattern, better in BANNED.items():
                    if re.search(pattern, line) and not line.lstrip().startswith("//"):
                        yield f"banned {name}:{number} (use {better})"
        if name.endswith(".cpp"):
            yield from long_functions(name, lines)


def main():
    found = sorted(set(offences()))
    if "--write" in sys.argv:
        ALLOWED.write_text("".join(f"{line}\n" for line in found), encoding="utf-8")
        return 0
    allowed = set(ALLOWED.read_text(encoding="utf-8").splitlines()) if ALLOWED.exists() else set()
    new = [line for line in found if line not in allowed]
    gone = sorted(allowed - set(found))
    for line in new:
        print(f"tidy: {line}")
    for line in gone:
        print(f"tidy: take out of tools/tidy_allowed.txt, it is clean now: {line}")
    print(f"tidy: {len(found)} offenders, {len(new)} new")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
