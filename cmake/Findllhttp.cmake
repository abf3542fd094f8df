# Defines llhttp::llhttp.
#
# Debian 13 and later package the library (libllhttp-dev), of which the archive is
# preferred: its names can be hidden from whoever links ours. Debian 12 has only
# the C sources, in the package node-llhttp: they are compiled here, strictly.
# LLHTTP_ROOT (cache variable or environment) names a tree into which either
# package was unpacked without being installed; where it has one, what is
# installed is not looked at.
set(LLHTTP_ROOT "" CACHE PATH
  "Tree into which libllhttp-dev or node-llhttp was unpacked")
set(llhttp_root ${LLHTTP_ROOT} $ENV{LLHTTP_ROOT})
set(llhttp_only)

find_path(llhttp_INCLUDE_DIR llhttp.h
  HINTS ${llhttp_root}
  PATH_SUFFIXES usr/include usr/share/include/llhttp share/include/llhttp
    include
  PATHS /usr/share/include/llhttp)
foreach(tree IN LISTS llhttp_root)
  cmake_path(IS_PREFIX tree "${llhttp_INCLUDE_DIR}" NORMALIZE llhttp_unpacked)
  if(llhttp_unpacked)
    set(llhttp_only NO_DEFAULT_PATH)
  endif()
endforeach()
find_library(llhttp_LIBRARY NAMES libllhttp.a llhttp HINTS ${llhttp_root}
  PATH_SUFFIXES usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} usr/lib lib
  ${llhttp_only})
find_path(llhttp_SOURCE_DIR llhttp.c HINTS ${llhttp_root}
  PATH_SUFFIXES usr/share/llhttp share/llhttp
  PATHS /usr/share/llhttp)
mark_as_advanced(llhttp_INCLUDE_DIR llhttp_LIBRARY llhttp_SOURCE_DIR)

if(llhttp_INCLUDE_DIR)
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${llhttp_INCLUDE_DIR}/llhttp.h llhttp_line
      REGEX "#define LLHTTP_VERSION_${part} ")
    string(REGEX MATCH "[0-9]+" llhttp_${part} "${llhttp_line}")
  endforeach()
  set(llhttp_VERSION ${llhttp_MAJOR}.${llhttp_MINOR}.${llhttp_PATCH})
endif()
if(llhttp_LIBRARY)
  set(llhttp_ORIGIN ${llhttp_LIBRARY})
elseif(llhttp_SOURCE_DIR)
  set(llhttp_ORIGIN ${llhttp_SOURCE_DIR})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(llhttp
  REQUIRED_VARS llhttp_ORIGIN llhttp_INCLUDE_DIR
  VERSION_VAR llhttp_VERSION
  REASON_FAILURE_MESSAGE "Debian 13: libllhttp-dev. Debian 12: node-llhttp, \
installed or unpacked into LLHTTP_ROOT")

if(llhttp_FOUND AND NOT TARGET llhttp::llhttp)
  if(llhttp_LIBRARY)
    add_library(llhttp::llhttp UNKNOWN IMPORTED)
    set_target_properties(llhttp::llhttp PROPERTIES
      IMPORTED_LOCATION ${llhttp_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${llhttp_INCLUDE_DIR})
  else()
    add_library(asyncscope_llhttp STATIC ${llhttp_SOURCE_DIR}/api.c
      ${llhttp_SOURCE_DIR}/http.c ${llhttp_SOURCE_DIR}/llhttp.c)
    set_target_properties(asyncscope_llhttp PROPERTIES
      POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
    target_compile_definitions(asyncscope_llhttp PRIVATE LLHTTP_STRICT_MODE=1)
    target_compile_options(asyncscope_llhttp PRIVATE -w)
    target_include_directories(asyncscope_llhttp SYSTEM PUBLIC
      ${llhttp_INCLUDE_DIR})
    asyncscope_instrument(asyncscope_llhttp)
    add_library(llhttp::llhttp ALIAS asyncscope_llhttp)
  endif()
endif()
