"""The shop in four shards: cut by durations they take as long as each other, together they are one
run, and the recipes of docs/parallel.md do what they show.

usage: shards_test.py SOURCE_ROOT ISOLITE PROGRAM CMAKE
CMAKE may be "": then CTest is not tried.
"""

import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCES, ISOLITE, PROGRAM, CMAKE = (os.path.abspath(each) if each else "" for each in sys.argv[1:5])
RECIPES = pathlib.Path(SOURCES, "docs/examples/shards")
OURS = ("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE", "GTEST_", "CI_")
TOTAL = 4
# In a case they do not depend on how many workers there are, nor on which of them is the first.
OF_CASES = ("session opened", "session closed", "session checked", "session healed")


def fixtures_in_cases(report):
    """Returns how many there are of each kind and database."""
    columns = report["spans"]["columns"]
    spans = [dict(zip(columns, row)) for row in report["spans"]["rows"]]
    kinds, names = report["kinds"], report["names"]
    return collections.Counter((kinds[span["kind"]], names[span["name"]]) for span in spans
                               if span["case"] is not None and kinds[span["kind"]] in OF_CASES)


class Shards(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="isolite-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "bin").mkdir()
        (self.root / "build").mkdir()
        (self.root / "bin/isolite").symlink_to(ISOLITE)
        (self.root / "build/shop_test").symlink_to(PROGRAM)
        self.name = pathlib.Path(PROGRAM).name

    def run_in(self, *command, place="machine", check=True, **variables):
        """Runs a command with a cache of its own, as on a machine called `place`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ours = {"ISOLITE_CACHE": f"{self.root}/{place}/cache", "ISOLITE_EVIDENCE": "off",
                "HOME": str(self.root), "PATH": f"{self.root}/bin:{os.environ['PATH']}"}
        done = subprocess.run(list(map(str, command)), cwd=self.root, env={**kept, **ours, **variables},
                              capture_output=True, text=True, check=False)
        if check:
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def report(self, *arguments, place="machine"):
        return json.loads(self.run_in("isolite", "report", "--json", *arguments, place=place).stdout)

    def run_shards(self, *options):
        """Each shard has a machine of its own. Returns the directories of their records."""
        for index in range(TOTAL):
            self.run_in("build/shop_test", f"--shard={index}/{TOTAL}", *options, place=index,
                        ISOLITE_LEDGER=f"{self.root}/records/{index}")
        return sorted((self.root / "records").iterdir())

    def plan_of(self, records):
        """Returns to which shard each case belongs, as the records of a shard tell it."""
        lines = [json.loads(line) for path in records.rglob("*.jsonl")
                 for line in path.read_text(encoding="utf-8").split("\n") if line]
        return {line["test"]: line["shard"] for line in lines if line["kind"] == "planned"}

    def test_by_a_history_the_slowest_shard_takes_at_most_a_tenth_longer_than_the_mean(self):
        names = sorted(self.plan_of(self.run_shards()[0]))
        shutil.rmtree(self.root / "records")
        rng = random.Random(7)
        # As durations are: most cases are short, and a few take as long as all the others.
        durations = {name: int(rng.lognormvariate(13, 1.5)) for name in names}
        (self.root / "durations.tsv").write_text("isolite history 1\n" + "".join(
            f"{self.name}\t{name}\tpassed\t1\t{ns}\n" for name, ns in durations.items()),
            encoding="utf-8")
        plans = [self.plan_of(records) for records in self.run_shards("--history=durations.tsv")]
        loads = [sum(ns for name, ns in durations.items() if plans[0][name] == index)
                 for index in range(TOTAL)]
        print(f"planned: the slowest of {TOTAL} shards takes {max(loads) / (sum(loads) / TOTAL):.4f} "
              "times the mean")
        self.assertLessEqual(max(loads), 1.1 * sum(loads) / TOTAL)
        self.assertEqual(plans, [plans[0]] * TOTAL)

    def test_the_report_of_four_shards_is_that_of_one_run(self):
        self.run_in("build/shop_test", "--workers=4")
        whole = self.report()
        self.run_in("isolite", "history", "export", "durations.tsv")
        merged = self.report("--merge", *self.run_shards("--workers=2", "--history=durations.tsv"))
        self.assertEqual(merged["counts"], whole["counts"])
        self.assertGreater(merged["counts"]["passed"], 50)
        rows = [sorted(row[5:] for row in each["cases"]["rows"]) for each in (merged, whole)]
        self.assertEqual(*rows)
        self.assertEqual(fixtures_in_cases(merged), fixtures_in_cases(whole))
        self.assertEqual(merged["leaks"], whole["leaks"])
        tests = [0] * TOTAL
        for worker in merged["workers"]:
            tests[int(re.search(r"/(\d)/w\d+$", worker["name"])[1])] += worker["tests_ns"]
        print(f"measured: the slowest of {TOTAL} shards took {max(tests) / (sum(tests) / TOTAL):.4f} "
              "times the mean in tests")

    def test_the_recipe_for_a_shell_cuts_its_second_run_by_what_the_first_one_measured(self):
        for how in ("by count", "by durations, .* of .*"):
            done = self.run_in(RECIPES / "shards.sh")
            self.assertEqual(len(re.findall(rf"this is shard \d of 4, .* cut \w+ {how}\n", done.stderr)),
                             TOTAL, done.stderr)
            self.assertIn(" passed, 0 failed\n", done.stdout)

    def jobs(self):
        """Returns the commands of the jobs of the recipe for GitLab, by their names."""
        jobs, name, inside = {}, "", False
        for line in (RECIPES / "gitlab-ci.yml").read_text(encoding="utf-8").splitlines():
            if re.match(r"\w", line):
                name = line.partition(":")[0]
            elif re.match(r"  \w", line):
                inside = line.strip() in ("script:", "after_script:")
            elif inside and line.startswith("    - "):
                jobs.setdefault(name, []).append(line[6:])
        return jobs

    def run_pipeline(self):
        jobs = self.jobs()
        self.assertEqual(sorted(jobs), ["build", "shop", "shop-report"])
        said = ""
        for command in jobs["build"][1:]:  # after the build
            self.run_in("sh", "-c", command)
        for index in range(1, TOTAL + 1):
            for command in jobs["shop"]:
                said += self.run_in("sh", "-c", command, place=index, CI_NODE_INDEX=str(index),
                                    CI_NODE_TOTAL=str(TOTAL),
                                    ISOLITE_LEDGER=f"{self.root}/records-{index}").stderr
        for command in jobs["shop-report"]:
            self.run_in("sh", "-c", command)
        self.assertIn("</html>", (self.root / "report.html").read_text(encoding="utf-8"))
        for path in self.root.glob("records-*"):
            shutil.rmtree(path)
        return said

    def test_the_recipe_for_gitlab_cuts_its_second_pipeline_by_what_the_first_one_measured(self):
        self.assertEqual(self.run_pipeline().count(" by count\n"), TOTAL)
        self.assertEqual(self.run_pipeline().count(" by durations, "), TOTAL)

    def test_the_recipe_for_ctest_runs_each_case_once(self):
        if not CMAKE:
            self.skipTest("there is no CMake.")
        self.run_in("build/shop_test", "--workers=4")
        whole = self.report()
        project = self.root / "project"
        shutil.copytree(RECIPES, project)
        self.run_in("isolite", "history", "export", project / "durations.tsv")
        self.run_in(CMAKE, "-S", project, "-B", self.root / "tree", f"-DSHOP_TEST={PROGRAM}")
        ctest = pathlib.Path(CMAKE).with_name("ctest")
        done = self.run_in(ctest, "--test-dir", self.root / "tree", "-j2", "-V",
                           ISOLITE_LEDGER=f"{self.root}/records")
        self.assertEqual(done.stdout.count(" by durations, "), TOTAL, done.stdout)
        self.assertEqual(self.report("--merge", "records")["counts"], whole["counts"])

    def test_the_recipe_for_bazel_runs_each_case_once(self):
        """As Bazel would start it: in the directory of the data, with variables for the shard."""
        self.run_in("build/shop_test", "--workers=4")
        whole = self.report()
        self.run_in("isolite", "history", "export", "durations.tsv")
        text = (RECIPES / "BUILD.bazel").read_text(encoding="utf-8")
        (argument,) = re.findall(r'args = \["(.*)"\]', text)
        shards = int(re.search(r"shard_count = (\d+)", text)[1])
        for index in range(shards):
            status = self.root / f"status-{index}"
            self.run_in("build/shop_test", argument.replace("$(rootpath durations.tsv)",
                                                            "durations.tsv"),
                        TEST_SHARD_INDEX=str(index), TEST_TOTAL_SHARDS=str(shards),
                        TEST_SHARD_STATUS_FILE=str(status), ISOLITE_LEDGER=f"{self.root}/records")
            self.assertTrue(status.exists())
        self.assertEqual(self.report("--merge", "records")["counts"], whole["counts"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
