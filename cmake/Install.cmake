include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# Headers and sources do not depend on the machine, so all but the compiled form goes to share/.
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/asio-mcp")

install(TARGETS ${mcp_targets} EXPORT asio-mcp-targets FILE_SET HEADERS)
install(EXPORT asio-mcp-targets NAMESPACE asio-mcp:: DESTINATION "${package_dir}")

configure_package_config_file(cmake/asio-mcp-config.cmake.in asio-mcp-config.cmake
                              INSTALL_DESTINATION "${package_dir}")
set(any_machine ARCH_INDEPENDENT)
if(ASIO_MCP_INSTALL_COMPILED)
    set(any_machine "")
    set(compiled asio-mcp-compiled)
    foreach(name IN LISTS mcp_components)
        list(APPEND compiled asio-mcp-compiled-${name})
    endforeach()
    set_target_properties(${compiled} PROPERTIES EXCLUDE_FROM_ALL OFF)
    install(TARGETS ${compiled} EXPORT asio-mcp-compiled-targets)
    install(EXPORT asio-mcp-compiled-targets NAMESPACE asio-mcp:: DESTINATION "${package_dir}")
endif()
write_basic_package_version_file(asio-mcp-config-version.cmake
                                 COMPATIBILITY SameMinorVersion ${any_machine})
install(FILES "${PROJECT_BINARY_DIR}/asio-mcp-config.cmake"
              "${PROJECT_BINARY_DIR}/asio-mcp-config-version.cmake"
              cmake/Findasio.cmake cmake/Findcjose.cmake cmake/Findhiredis.cmake
              cmake/Findre2.cmake cmake/Compiled.cmake
        DESTINATION "${package_dir}")
install(DIRECTORY src DESTINATION "${package_dir}")

# pkg_config(NAME ARGUMENTS...): installs NAME.pc, which adds to another package or to libraries. It
# finds the prefix from where it lies, so that `cmake --install --prefix` may choose it.
function(pkg_config name)
    cmake_parse_arguments(PARSE_ARGV 1 pc "" "REQUIRES;CFLAGS;LIBS;DIRECTORY" "")
    set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
    if(NOT IS_ABSOLUTE "${pc_DIRECTORY}")
        file(RELATIVE_PATH up "/prefix/${pc_DIRECTORY}/pkgconfig" /prefix)
        set(pc_prefix "\${pcfiledir}/${up}")
    endif()
    configure_file(cmake/asio-mcp.pc.in ${name}.pc @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${pc_DIRECTORY}/pkgconfig")
endfunction()
pkg_config(asio-mcp DIRECTORY "${CMAKE_INSTALL_DATADIR}"
           CFLAGS "-I\${includedir} -DASIO_STANDALONE -DASIO_HAS_CO_AWAIT=1 -pthread"
           LIBS "-lboost_json -lboost_url -lboost_container -pthread")
set(libs_app "")
set(libs_jwt "-lcjose -lssl -lcrypto")
set(libs_re2 "-lre2")
set(libs_redis "-lhiredis")
set(libs_sqlite "-lsqlite3")
set(libs_tls "-lssl -lcrypto")
set(libs_zlib "-lz")
foreach(name IN LISTS mcp_components)
    pkg_config(asio-mcp-${name} DIRECTORY "${CMAKE_INSTALL_DATADIR}" REQUIRES asio-mcp
               LIBS "${libs_${name}}")
endforeach()
if(ASIO_MCP_INSTALL_COMPILED)
    pkg_config(asio-mcp-compiled DIRECTORY "${CMAKE_INSTALL_LIBDIR}" REQUIRES asio-mcp
               CFLAGS "-DMCP_SEPARATE_COMPILATION" LIBS "-L\${libdir} -lasio-mcp")
    foreach(name IN LISTS mcp_components)
        pkg_config(asio-mcp-compiled-${name} DIRECTORY "${CMAKE_INSTALL_LIBDIR}"
                   REQUIRES "asio-mcp-compiled asio-mcp-${name}"
                   LIBS "-L\${libdir} -lasio-mcp-${name}")
    endforeach()
endif()
# If it has been built.
if(TARGET mcp_program)
    install(TARGETS mcp_program OPTIONAL)
endif()
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/asio-mcp")
