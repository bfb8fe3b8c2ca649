import re
from pathlib import Path

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import load


class AsioMcp(ConanFile):
    name = "asio-mcp"
    description = "Header-only C++20 coroutine framework for Model Context Protocol servers"
    license = "MIT"
    settings = "os", "compiler", "build_type", "arch"
    # There is no component jwt: ConanCenter has no cjose. The component is offered where the system
    # has cjose, and OpenSSL.
    options = {name: [True, False] for name in ("app", "compiled", "re2", "redis", "sqlite", "tls",
                                             "zlib")}
    default_options = {"app": True, "compiled": False, "re2": False, "redis": False,
                       "sqlite": False, "tls": False, "zlib": False}
    exports_sources = "CMakeLists.txt", "cmake/*", "include/*", "src/*", "LICENSE"
    no_copy_source = True

    def set_version(self):
        text = load(self, str(Path(self.recipe_folder) / "include/mcp/version.hpp"))
        self.version = re.search(r'MCP_VERSION_STRING "([^"]+)"', text).group(1)

    def requirements(self):
        self.requires("asio/[>=1.22]", transitive_headers=True)
        self.requires("boost/[>=1.81]", transitive_headers=True, transitive_libs=True)
        if self.options.app:
            self.requires("cli11/[>=2.1]", transitive_headers=True)
        if self.options.re2:
            self.requires("re2/[>=20220601]", transitive_headers=True, transitive_libs=True)
        if self.options.redis:
            self.requires("hiredis/[>=0.14]", transitive_headers=True, transitive_libs=True)
        if self.options.sqlite:
            self.requires("sqlite3/[>=3.37]", transitive_headers=True, transitive_libs=True)
        if self.options.tls:
            self.requires("openssl/[>=3]", transitive_headers=True, transitive_libs=True)
        if self.options.zlib:
            self.requires("zlib/[>=1.2.11]", transitive_headers=True, transitive_libs=True)

    def configure(self):
        self.package_type = "static-library" if self.options.compiled else "header-library"

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for option in ("TESTS", "EXAMPLES", "BENCH"):
            toolchain.cache_variables[f"ASIO_MCP_BUILD_{option}"] = False
        toolchain.cache_variables["ASIO_MCP_INSTALL_COMPILED"] = bool(self.options.compiled)
        toolchain.generate()

    def build(self):
        if self.options.compiled:
            cmake = CMake(self)
            cmake.configure()
            cmake.build()

    def package(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.install()

    def package_id(self):
        if not self.info.options.compiled:
            self.info.clear()

    def package_info(self):
        # The CMake package that was installed knows its targets and their dependencies.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs.append("share/cmake/asio-mcp")
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
