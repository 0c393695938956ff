"""Runs the test classes of a program that are named, or all but these behind `--but`."""

import sys
import unittest


def main():
    if sys.argv[1:2] == ["--but"]:
        everything = vars(sys.modules["__main__"])
        sys.argv[1:] = [
            name
            for name, each in everything.items()
            if isinstance(each, type)
            and issubclass(each, unittest.TestCase)
            and name not in sys.argv[2:]
        ]
    unittest.main()
