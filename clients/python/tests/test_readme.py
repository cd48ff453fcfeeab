"""Runs the programs of README.md. See test_client for the server."""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


class ReadmeTest(unittest.TestCase):
    def test_programs(self):
        programs = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        outputs = []
        for program in programs:
            program = program.replace("127.0.0.1:7810", os.environ["DALIL_TEST_GRPC"])
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 0, program + done.stderr)
            outputs.append(done.stdout)
        self.assertEqual(len(outputs), 2)
        self.assertIn("notes/rivers 1\nRivers cross the old city.\nINVALID page_size\n", outputs[0])


if __name__ == "__main__":
    unittest.main()
