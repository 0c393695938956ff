"""The base of tests that run programs in an empty directory."""

import pathlib
import tempfile
import unittest


class empty_directory(unittest.TestCase):
    """Has an empty directory, and one for temporary files beside it."""

    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        root = pathlib.Path(kept.name)
        self.here, self.temporary = root / "here", root / "temporary"
        self.here.mkdir()
        self.temporary.mkdir()
