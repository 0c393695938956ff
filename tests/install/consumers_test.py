"""Builds the projects of docs/examples/builds as a stranger would, each outside of the source tree
and with a suite of its own, of which one test passes and one leaks.

usage: consumers_test.py MESON BUILD_DIRECTORY [ARGUMENTS OF UNITTEST]

Installed takes what the build directory installs. FromSource builds isolite itself, five times.
"""

import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from installed import VARIABLES, install, prefix_of, relocate, run

MESON, BUILD = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROJECTS = SOURCE / "docs/examples/builds"
SUITES = SOURCE / "tests/install/consumers"
FRAMEWORKS = [name for name in ("boost_test", "doctest", "gtest", "catch2")
              if any((BUILD / "src").glob(f"libisolite-{name.replace('_', '-')}.*[ao]"))]
# Each is what some program is compiled as.
STANDARDS = ("17", "20", "23")
LEAK = "with a clean database: it committed changes to the database 'shop'"


class Consumer(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.place = pathlib.Path(temporary.name).resolve()
        self.variables = {"TMPDIR": temporary.name, "ISOLITE_CACHE": str(self.place / "cache"),
                          "ISOLITE_SUMMARY": "off"}

    def project(self, name, framework="gtest", **replaced):
        """Makes a project that uses a framework, with other texts. Returns its directory."""
        folder = self.place / f"{name}-{framework}"
        shutil.copytree(PROJECTS / name, folder)
        for file in [path for path in folder.rglob("*") if path.is_file()]:
            text = file.read_text()
            for old, new in replaced.get("texts", {}).items():
                self.assertIn(old, text)
                text = text.replace(old, new)
            if framework == "isolite":
                text = text.replace("isolite::gtest", "isolite::isolite")
                text = text.replace(" COMPONENTS gtest", "").replace("isolite-gtest", "isolite")
            file.write_text(re.sub(r"\bgtest\b", framework if file.suffix in (".txt", ".hpp") else
                                   framework.replace("_", "-"), text))
        shutil.copy(SUITES / f"{framework}_suite.cpp", folder / "shop_test.cpp")
        shutil.copy(SUITES / "shop.hpp", folder)
        return folder

    maxDiff = None

    def check_suite(self, program, **variables):
        """Expects that one test passes and the other one is blamed."""
        for workers in "0", "2":
            with self.subTest(program=program, workers=workers):
                report = self.place / "report.xml"
                done = subprocess.run([program], env={**VARIABLES, **self.variables, **variables,
                                                      "ISOLITE_WORKERS": workers,
                                                      "ISOLITE_JUNIT": str(report)},
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                      check=False)
                self.assertNotEqual(done.returncode, 0, done.stdout)
                self.assertIn(LEAK, " ".join(done.stdout.split()))
                counts = re.search('tests="2" failures="1"', report.read_text())
                self.assertTrue(counts, report.read_text())
                report.unlink()

    def check_cmake(self, folder, *options, unity=False, **variables):
        build = folder / "build"
        run("cmake", "-S", folder, "-B", build, "-G", "Ninja", *options, **variables)
        run("cmake", "--build", build, **variables)
        self.check_suite(build / "shop_test")
        tested = subprocess.run(["ctest", "--output-on-failure"], cwd=build, text=True,
                                env={**VARIABLES, **self.variables}, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, check=False).stdout
        self.assertIn(LEAK, " ".join(tested.split()))
        self.assertTrue((build / "shop.xml").exists(), tested)
        return build


class Installed(Consumer):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.root = pathlib.Path(temporary.name) / "moved"
        cls.libraries = install(MESON, BUILD, cls.root)
        relocate(cls.libraries, cls.root)

    def of_pkg_config(self):
        return {"PKG_CONFIG_PATH": str(self.libraries / "pkgconfig"),
                "LD_LIBRARY_PATH": str(self.libraries)}

    def test_a_package_of_cmake_serves_every_framework_wherever_it_was_moved(self):
        frameworks = ["isolite", *FRAMEWORKS]
        for framework, standard in zip(frameworks, itertools.cycle(STANDARDS)):
            with self.subTest(framework):
                self.check_cmake(self.project("cmake_package", framework),
                                 f"-DCMAKE_PREFIX_PATH={prefix_of(self.root)}",
                                 f"-DCMAKE_CXX_STANDARD={standard}")

    def test_pkg_config_serves_a_makefile(self):
        folder = self.project("pkg_config")
        run("make", "-C", folder, "shop_test", **self.of_pkg_config())
        self.check_suite(folder / "shop_test", **self.of_pkg_config())

    def test_pkg_config_tells_nothing_of_this_machine_or_of_others(self):
        for file in (self.libraries / "pkgconfig").glob("isolite*.pc"):
            told = file.read_text().replace(str(self.root), "")
            self.assertNotIn("/usr/include", told)
            self.assertNotIn("SQLITE_", told)
            self.assertNotRegex(told, r"(?m)^(Libs|Libs.private|Cflags):.* /")

    def test_a_dependency_of_meson(self):
        folder = self.project("meson_dependency")
        run(MESON, "setup", folder / "build", folder, **self.of_pkg_config())
        run("ninja", "-C", folder / "build", **self.of_pkg_config())
        self.check_suite(folder / "build/shop_test", **self.of_pkg_config())

    @unittest.skipUnless("gtest" in FRAMEWORKS, "there is no GoogleTest")
    def test_headers_are_precompiled(self):
        folder = self.project("precompiled")
        builds = [self.check_cmake(folder, f"-DCMAKE_PREFIX_PATH={prefix_of(self.root)}"),
                  folder / "with_meson"]
        run(MESON, "setup", builds[1], folder, **self.of_pkg_config())
        run("ninja", "-C", builds[1], **self.of_pkg_config())
        self.check_suite(builds[1] / "shop_test", **self.of_pkg_config())
        for build in builds:
            self.assertTrue([*build.rglob("*.gch"), *build.rglob("*.pch")], build)

    def refusal(self, texts, *options):
        folder = self.project("cmake_package", texts=texts)
        done = subprocess.run(["cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja",
                               f"-DCMAKE_PREFIX_PATH={prefix_of(self.root)}", *options],
                              env=VARIABLES, stderr=subprocess.PIPE, text=True, check=False,
                              stdout=subprocess.DEVNULL)
        self.assertNotEqual(done.returncode, 0)
        shutil.rmtree(folder)
        return " ".join(done.stderr.split())

    def test_cmake_is_told_in_words_what_is_missing(self):
        self.assertIn("isolite has no component qttest: boost_test;doctest;gtest;catch2",
                      self.refusal({"COMPONENTS gtest": "COMPONENTS qttest"}))
        self.assertIn("tl::expected (Debian: libexpected-dev)",
                      self.refusal({}, "-DCMAKE_DISABLE_FIND_PACKAGE_tl-expected=ON"))
        self.assertIn("the framework of the component gtest was not found",
                      self.refusal({}, "-DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON"))
        for version in "0.2", "1.0", "0.0.9":
            self.assertIn(f'compatible with requested version "{version}"',
                          self.refusal({"isolite 0.1 ": f"isolite {version} "}))

    def test_cmake_is_told_what_is_wrong_with_a_test(self):
        self.assertIn("isolite_add_test(shop): there is no target shop_tests",
                      self.refusal({"isolite_add_test(shop shop_test)":
                                    "isolite_add_test(shop shop_tests)"}))
        self.assertIn("isolite_add_test(shop): unknown argument --failed; arguments for the program "
                      "stand behind ARGUMENTS",
                      self.refusal({"isolite_add_test(shop shop_test)":
                                    "isolite_add_test(shop shop_test --failed)"}))
        for wrong in "0", "0.0", "1m", "-1", ".5":
            self.assertIn(f'isolite_add_test(shop): TIMEOUT is "{wrong}", not a number of seconds; '
                          "write how long a case may take, e.g. 60 or 2.5",
                          self.refusal({"(shop shop_test)": f"(shop shop_test TIMEOUT {wrong})"}))

    def test_cmake_hands_on_how_long_a_case_may_take(self):
        for said, told in ("", []), ("60", ["ISOLITE_TIMEOUT=60"]), ("0.5", ["ISOLITE_TIMEOUT=0.5"]):
            folder = self.project("cmake_package", texts={
                "(shop shop_test)": f"(shop shop_test {said and 'TIMEOUT ' + said})"})
            run("cmake", "-S", folder, "-B", folder / "build",
                f"-DCMAKE_PREFIX_PATH={prefix_of(self.root)}")
            shown = json.loads(run("ctest", "--test-dir", folder / "build", "--show-only=json-v1"))
            properties = {each["name"]: each["value"] for each in shown["tests"][0]["properties"]}
            self.assertEqual([each for each in properties["ENVIRONMENT"]
                              if each.startswith("ISOLITE_TIMEOUT")], told)
            shutil.rmtree(folder)

    def test_a_header_says_which_c_plus_plus_it_needs(self):
        done = subprocess.run([*os.environ.get("CXX", "c++").split(), "-std=c++14", "-fsyntax-only", "-x", "c++", "-",
                               f"-I{prefix_of(self.root) / 'include'}"],
                              input="#include <isolite/suite.hpp>", stderr=subprocess.PIPE,
                              text=True, check=False)
        first = next(line for line in done.stderr.splitlines() if "error:" in line)
        self.assertIn('isolite needs C++17 or later: compile with -std=c++17', first)


class FromSource(Consumer):
    def unpacked(self, folder):
        """Puts a copy of what a release has into a directory."""
        shutil.copytree(SOURCE, folder, symlinks=True, ignore=shutil.ignore_patterns(
            ".git", "build", "build-*", "build[0-9]", "tests", "examples"))
        return folder

    def test_a_subdirectory_of_cmake_with_every_framework(self):
        folder = self.project("cmake_subdirectory")
        self.unpacked(folder / "isolite")
        for framework in ["isolite", *FRAMEWORKS]:
            shutil.copy(SUITES / f"{framework}_suite.cpp", folder / f"{framework}_suite.cpp")
            with open(folder / "CMakeLists.txt", "a", encoding="utf-8") as lists:
                lists.write(f"add_executable({framework}_suite {framework}_suite.cpp)\n"
                            f"target_link_libraries({framework}_suite isolite::{framework})\n")
        build = self.check_cmake(folder, "-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_CXX_FLAGS=-O1",
                                 "-DCMAKE_CXX_STANDARD=23")
        for framework in ["isolite", *FRAMEWORKS]:
            self.check_suite(build / f"{framework}_suite")

    def test_a_project_of_cmake_builds_no_adapter_that_it_does_not_link(self):
        folder = self.project("cmake_subdirectory")
        self.unpacked(folder / "isolite")
        run("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja")
        planned = run("ninja", "-n", "-v", "-C", folder / "build")
        self.assertEqual(set(re.findall(r"isolite_(\w+)\.dir", planned)), {"gtest"})

    def test_content_that_cmake_fetches_as_a_shared_library(self):
        release = self.unpacked(self.place / "isolite-0.1.0")
        folder = self.project("cmake_fetch", texts={
            "URL https://example.org/isolite-0.1.0.tar.gz # or GIT_REPOSITORY and GIT_TAG":
            f"URL {release}"})
        self.check_cmake(folder, "-DCMAKE_UNITY_BUILD=ON", "-DBUILD_SHARED_LIBS=ON",
                         "-DCMAKE_CXX_STANDARD=20")

    def test_a_sqlite_that_a_project_of_cmake_hides(self):
        own_sqlite = run("c++", "-print-file-name=libsqlite3.a").strip()
        if not os.path.exists(own_sqlite):
            self.skipTest("there is no static SQLite")
        folder = self.project("cmake_subdirectory", texts={
            "add_subdirectory": "add_library(own-sqlite STATIC IMPORTED)\n"
            f"set_target_properties(own-sqlite PROPERTIES IMPORTED_LOCATION {own_sqlite}\n"
            "  INTERFACE_LINK_LIBRARIES \"m\")\n"
            "add_library(SQLite::SQLite3 INTERFACE IMPORTED)\n"
            "target_link_libraries(SQLite::SQLite3 INTERFACE own-sqlite)\n"
            "add_link_options(-Wl,--exclude-libs,ALL)\nadd_subdirectory"})
        self.unpacked(folder / "isolite")
        build = self.check_cmake(folder, "-DCMAKE_UNITY_BUILD=ON")
        self.assertNotIn("libsqlite3", run("ldd", build / "shop_test"))

    def test_a_subproject_of_meson_builds_nothing_but_libraries(self):
        folder = self.project("meson_subproject")
        self.unpacked(folder / "subprojects/isolite")
        run(MESON, "setup", folder / "build", folder, "-Disolite:built_once=true")
        run("ninja", "-C", folder / "build")
        built = run("ninja", "-C", folder / "build", "-t", "targets", "all")
        self.assertNotRegex(built, r"(?m)^subprojects/isolite/(tests|docs)/")
        self.check_suite(folder / "build/shop_test")

    def test_a_static_library_that_is_installed(self):
        source = self.unpacked(self.place / "source")
        run(MESON, "setup", self.place / "static", source, "-Ddefault_library=static",
            "-Dbuilt_once=true", "-Dcli=disabled")
        run("ninja", "-C", self.place / "static")  # the library is all that is built
        root = self.place / "root"
        libraries = install(MESON, self.place / "static", root)
        relocate(libraries, root)
        for framework in ["isolite", *FRAMEWORKS]:
            with self.subTest(framework):
                build = self.check_cmake(self.project("cmake_package", framework),
                                         f"-DCMAKE_PREFIX_PATH={prefix_of(root)}")
                self.assertNotIn("libisolite", run("ldd", build / "shop_test"))
        folder = self.project("pkg_config")
        run("make", "-C", folder, "shop_test", PKG_CONFIG_PATH=str(libraries / "pkgconfig"))
        self.check_suite(folder / "shop_test")


if __name__ == "__main__":
    unittest.main()
