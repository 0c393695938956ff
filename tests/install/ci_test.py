"""Runs the commands of docs/examples/ci as the services would, in a project of docs/examples/builds
of which one test passes and one leaks, twice: the second time with what the service has cached.

usage: ci_test.py MESON BUILD_DIRECTORY [PROGRAM...] [ARGUMENTS OF UNITTEST]

Of each PROGRAM, the report is checked as well.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

from installed import VARIABLES, install, prefix_of
from junit_readers import complaints

try:
    import yaml
except ImportError:
    print("there is no PyYAML")
    sys.exit(77)

MESON, BUILD = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1)).resolve()
PROGRAMS = [sys.argv.pop(1) for word in sys.argv[1:] if "/" in word]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
RECIPES = SOURCE / "docs/examples/ci"


class Recipe:
    """What a service would do: commands before the tests, with them and after them."""

    def __init__(self, variables, before, script, after, junit):
        self.variables, self.junit = variables, junit
        self.before, self.script, self.after = before, script, after


def of_gitlab(folder):
    job = yaml.safe_load((RECIPES / "gitlab-ci.yml").read_text())["tests"]
    assert job["cache"]["paths"] == [".isolite/"], job
    assert job["artifacts"]["paths"] == ["report.html", "evidence/"], job
    variables = {name: text.replace("$CI_PROJECT_DIR", str(folder))
                 for name, text in job["variables"].items()}
    return Recipe(variables, job["before_script"], job["script"], job["after_script"],
                  job["artifacts"]["reports"]["junit"])


def of_github(folder):
    job = yaml.safe_load((RECIPES / "github.yml").read_text())["jobs"]["tests"]
    given = {step["uses"].split("@")[0]: step.get("with") for step in job["steps"] if "uses" in step}
    assert given["actions/cache"]["path"] == ".isolite", given
    assert given["actions/upload-artifact"]["path"] == "evidence", given
    variables = {name: text.replace("${{ github.workspace }}", str(folder))
                 for name, text in job["env"].items()}
    variables["GITHUB_STEP_SUMMARY"] = str(folder / "report.html")
    runs = [step for step in job["steps"] if "run" in step]
    return Recipe(variables, [], [step["run"] for step in runs if "if" not in step],
                  [step["run"] for step in runs if "if" in step],
                  given["mikepenz/action-junit-report"]["report_paths"])


def of_jenkins(folder):
    text = (RECIPES / "Jenkinsfile").read_text()
    stages, post = text.split("    post {")
    variables = {name: value.replace("${WORKSPACE}", str(folder))
                 for name, value in re.findall(r'(ISOLITE_\w+) = "(.*)"', stages)}
    commands = re.compile(r"\bsh '(.*?)'")
    return Recipe(variables, [], commands.findall(stages), commands.findall(post),
                  re.search(r"testResults: '(.*?)'", post)[1])


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        place = pathlib.Path(temporary.name).resolve()
        install(MESON, BUILD, place / "root")
        prefix = prefix_of(place / "root")
        cls.folder, cls.home = place / "project", place / "home"
        cls.home.mkdir()
        shutil.copytree(SOURCE / "docs/examples/builds/cmake_package", cls.folder)
        shutil.copy(SOURCE / "tests/install/consumers/gtest_suite.cpp", cls.folder / "shop_test.cpp")
        shutil.copy(SOURCE / "tests/install/consumers/shop.hpp", cls.folder)
        kept = {name: value for name, value in VARIABLES.items() if not name.startswith("XDG_")}
        cls.variables = {**kept, "TMPDIR": str(place), "CMAKE_PREFIX_PATH": str(prefix),
                         "HOME": str(cls.home), "PATH": f"{prefix}/bin:{os.environ['PATH']}",
                         "ISOLITE_SUMMARY": "timings"}

    def setUp(self):
        for folder in (".isolite", "records", "evidence"):
            shutil.rmtree(self.folder / folder, ignore_errors=True)
        (self.folder / "report.html").unlink(missing_ok=True)
        shutil.rmtree(self.home / ".cache", ignore_errors=True)

    def shell(self, commands, recipe):
        return subprocess.run(["sh", "-e", "-c", "\n".join(commands)], cwd=self.folder, text=True,
                              env={**self.variables, **recipe.variables}, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def job(self, recipe):
        """Runs a job, and looks at what the service keeps of it. Returns its log."""
        for report in self.folder.glob(recipe.junit):
            report.unlink()
        done = self.shell([*recipe.before, *recipe.script], recipe)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertLess(float(recipe.variables["ISOLITE_TIMEOUT"]), 1500)  # of CTest, for all cases
        report, = self.folder.glob(recipe.junit)
        self.assertIn(b'tests="2" failures="1" errors="0"', report.read_bytes(), done.stdout)
        self.assertEqual(complaints(report.read_bytes()), [])
        evidence, = self.folder.rglob("evidence/**/*.db")
        self.assertIn(str(evidence), report.read_text())
        after = self.shell(recipe.after, recipe)
        self.assertEqual(after.returncode, 0, after.stdout)
        self.assertIn("shop_test", (self.folder / "report.html").read_text())
        return done.stdout

    def check_two_jobs(self, recipe, pass_on):
        """Runs a job, lets the service save and restore what it caches, and runs the next."""
        log = self.job(recipe)
        self.assertIn("image built (shop)", log)
        pass_on()
        log = self.job(recipe)
        self.assertIn("image mapped (shop)", log)
        self.assertNotIn("image built", log)
        self.assertNotIn("isolite: cannot", log)

    def test_gitlab_unpacks_the_cache_for_everybody(self):
        def pass_on():
            archive = self.folder.parent / "cache.zip"
            with zipfile.ZipFile(archive, "w") as cache:
                for path in (self.folder / ".isolite").rglob("*"):
                    cache.write(path, path.relative_to(self.folder))
            shutil.rmtree(self.folder / ".isolite")
            mask = os.umask(0)
            with zipfile.ZipFile(archive) as cache:
                cache.extractall(self.folder)
            os.umask(mask)
        self.check_two_jobs(of_gitlab(self.folder), pass_on)

    def test_github_keeps_the_cache_in_an_archive(self):
        def pass_on():
            archive = self.folder.parent / "cache.tar"
            subprocess.run(["tar", "--posix", "-cf", archive, "-C", self.folder, ".isolite"], check=True)
            shutil.rmtree(self.folder / ".isolite")
            subprocess.run(["tar", "-xf", archive, "-C", self.folder], check=True)
        self.check_two_jobs(of_github(self.folder), pass_on)

    def test_jenkins_finds_the_cache_where_the_build_before_left_it(self):
        self.check_two_jobs(of_jenkins(self.folder), lambda: None)


class Reports(unittest.TestCase):
    def test_readers_of_the_services_take_whole_reports(self):
        for program in PROGRAMS:
            with self.subTest(program), tempfile.TemporaryDirectory() as place:
                report = pathlib.Path(place) / "report.xml"
                subprocess.run([program, "--workers=2", f"--junit={report}"], check=True,
                               env={**VARIABLES, "ISOLITE_CACHE": f"{place}/cache"},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                self.assertEqual(complaints(report.read_bytes()), [])

    def test_what_a_reader_would_refuse_is_seen(self):
        suite = ('<testsuites><testsuite name="s" tests="2" failures="0" errors="0" skipped="0">'
                 '<testcase name="a" classname="s" time="1"/>'
                 '<testcase name="b" classname="s" time="1"/></testsuite></testsuites>')
        self.assertEqual(complaints(suite), [])
        for old, new, complaint in (
                ("</testsuites>", "", "it is no XML"),
                ('name="b"', 'name="a"', "GitLab shows one of two cases"),
                ('tests="2"', 'tests="3"', "says tests=3, and has 2"),
                (' time="1"', "", "lacks its class"),
                ('time="1"/>', 'time="1"><system-out/><skipped message="m">m</skipped></testcase>',
                 "has ['system-out', 'skipped']"),
                ('time="1"/>', 'time="1"><skipped message="m"/></testcase>', "does not say both ways"),
                ('name="b"', f'name="{"b" * 31457280}"', "GitLab reads no file of 30 MB")):
            with self.subTest(complaint):
                self.assertIn(complaint, "\n".join(complaints(suite.replace(old, new, 1))))


if __name__ == "__main__":
    unittest.main()
