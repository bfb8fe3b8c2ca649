# Options for tests, examples and benchmarks, but not for users' code. They link mcp_development, the
# compiled form, or mcp_header_only.

# g++ 12 reports false overlaps in std::string when it optimises (GCC bug 105651), and has more such
# warnings at -O3.
add_library(mcp_flags INTERFACE)
target_compile_options(mcp_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<AND:$<BOOL:${ASIO_MCP_WERROR}>,$<NOT:$<CONFIG:Release>>>:-Werror>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
if(ASIO_MCP_SANITIZE)
    target_compile_options(mcp_flags INTERFACE
        -fsanitize=${ASIO_MCP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(mcp_flags INTERFACE -fsanitize=${ASIO_MCP_SANITIZE})
endif()

add_library(mcp_header_only INTERFACE)
target_link_libraries(mcp_header_only INTERFACE mcp_flags asio-mcp)
add_library(mcp_development INTERFACE)
target_link_libraries(mcp_development INTERFACE mcp_flags asio-mcp-compiled)
target_link_libraries(asio-mcp-compiled PRIVATE $<BUILD_INTERFACE:mcp_flags>)
foreach(name IN LISTS mcp_components)
    target_link_libraries(mcp_header_only INTERFACE asio-mcp::${name})
    target_link_libraries(mcp_development INTERFACE asio-mcp-compiled-${name})
    target_link_libraries(asio-mcp-compiled-${name} PRIVATE $<BUILD_INTERFACE:mcp_flags>)
endforeach()

# <mcp/redis/tls.hpp> is tested only if hiredis has TLS. That of Debian 12 has no TLS.
find_library(HIREDIS_SSL_LIBRARY hiredis_ssl)
mark_as_advanced(HIREDIS_SSL_LIBRARY)
if(HIREDIS_SSL_LIBRARY)
    target_link_libraries(mcp_flags INTERFACE "${HIREDIS_SSL_LIBRARY}")
endif()
