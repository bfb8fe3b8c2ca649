# Defines re2::re2. RE2 has a package file that defines it, but Debian 12 ships none. Installed
# beside asio-mcp's package file, whose component re2 needs it.

find_package(re2 CONFIG QUIET)
if(NOT TARGET re2::re2)
    find_path(RE2_INCLUDE_DIR re2/re2.h)
    find_library(RE2_LIBRARY re2)
    mark_as_advanced(RE2_INCLUDE_DIR RE2_LIBRARY)
    include(FindPackageHandleStandardArgs)
    find_package_handle_standard_args(re2 REQUIRED_VARS RE2_LIBRARY RE2_INCLUDE_DIR)
    if(re2_FOUND)
        add_library(re2::re2 UNKNOWN IMPORTED)
        set_target_properties(re2::re2 PROPERTIES
            IMPORTED_LOCATION "${RE2_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${RE2_INCLUDE_DIR}")
    endif()
endif()
