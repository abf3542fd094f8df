# Defines LibUV::LibUV.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_LibUV QUIET libuv)
endif()
find_path(LibUV_INCLUDE_DIR uv.h HINTS ${PC_LibUV_INCLUDE_DIRS})
find_library(LibUV_LIBRARY uv HINTS ${PC_LibUV_LIBRARY_DIRS})
mark_as_advanced(LibUV_INCLUDE_DIR LibUV_LIBRARY)

# Of the header that is used: pkg-config may know another one.
if(LibUV_INCLUDE_DIR)
  file(STRINGS ${LibUV_INCLUDE_DIR}/uv/version.h version_lines
    REGEX "^#define UV_VERSION_(MAJOR|MINOR|PATCH) ")
  list(TRANSFORM version_lines REPLACE "^.* " "")
  list(JOIN version_lines "." LibUV_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibUV
  REQUIRED_VARS LibUV_LIBRARY LibUV_INCLUDE_DIR
  VERSION_VAR LibUV_VERSION
  REASON_FAILURE_MESSAGE "Debian: libuv1-dev")

if(LibUV_FOUND AND NOT TARGET LibUV::LibUV)
  add_library(LibUV::LibUV UNKNOWN IMPORTED)
  set_target_properties(LibUV::LibUV PROPERTIES
    IMPORTED_LOCATION ${LibUV_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${LibUV_INCLUDE_DIR})
endif()
