# Defines cjose::cjose. Does not use cjose's pkg-config file, which fails without that of jansson.
# Installed beside asio-mcp's package file, whose component jwt needs it.

find_package(cjose CONFIG QUIET)
if(NOT TARGET cjose::cjose)
    find_path(CJOSE_INCLUDE_DIR cjose/cjose.h)
    find_library(CJOSE_LIBRARY cjose)
    mark_as_advanced(CJOSE_INCLUDE_DIR CJOSE_LIBRARY)
    include(FindPackageHandleStandardArgs)
    find_package_handle_standard_args(cjose REQUIRED_VARS CJOSE_LIBRARY CJOSE_INCLUDE_DIR)
    if(cjose_FOUND)
        add_library(cjose::cjose UNKNOWN IMPORTED)
        set_target_properties(cjose::cjose PROPERTIES
            IMPORTED_LOCATION "${CJOSE_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${CJOSE_INCLUDE_DIR}")
    endif()
endif()
