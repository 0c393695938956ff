"""The base of tests that run programs in an empty directory."""

import pathlib
import subprocess
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

    def locales_with_comma(self):
        """Makes a locale with a decimal comma. Returns where it is, as LOCPATH takes it."""
        locales = self.temporary.parent / "locales"
        locales.mkdir()
        try:
            subprocess.run(
                ["localedef", "-i", "de_DE", "-f", "UTF-8", str(locales / "de_DE.UTF-8")],
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            pass
        if not (locales / "de_DE.UTF-8" / "LC_NUMERIC").exists():
            self.skipTest("no locale can be made here")
        return str(locales)
