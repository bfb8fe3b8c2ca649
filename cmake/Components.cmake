# The library: asio-mcp::asio-mcp, and one target more for each part that needs another library.
# A component is found when its library is; MCP_COMPONENT_<NAME>=OFF leaves it out.

find_package(asio 1.22 REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS json url)
find_package(Threads REQUIRED)

# The headers of each component, as patterns below include/. What no pattern names is core.
set(mcp_component_names app redis tls)
set(mcp_headers_app "mcp/app/.*\\.hpp")
set(mcp_headers_redis "mcp/(redis/.*|[^/]*/redis_[^/]*)\\.hpp")
set(mcp_headers_tls "mcp/(state/seal[^/]*|state/[^/]*_sealed|http/tls[^/]*)\\.hpp")

set(mcp_needs_app CLI11)
set(mcp_links_app CLI11::CLI11)
set(mcp_needs_redis hiredis)
set(mcp_links_redis hiredis::hiredis)
set(mcp_needs_tls OpenSSL)
set(mcp_links_tls OpenSSL::SSL OpenSSL::Crypto)

set(mcp_include "${PROJECT_SOURCE_DIR}/include")
file(GLOB_RECURSE mcp_all_headers CONFIGURE_DEPENDS RELATIVE "${mcp_include}"
     "${mcp_include}/*.hpp")
set(mcp_core_headers ${mcp_all_headers})

function(mcp_header_target target)
    list(TRANSFORM ARGN PREPEND "${mcp_include}/")
    add_library(${target} INTERFACE)
    target_sources(${target} INTERFACE FILE_SET HEADERS BASE_DIRS "${mcp_include}" FILES ${ARGN})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS
                                               ${PROJECT_IS_TOP_LEVEL})
endfunction()

set(mcp_targets asio-mcp)
set(mcp_components "")
foreach(name IN LISTS mcp_component_names)
    set(headers ${mcp_all_headers})
    list(FILTER headers INCLUDE REGEX "^${mcp_headers_${name}}$")
    list(FILTER mcp_core_headers EXCLUDE REGEX "^${mcp_headers_${name}}$")
    string(TOUPPER ${name} upper)
    option(MCP_COMPONENT_${upper} "Offer asio-mcp::${name} when ${mcp_needs_${name}} is found" ON)
    if(NOT MCP_COMPONENT_${upper} OR NOT headers)
        continue()
    endif()
    find_package(${mcp_needs_${name}} QUIET)
    if(NOT ${mcp_needs_${name}}_FOUND)
        message(STATUS "asio-mcp: no ${mcp_needs_${name}}, so no component ${name}")
        continue()
    endif()
    mcp_header_target(asio-mcp-${name} ${headers})
    target_link_libraries(asio-mcp-${name} INTERFACE asio-mcp ${mcp_links_${name}})
    set_target_properties(asio-mcp-${name} PROPERTIES EXPORT_NAME ${name})
    add_library(asio-mcp::${name} ALIAS asio-mcp-${name})
    list(APPEND mcp_targets asio-mcp-${name})
    list(APPEND mcp_components ${name})
endforeach()

mcp_header_target(asio-mcp ${mcp_core_headers})
add_library(asio-mcp::asio-mcp ALIAS asio-mcp)
target_compile_features(asio-mcp INTERFACE cxx_std_20)
# Asio 1.22 does not know that clang has coroutines; for others and newer ones it changes nothing.
target_compile_definitions(asio-mcp INTERFACE ASIO_HAS_CO_AWAIT=1)
target_link_libraries(asio-mcp INTERFACE asio::asio Boost::headers Boost::json Boost::url
                                         Threads::Threads)
