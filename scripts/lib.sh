# Functions that the scripts share. Source this file, do not run it. Works as root or with sudo.

set -euo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\033[1m%s\033[0m\n' "$*"; }

# need PACKAGE...: installs the missing Debian packages, and prints their names.
need() {
    local missing=() package
    for package in "$@"; do
        if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
            missing+=("$package")
        fi
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing: ${missing[*]}"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "Neither root nor sudo: install ${missing[*]} and run this again." >&2
            exit 1
        }
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq \
        --no-install-recommends "${missing[@]}" >/dev/null
}

need_library() {
    need g++ cmake ninja-build libasio-dev libboost1.81-dev libboost-json1.81-dev \
        libboost-url1.81-dev libcli11-dev
}

need_tests() {
    need_library
    need ca-certificates ccache clang-format-19 curl libcjose-dev libgmock-dev libgtest-dev libhiredis-dev \
        libre2-dev libsqlite3-dev libssl-dev meson pkg-config procps python3 redis-server
}

# Installs Node 24 and the packages of tests/conformance and tests/interop.
need_node_packages() {
    command -v npm >/dev/null || need npm
    local folder
    for folder in tests/conformance tests/interop; do
        [ "$folder/node_modules/.installed" -nt "$folder/package.json" ] && continue
        say "Installing the npm packages of $folder"
        (cd "$folder" && npm install --no-package-lock --no-audit --no-fund --loglevel=error)
        # npm 11 does not run the install script of a package; this one fetches the binary.
        if [ -d "$folder/node_modules/node" ] && [ ! -x "$folder/node_modules/node/bin/node" ]; then
            (cd "$folder/node_modules/node" && command node installArchSpecificPackage)
        fi
        touch "$folder/node_modules/.installed"
    done
}

# read_each COMPILER -- ARGUMENTS: checks the syntax of each file named on standard input. Each name
# replaces {} in the arguments.
read_each() {
    local compiler=$1
    shift 2
    xargs -P "$(nproc)" -I{} "$compiler" -fsyntax-only -std=c++20 -Wall -Wextra -Wpedantic -Wconversion \
        -Wshadow -Werror -DASIO_STANDALONE -DASIO_HAS_CO_AWAIT=1 -Iinclude -Itests "$@"
}

# configure_and_build DIR TARGETS -- CMAKE ARGUMENTS: configures DIR and builds the targets.
configure_and_build() {
    local directory=$1 targets=$2
    shift 3
    mkdir -p "$directory"
    cmake -S . -B "$directory" -G Ninja "$@" >"$directory/configure.log" 2>&1 || {
        cat "$directory/configure.log" >&2
        return 1
    }
    # shellcheck disable=SC2086 -- TARGETS is a list of words
    cmake --build "$directory" --target $targets
}
