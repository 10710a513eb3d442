"""Change the mathematics of gdlib one small thing at a time, and see that a test fails each time.

uv run --group mutate python tools/mutants.py              # every change that has not been tried, then the score
uv run --group mutate python tools/mutants.py --again      # what passed all tests once more: the tests have changed
uv run --group mutate python tools/mutants.py --report     # the score of what has been tried
uv run --group mutate python tools/mutants.py --jobs 1     # on one processor

mutmut makes the changes, the mutants, of the modules that pyproject.toml names; what it knows is kept in the folder
mutants/, so that it can be stopped and goes on. A mutant that passes all tests must be explained in
tests/waivers.toml: by its line, under the name of its function. The exit status is 1 if one is not, if an explanation
is not needed, or if some are still to be tried.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

from here import ROOT

COLUMNS = ("killed", "hung", "explained", "survived", "not tried")


def modules() -> list[Path]:
    """Return the paths of the modules that are changed."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [Path(each) for each in settings["tool"]["mutmut"]["only_mutate"]]


def waivers() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return {what may change anywhere, as a pattern: reason} and {(function, its changed line): reason}."""
    table = dict(tomllib.loads((ROOT / "tests" / "waivers.toml").read_text(encoding="utf-8"))["mutants"])
    anywhere = table.pop("anywhere")
    return anywhere, {(name, line): reason for name, lines in table.items() for line, reason in lines.items()}


def function_of(mutant: str) -> str:
    """Return "problem._Quadratic.of" of mutmut's "gdlib.problem.xǁ_Quadraticǁof__mutmut_5"."""
    module, _, name = mutant.removeprefix("gdlib.").rpartition(".")
    name = re.sub(r"__mutmut_\d+$", "", name).removeprefix("x_").removeprefix("xǁ")
    return f"{module}.{name.replace('ǁ', '.')}"


def lines_of(mutant: str, path: Path) -> tuple[str, str]:
    """Return the lines that a mutant takes out and those that it puts there, each joined to one."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # here, so that the tests need no mutmut

    changed = get_diff_for_mutant(mutant, path=path).splitlines()[2:]  # after the names of the files
    return tuple(" ".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")


def explanation(function: str, old: str, new: str) -> str | tuple[str, str] | None:
    """Return the key of the waiver for a mutant that passes all tests, or None."""
    anywhere, lines = waivers()
    for pattern in anywhere:
        if re.sub(pattern, "", old) == re.sub(pattern, "", new):
            return pattern
    return (function, new) if (function, new) in lines else None


def judge(path: Path) -> tuple[Counter, set, list[str]]:
    """Return the counts of a module's mutants, the waivers that they need, and what is to be said of the others."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.stats import status_by_exit_code

    known = SourceFileMutationData(path=path)
    known.load()
    counts, needed, said = Counter(), set(), []
    for mutant, code in known.exit_code_by_key.items():
        outcome = status_by_exit_code[code]
        if outcome in ("killed", "caught by type check"):
            counts["killed"] += 1
        elif outcome == "timeout" or code == -9:  # out of time, and then by force
            counts["hung"] += 1
        elif outcome == "not checked":
            counts["not tried"] += 1
        elif key := explanation(function_of(mutant), *(lines := lines_of(mutant, path))):
            counts["explained"] += 1
            needed.add(key)
        else:
            counts["survived"] += 1
            said.append(f"{mutant}: {outcome}\n  - {lines[0]}\n  + {lines[1]}")
    return counts, needed, said


def report() -> int:
    """Print the score of each module, and what is not explained; return 1 unless all is well."""
    anywhere, lines = waivers()
    total, needed, said = Counter(), set(), []
    print(f"{'':12}{'mutants':>10}" + "".join(f"{name:>11}" for name in COLUMNS))
    for path in modules():
        counts, keys, words = judge(path)
        total, needed, said = total + counts, needed | keys, said + words
        module = ".".join(path.with_suffix("").parts[1:])
        print(f"{module:12}{counts.total():10}" + "".join(f"{counts[name]:11}" for name in COLUMNS))
    print(f"{'together':12}{total.total():10}" + "".join(f"{total[name]:11}" for name in COLUMNS))
    stale = [] if total["not tried"] else [each for each in {**anywhere, **lines} if each not in needed]
    print("\n".join(["", *said, *(f"no mutant needs the waiver {each}" for each in stale)]))
    done = total.total() - total["survived"] - total["not tried"]
    print(f"killed or explained: {done} of {total.total()}, {done / max(1, total.total()):.1%}")
    return int(bool(said or stale or total["not tried"] or not total))


def main(arguments: list[str] | None = None) -> int:
    """Try what is to be tried, and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--again", action="store_true", help="try once more what passed all tests and is not explained")
    parser.add_argument("--report", action="store_true", help="try nothing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at a time (default: %(default)s)")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    names = [each.partition(":")[0] for path in modules() for each in judge(path)[2]] if options.again else []
    if options.again:
        (ROOT / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)  # which test comes by what may have changed
    if not options.report and (names or not options.again):
        subprocess.run(["mutmut", "run", "--max-children", str(options.jobs), *names], check=True)
    return report()


if __name__ == "__main__":
    sys.exit(main())
