"""Compiles all public headers, and an example of each framework, as the standards of C++ after the
one that isolite is built as, with gcc and clang where they are, with warnings as errors.

usage: standards_test.py SOURCE_DIRECTORY FRAMEWORK...
"""

import concurrent.futures
import pathlib
import subprocess
import sys

COMPILERS = ("g++", "clang++")
STANDARDS = ("-std=c++20", "-std=c++2b")  # which is C++23 for compilers of before and after it
FRAMEWORKS = ("boost_test", "doctest", "gtest", "catch2")
OPTIONS = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-DBOOST_TEST_DYN_LINK",
           "-Wno-gnu-zero-variadic-macro-arguments"]  # clang calls GoogleTest's macros pedantic


def compile_text(source, compiler, standard, text):
    """Returns what a compiler says to a text, "" if it takes it, None if it cannot be asked."""
    try:
        done = subprocess.run([compiler, standard, *OPTIONS, f"-I{source}/include", "-x", "c++", "-"],
                              input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode != 0 else ""


def texts(source, frameworks):
    """Returns what to compile, by what it is about. Each header is in one of the texts."""
    groups = {"no framework": ""}
    for framework in frameworks:
        groups[framework] = f'#include "{source}/docs/examples/workers/{framework}.cpp"\n'
    for header in sorted((source / "include/isolite").glob("*.hpp")):
        of = next((name for name in FRAMEWORKS if header.stem.startswith(name)), "no framework")
        if of in groups:
            groups[of] += f"#include <isolite/{header.name}>\n"
    return groups


def main():
    source, *frameworks = sys.argv[1:]
    source = pathlib.Path(source)
    asked = [(compiler, standard, about, text) for compiler in COMPILERS for standard in STANDARDS
             for about, text in texts(source, frameworks).items()
             if compile_text(source, compiler, standard, "") == ""]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda each: compile_text(source, each[0], each[1], each[3]), asked)
    mistakes = [f"{compiler} {standard}, {about}:\n{answer}"
                for (compiler, standard, about, _), answer in zip(asked, answers) if answer]
    print("\n".join(mistakes) or f"{len(asked)} compilations")
    return 1 if mistakes or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
