"""Looks at which builds of a program share an image. Arguments: PROBE REBUILT UNMARKED [LIBRARY].

The second is the first with another build id, the third one without any.
"""

import os
import shutil
import sys
import unittest

import image_processes
from image_processes import ImageTest, main

PROBE, REBUILT, UNMARKED, *LIBRARY = map(os.path.abspath, sys.argv[1:])
del sys.argv[2:]


class BuildTest(ImageTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, image_processes, "PROBE", PROBE)

    def origin(self, program, *arguments, **variables):
        """Returns how a program comes by the image of its seed."""
        image_processes.PROBE = program
        outcome = self.cache.run(*arguments, **variables)
        self.assertEqual((outcome.status, outcome.errors), (0, ""))
        return outcome.origin

    def test_another_build_has_an_image_of_its_own(self):
        self.assertEqual([self.origin(program) for program in (PROBE, REBUILT, PROBE, REBUILT)],
                         ["built", "built", "mapped", "mapped"])

    def test_a_version_that_holds_across_builds_is_believed(self):
        self.assertEqual([self.origin(program, "--across")
                          for program in (PROBE, REBUILT, UNMARKED)],
                         ["built", "mapped", "mapped"])
        self.assertEqual(self.origin(REBUILT, "--across", "--version", "2"), "built")

    def test_a_program_without_a_build_id_is_told_by_its_file(self):
        copy = self.cache.root / "copy"
        shutil.copy2(UNMARKED, copy)
        self.assertEqual([self.origin(program) for program in (UNMARKED, copy, UNMARKED, copy)],
                         ["built", "built", "mapped", "mapped"])

    def test_a_program_with_a_build_id_is_told_by_that_alone(self):
        copy = self.cache.root / "copy"
        shutil.copy2(PROBE, copy)
        self.assertEqual([self.origin(program) for program in (PROBE, copy)], ["built", "mapped"])

    @unittest.skipUnless(LIBRARY, "a sanitizer wants to be the first library")
    def test_a_library_counts_as_the_program_does(self):
        self.assertEqual([self.origin(PROBE, LD_PRELOAD=library)
                          for library in ("", *LIBRARY, "", *LIBRARY)],
                         ["built", "built", "mapped", "mapped"])


if __name__ == "__main__":
    sys.exit(main())
