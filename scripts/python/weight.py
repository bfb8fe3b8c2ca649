"""Compiles programs that include more and more of the library, and prints what each costs.

Seconds are CPU seconds of the compiler and of all that it starts. Compare the ratios: their base is a
program that includes the three dependencies only, compiled in the same run.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["-std=c++20", "-O0", "-DASIO_STANDALONE", "-DASIO_HAS_CO_AWAIT=1", f"-I{ROOT / 'include'}"]
COMPILED = ["-DMCP_SEPARATE_COMPILATION"]

FIVE_TOOLS = """#include <mcp/server.hpp>

#include <string>
#include <vector>

static int add(int a, int b) { return a + b; }
static double divide(double a, double b) { return a / b; }
static std::string greet(std::string name) { return "Hello, " + name; }
static std::vector<std::string> split(std::string text) { return {text}; }
struct point { double x; double y; };
static point middle(point a, point b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

void add_tools(mcp::any_server& server) {
    server.tool<add, "a", "b">("Add two numbers");
    server.tool<divide, "a", "b">("Divide two numbers");
    server.tool<greet, "name">("Greet a person");
    server.tool<split, "text">("Split a text");
    server.tool<middle, "a", "b">("The point between two points");
}
"""


def many_tools(count):
    """A file of small tools, each with a signature of its own."""
    kinds = ["int", "double", "std::string", "bool", "long long"]
    lines = ["#include <mcp/server.hpp>\n#include <string>\n#include <vector>\n"]
    added = []
    for i in range(count):
        a, b = kinds[i % 5], kinds[i // 5 % 5]
        lines.append(f"struct s{i} {{ {a} a; {b} b; std::vector<{a}> c; }};\n"
                     f"static s{i} tool_{i}({a} x, {b} y) {{ return {{x, y, {{}}}}; }}\n")
        added.append(f'    server.tool<tool_{i}, "x", "y">("Tool {i}");\n')
    return "".join(lines) + "void add_tools(mcp::any_server& server) {\n" + "".join(added) + "}\n"


def include(*headers):
    return "".join(f"#include <{each}>\n" for each in headers) + "int main() {}\n"


def programs():
    """Returns title, flags and text of each program. The first is the base of the ratios."""
    weather = (ROOT / "examples" / "weather.cpp").read_text()
    yield "asio.hpp, boost/json.hpp, boost/url.hpp", [], include(
        "asio.hpp", "boost/json.hpp", "boost/url.hpp")
    yield "mcp.hpp, header-only", [], include("mcp.hpp")
    yield "mcp.hpp, compiled form", COMPILED, include("mcp.hpp")
    yield "examples/weather.cpp, header-only", [], weather
    yield "examples/weather.cpp, compiled form", COMPILED, weather
    yield "mcp/server.hpp, compiled form", COMPILED, include("mcp/server.hpp")
    yield "mcp/client.hpp, compiled form", COMPILED, include("mcp/client.hpp")
    yield "five tools over any_server&, compiled form", COMPILED, FIVE_TOOLS
    yield "55 tools over any_server&, compiled form", COMPILED, many_tools(55)


def parts():
    """Returns the same for the parts of the compiled form."""
    for part in ("foundation", "http", "collaborators", "server", "transport", "client", "testing"):
        yield f"mcp/src/{part}.hpp", COMPILED, f"#include <mcp/src/{part}.hpp>\n"


def compile_one(compiler, flags, source, folder):
    """Returns CPU seconds, peak memory in GB and the size of the object in MB."""
    file = folder / "program.cpp"
    output = folder / "program.o"
    file.write_text(source)
    process = subprocess.Popen([compiler, *FLAGS, *flags, "-c", str(file), "-o", str(output)])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"scripts/weight: {compiler} {' '.join(flags)} does not compile this program:\n{source}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6, output.stat().st_size / 1e6


def own_headers(compiler, flags, source, folder):
    """Returns how many headers of the library a program includes."""
    file = folder / "program.cpp"
    file.write_text(source)
    made = subprocess.run([compiler, *FLAGS, *flags, "-MM", str(file)], capture_output=True,
                          text=True, check=True)
    return sum("/include/mcp" in word for word in made.stdout.split())


# What a program of little code may cost: title, number of our headers, size of the object in MB. These
# do not depend on the machine. Lower a limit when the figure is lower.
LIMITS = [
    ("mcp.hpp, compiled form", 255, 0.15),
    ("mcp/server.hpp, compiled form", 128, 0.15),
    ("mcp/client.hpp, compiled form", 120, 0.15),
    ("five tools over any_server&, compiled form", 128, 0.7),
]


def check(compiler, folder):
    """Yields a sentence for each program that exceeds its limits."""
    known = {title: (flags, source) for title, flags, source in programs()}
    for title, most_headers, most_size in LIMITS:
        flags, source = known[title]
        count = own_headers(compiler, flags, source, folder)
        _, _, size = compile_one(compiler, flags, source, folder)
        print(f"{title}: {count} own headers, object of {size:.2f} MB")
        if count > most_headers:
            yield f"{title}: includes {count} headers of the library; the limit is {most_headers}"
        if size > most_size:
            yield f"{title}: the object has {size:.2f} MB; the limit is {most_size}"


def table(compiler, folder, with_parts):
    yield f"| {compiler} -O0 | CPU s | ratio | memory GB | object MB | own headers |\n"
    yield "|---|--:|--:|--:|--:|--:|\n"
    base = None
    for title, flags, source in [*programs(), *(parts() if with_parts else ())]:
        seconds, memory, size = compile_one(compiler, flags, source, folder)
        base = base or seconds
        count = own_headers(compiler, flags, source, folder)
        yield (f"| {title} | {seconds:.1f} | {seconds / base:.1f} | {memory:.2f} | {size:.1f} | "
               f"{count} |\n")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("compilers", nargs="*", default=["g++", "clang++-19"])
    options.add_argument("--check", action="store_true", help="only compare g++ with the limits")
    options.add_argument("--programs", action="store_true", help="leave out the parts of the compiled form")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if chosen.check:
            faults = list(check("g++", pathlib.Path(name)))
            print("".join(f"{sentence}\n" for sentence in faults), end="")
            sys.exit(1 if faults else 0)
        for compiler in chosen.compilers:
            if shutil.which(compiler) is None:
                print(f"{compiler} is not installed\n")
                continue
            for line in table(compiler, pathlib.Path(name), not chosen.programs):
                print(line, end="", flush=True)
            print()


if __name__ == "__main__":
    main()
