# Options of a build of this tree. A project that adds asio-mcp as a subdirectory gets only the
# library.
option(ASIO_MCP_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(ASIO_MCP_BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(ASIO_MCP_BUILD_APPS "Build the program mcp" ${PROJECT_IS_TOP_LEVEL})
option(ASIO_MCP_BUILD_BENCH "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(ASIO_MCP_BUILD_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(ASIO_MCP_INSTALL "Make install rules" ${PROJECT_IS_TOP_LEVEL})
option(ASIO_MCP_WERROR "Treat warnings in tests, examples and benchmarks as errors"
       ${PROJECT_IS_TOP_LEVEL})
option(ASIO_MCP_INSTALL_COMPILED "Also build and install the compiled form" OFF)
set(ASIO_MCP_SANITIZE "" CACHE STRING "Sanitizers for everything built here, e.g. address,undefined")

if(PROJECT_IS_TOP_LEVEL)
    set(CMAKE_CXX_EXTENSIONS OFF)
    find_program(ASIO_MCP_CCACHE ccache)
    mark_as_advanced(ASIO_MCP_CCACHE)
    if(ASIO_MCP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        # A precompiled header has timestamps; without this setting ccache never hits with one.
        set(sloppy pch_defines,time_macros,include_file_mtime,include_file_ctime)
        set(CMAKE_CXX_COMPILER_LAUNCHER
            "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=${sloppy};CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};CCACHE_NOHASHDIR=1;${ASIO_MCP_CCACHE}")
    endif()
endif()
