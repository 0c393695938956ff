"""What tests need to be strangers: an isolite that is installed somewhere, and its variables gone."""

import os
import pathlib
import re
import subprocess

VARIABLES = {name: value for name, value in os.environ.items()
             if name not in ("DESTDIR", "CXXFLAGS") and not name.startswith(("ISOLITE_", "MESON_"))}


def run(*command, **variables):
    """Returns what a command says, which has to succeed."""
    done = subprocess.run([str(word) for word in command], env={**VARIABLES, **variables},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def install(meson, build, root):
    """Installs a build directory below a root. Returns the directory of its libraries."""
    run(meson, "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root)
    return next(pathlib.Path(root).rglob("isolite.pc")).parents[1]


def prefix_of(root):
    return next(pathlib.Path(root).rglob("include/isolite")).parents[1]


def relocate(libraries, root):
    """Lets pkg-config see the prefix below the root."""
    for file in (libraries / "pkgconfig").glob("*.pc"):
        file.write_text(re.sub("^prefix=", f"prefix={root}", file.read_text(), flags=re.MULTILINE))
