include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# The library is header-only and does not depend on the machine, so everything goes to share/.
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/asio-mcp")

install(TARGETS ${mcp_targets} EXPORT asio-mcp-targets FILE_SET HEADERS)
install(EXPORT asio-mcp-targets NAMESPACE asio-mcp:: DESTINATION "${package_dir}")

configure_package_config_file(cmake/asio-mcp-config.cmake.in asio-mcp-config.cmake
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(asio-mcp-config-version.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/asio-mcp-config.cmake"
              "${PROJECT_BINARY_DIR}/asio-mcp-config-version.cmake"
              cmake/Findasio.cmake cmake/Findcjose.cmake cmake/Findhiredis.cmake
              cmake/Findre2.cmake
        DESTINATION "${package_dir}")

configure_file(cmake/asio-mcp.pc.in asio-mcp.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/asio-mcp.pc" DESTINATION
                                                  "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/asio-mcp")
