"""Runs the commands of a page and compares what they print.

    run_commands.py PAGE PROGRAMS

In a block marked `console`, a line that begins with `$ ` is a command; the lines below it are its
output, with standard error. PROGRAMS is the folder that the page calls `build/examples`; `./NAME` is
the example NAME. A command whose program is not built, since a library is missing, is skipped.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
DEADLINE = 60


def commands(page):
    for block in BLOCK.findall(page.read_text()):
        for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = step.partition("\n")
            yield command, output


def main():
    page, programs = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    ran, faults = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for command, wanted in commands(page):
            real = re.sub(r"(?<!\S)\./(?=\w)", "build/examples/example_", command)
            program = re.search(r"build/examples/(\w+)", real)
            if program and not (programs / program[1]).exists():
                print(f"skipped, not built: {command}")
                continue
            real = re.sub(r"build/examples(?=/)", str(programs), real)
            real = re.sub(r"(?<!\S)(asio-mcp/)?scripts(?=/)", str(ROOT / "scripts"), real)
            # Some examples write files into the present folder.
            got = subprocess.run(["bash", "-c", real], cwd=folder, text=True, timeout=DEADLINE,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
            ran += 1
            if got != wanted:
                faults += 1
                print(f"{page.name}: $ {command}\n-- the page says\n{wanted}-- it prints\n{got}")
    print(f"{page.name}: {ran} commands, {faults} faults")
    return 0 if ran and not faults else 1


if __name__ == "__main__":
    sys.exit(main())
