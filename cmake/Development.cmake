# Options for tests, examples and benchmarks, but not for users' code.

add_library(mcp_development INTERFACE)
target_compile_options(mcp_development INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<BOOL:${MCP_WERROR}>:-Werror>
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
if(MCP_SANITIZE)
    target_compile_options(mcp_development INTERFACE
        -fsanitize=${MCP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(mcp_development INTERFACE -fsanitize=${MCP_SANITIZE})
endif()
target_link_libraries(mcp_development INTERFACE asio-mcp)
foreach(name IN LISTS mcp_components)
    target_link_libraries(mcp_development INTERFACE asio-mcp::${name})
endforeach()

# <mcp/redis/tls.hpp> is tested only if hiredis has TLS. That of Debian 12 has no TLS.
find_package(hiredis_ssl CONFIG QUIET)
if(TARGET hiredis::hiredis_ssl)
    target_link_libraries(mcp_development INTERFACE hiredis::hiredis_ssl)
endif()
