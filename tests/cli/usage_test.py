"""Checks what isolite says of its own use, and its exit codes."""

import re

from command import CommandTest, main

COMMANDS = [(), ("cache",), ("cache", "path"), ("cache", "list"), ("cache", "prune"), ("report",),
            ("history",), ("history", "export"), ("history", "import"), ("history", "merge"),
            ("verify",), ("doctor",)]


class Usage(CommandTest):
    def test_without_a_command_it_prints_the_help_and_exits_with_2(self):
        for command in [(), ("cache",), ("history",)]:
            with self.subTest(command):
                self.assertEqual(self.refusal(*command, status=2),
                                 self.output(*command, "--help"))

    def test_the_version_is_that_of_isolite_and_of_the_library_of_sqlite(self):
        self.assertRegex(self.output("--version"),
                         r"\Aisolite \d+\.\d+\.\d+, SQLite 3\.\d+\.\d+\n\Z")

    def test_each_help_tells_its_command_line_and_has_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                words = " ".join(["isolite", *command])
                text = self.output(*command, "--help")
                self.assertIn(f"Usage: {words} [OPTIONS]", text)
                self.assertRegex(text, rf"(?m)^Examples?:\n  (.*\b)?{words}")
                self.assertNotIn("\n\n\n", text)

    def test_the_help_tells_the_variables_and_the_exit_codes(self):
        text = self.output("--help")
        for variable in ("CACHE=DIR|off", "PROJECT=NAME", "CACHE_MB=N", "CACHE_DAYS=N",
                         "CACHE_FRESH=on", "LEDGER=DIR|off", "HISTORY=FILE", "RUNTIME_DIR=DIR"):
            self.assertIn("  ISOLITE_" + variable, text)
        self.assertIn("Exit codes: 0 all is well, 1 something is wrong or was refused, "
                      "2 the command line is wrong,\n3 nobody can tell.", text)

    def test_every_command_and_option_is_documented(self):
        self.assert_documented(" ".join(["isolite", *command]) for command in COMMANDS)
        for command in COMMANDS:
            self.assert_documented(re.findall(r"--[a-z-]+", self.output(*command, "--help")))

    def test_an_unknown_command_is_named(self):
        self.assertEqual(self.refusal("cach", status=2),
                         "isolite: 'isolite' has no command cach\n"
                         "  hint: 'isolite --help' shows what it has\n")

    def test_an_unknown_command_of_a_command_is_named(self):
        self.assertEqual(self.refusal("cache", "lst", status=2),
                         "isolite: 'isolite cache' has no command lst\n"
                         "  hint: 'isolite cache --help' shows what it has\n")

    def test_an_unknown_option_is_named(self):
        self.assertEqual(self.refusal("cache", "list", "--al", status=2),
                         "isolite: 'isolite cache list' has no option --al\n"
                         "  hint: 'isolite cache list --help' shows what it has\n")

    def test_an_argument_too_many_is_named(self):
        self.assertEqual(self.refusal("doctor", "now", status=2),
                         "isolite: 'isolite doctor' has no argument now\n"
                         "  hint: 'isolite doctor --help' shows what it has\n")

    def test_an_option_without_its_value_is_named(self):
        self.assertEqual(self.refusal("cache", "path", "--project", status=2),
                         "isolite: --project: 1 required NAME missing\n"
                         "  hint: 'isolite cache path --help' shows what it has\n")

    def test_an_option_of_one_command_is_none_of_another(self):
        for words in [("cache", "path", "--json"), ("cache", "prune", "--all-projects"),
                      ("cache", "list", "--everything"), ("doctor", "--project", "x")]:
            with self.subTest(words):
                self.assertIn("has no option --", self.refusal(*words, status=2))

    def test_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = self.run_isolite("cache", "path", stdout=full)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "isolite: cannot write the output\n"
                             "  hint: the disk may be full, or what reads it may have ended\n"))


if __name__ == "__main__":
    main()
