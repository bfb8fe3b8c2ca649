"""Compiles each file of tests/compile twice.

As it is, it must compile. With REJECT defined it must not, and the compiler must show the sentence
that the file's first line names: `// rejects: the hint that users get`.

    compile_pairs.py COMPILER FLAG... -- FILE
"""

import pathlib
import subprocess
import sys


def main():
    split = sys.argv.index("--")
    compiler = [*sys.argv[1:split], "-std=c++20", "-fsyntax-only"]
    source = pathlib.Path(sys.argv[split + 1])
    first = source.read_text().splitlines()[0]
    if not first.startswith("// rejects: "):
        print(f"{source.name}: does not begin with '// rejects: '")
        return 1
    sentence = first.removeprefix("// rejects: ").strip()

    accepted = subprocess.run([*compiler, source], capture_output=True, text=True, check=False)
    if accepted.returncode != 0:
        print(f"{source.name}: must compile\n{accepted.stderr[:4000]}")
        return 1
    rejected = subprocess.run([*compiler, "-DREJECT", source], capture_output=True, text=True,
                              check=False)
    if rejected.returncode == 0:
        print(f"{source.name}: must not compile with REJECT")
        return 1
    # A long message may be shown in pieces; what matters are its words.
    if " ".join(sentence.split()) not in " ".join(rejected.stderr.split()):
        print(f"{source.name}: the compiler does not say: {sentence}\n{rejected.stderr[:4000]}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
