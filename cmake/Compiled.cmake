# Defines asio-mcp::compiled, the library with its function bodies compiled once, and
# asio-mcp::compiled_<name> for components. They have the flags of the project that builds them, and
# are built when a target links them. This tree and the installed package include this file.

# asio_mcp_add_compiled(DIRECTORY COMPONENT...): DIRECTORY has a source file for each part.
function(asio_mcp_add_compiled directory)
    set(sources client foundation http collaborators server testing transport)
    list(TRANSFORM sources REPLACE "(.+)" "${directory}/\\1.cpp")
    add_library(asio-mcp-compiled STATIC EXCLUDE_FROM_ALL ${sources})
    target_link_libraries(asio-mcp-compiled PUBLIC asio-mcp::asio-mcp)
    target_compile_definitions(asio-mcp-compiled PUBLIC MCP_SEPARATE_COMPILATION)
    set_target_properties(asio-mcp-compiled PROPERTIES EXPORT_NAME compiled OUTPUT_NAME asio-mcp)
    add_library(asio-mcp::compiled ALIAS asio-mcp-compiled)
    foreach(name IN LISTS ARGN)
        set(target asio-mcp-compiled-${name})
        add_library(${target} STATIC EXCLUDE_FROM_ALL "${directory}/${name}.cpp")
        target_link_libraries(${target} PUBLIC asio-mcp-compiled asio-mcp::${name})
        set_target_properties(${target} PROPERTIES EXPORT_NAME compiled_${name}
                                                   OUTPUT_NAME asio-mcp-${name})
        add_library(asio-mcp::compiled_${name} ALIAS ${target})
    endforeach()
endfunction()
