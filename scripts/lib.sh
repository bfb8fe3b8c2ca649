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
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends "${missing[@]}" >/dev/null
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || {
            echo "Neither root nor sudo: cannot run $*" >&2
            exit 1
        }
        sudo "$@"
    fi
}

need_library() {
    need g++ cmake ninja-build libasio-dev libboost1.81-dev libboost-json1.81-dev \
        libboost-url1.81-dev libcli11-dev
}

need_tests() {
    need_library
    need ca-certificates ccache clang-format-19 curl haproxy libcjose-dev libgmock-dev libgtest-dev libhiredis-dev \
        libre2-dev libsqlite3-dev libssl-dev meson nginx-light openssl pkg-config procps python3 redis-server zlib1g-dev
}

# What the tests need in a newer Debian, with its own g++, Asio and Boost.
need_tests_of_newer_debian() {
    need g++ cmake ninja-build ccache libasio-dev libboost-json-dev libboost-url-dev libcjose-dev \
        libcli11-dev libgmock-dev libgtest-dev libhiredis-dev libre2-dev libsqlite3-dev libssl-dev \
        python3 zlib1g-dev
}

# make_debian SUITE: makes the Debian that `inside` uses with debootstrap, unless the cache has it.
make_debian() {
    debian=${XDG_CACHE_HOME:-$HOME/.cache}/asio-mcp/$1
    [ -e "$debian/complete" ] && return
    need debootstrap
    say "Making Debian $1 in $debian"
    mkdir -p "$debian"
    as_root rm -rf "$debian"
    as_root debootstrap --variant=minbase "$1" "$debian" >"$debian.log" 2>&1 || {
        tail -20 "$debian.log" >&2
        return 1
    }
    # A Debian for a few builds is filled quickly, from a mirror that may lag behind.
    echo force-unsafe-io | as_root tee "$debian/etc/dpkg/dpkg.cfg.d/asio-mcp" >/dev/null
    echo 'Acquire::Check-Valid-Until "false";' |
        as_root tee "$debian/etc/apt/apt.conf.d/asio-mcp" >/dev/null
    as_root touch "$debian/etc/hosts" "$debian/complete"
}

# inside COMMAND...: runs a command in this folder, in the Debian of make_debian.
inside() {
    as_root mkdir -p "$debian$root"
    # shellcheck disable=SC2016 -- the inner shells expand the variables
    as_root unshare --mount --propagation private bash -c '
        debian=$0 root=$1
        shift
        mount -t proc proc "$debian/proc" &&
            mount --rbind /dev "$debian/dev" &&
            mount --bind /etc/hosts "$debian/etc/hosts" &&
            mount --bind "$root" "$debian$root" &&
            exec chroot "$debian" env HOME=/root bash -c "cd \"\$0\" && exec \"\$@\"" "$root" "$@"
    ' "$debian" "$root" "$@"
}

# some_tests DIRECTORY -- CMAKE ARGUMENTS: builds and runs the tests that a newer compiler or library
# is most likely to break.
some_tests() {
    local directory=$1 folders=(app async json reflect schema server)
    local files='app/.*|async/.*|json/(codec|decode|value)|reflect/.*|schema/types_.*'
    files+='|server/(prompt|reflected_tools|resource|tool)'
    shift 2
    configure_and_build "$directory" "${folders[*]/#/test_}" -- -DCMAKE_BUILD_TYPE=Debug \
        "-DASIO_MCP_TESTS=$files" -DCMAKE_CXX_FLAGS_DEBUG=-g0 \
        -DASIO_MCP_BUILD_EXAMPLES=OFF -DASIO_MCP_BUILD_APPS=OFF -DASIO_MCP_BUILD_BENCH=OFF "$@" &&
        ctest --test-dir "$directory" --output-on-failure --no-tests=error -j "$(nproc)" \
            -R "^($(IFS='|' && echo "${folders[*]}"))\\."
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
