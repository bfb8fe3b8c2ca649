# Defines asio::asio, standalone Asio. Conan and vcpkg ship a package of this name; Debian ships
# only headers. Installed beside asio-mcp's package file, which needs it, too.

find_package(asio CONFIG QUIET)
if(NOT TARGET asio::asio)
    find_path(ASIO_INCLUDE_DIR asio.hpp)
    mark_as_advanced(ASIO_INCLUDE_DIR)
    if(ASIO_INCLUDE_DIR)
        # ASIO_VERSION % 100 is the sub-minor version, / 100 % 1000 the minor, / 100000 the major.
        file(STRINGS "${ASIO_INCLUDE_DIR}/asio/version.hpp" line REGEX "define ASIO_VERSION ")
        string(REGEX MATCH "[0-9]+" number "${line}")
        math(EXPR major "${number} / 100000")
        math(EXPR minor "${number} / 100 % 1000")
        math(EXPR patch "${number} % 100")
        set(asio_VERSION "${major}.${minor}.${patch}")
    endif()
    include(FindPackageHandleStandardArgs)
    find_package_handle_standard_args(asio REQUIRED_VARS ASIO_INCLUDE_DIR
                                      VERSION_VAR asio_VERSION)
    if(asio_FOUND)
        add_library(asio::asio INTERFACE IMPORTED)
        set_target_properties(asio::asio PROPERTIES
            INTERFACE_INCLUDE_DIRECTORIES "${ASIO_INCLUDE_DIR}")
    endif()
endif()
if(TARGET asio::asio)
    set(asio_FOUND TRUE)
    get_target_property(definitions asio::asio INTERFACE_COMPILE_DEFINITIONS)
    if(NOT "ASIO_STANDALONE" IN_LIST definitions)
        set_property(TARGET asio::asio APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS
                                                       ASIO_STANDALONE)
    endif()
endif()
