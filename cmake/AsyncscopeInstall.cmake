# libasyncscope for other programs: headers, both kinds of the library, a CMake
# package (find_package(asyncscope): asyncscope::asyncscope, ::shared) and a
# pkg-config file. With the server also libasyncscope_debug, both kinds of it:
# the component `debug` (asyncscope::debug, ::debug_shared) and asyncscope-debug.
#
# What is installed has components, which are also the packages of
# AsyncscopePackage: runtime and debug (what a program needs to run; only debug
# needs jansson and zlib), development (to be built) and server.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/asyncscope)
# `cmake --install --prefix`, a package and a copy all move it, so the pkg-config
# files find the prefix from where they lie.
file(RELATIVE_PATH ASYNCSCOPE_PC_TO_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
set(library_targets asyncscope_static asyncscope_shared asyncscope_hooks_api
  asyncscope_als_api asyncscope_worker_pool_api)
set(library_headers hooks als worker_pool)
set_target_properties(asyncscope_static PROPERTIES EXPORT_NAME asyncscope)
set_target_properties(asyncscope_shared PROPERTIES EXPORT_NAME shared)
if(ASYNCSCOPE_SERVER)
  list(APPEND library_headers server/debug server/listener server/otlp)
endif()

# asyncscope_install_library(<export set> <component> <target>...)
function(asyncscope_install_library export component)
  install(TARGETS ${ARGN} EXPORT ${export}
    LIBRARY COMPONENT ${component} NAMELINK_COMPONENT development
    ARCHIVE COMPONENT development)
endfunction()

asyncscope_install_library(asyncscope runtime ${library_targets})
foreach(room IN LISTS library_headers)
  install(DIRECTORY ${room}/include/asyncscope
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
endforeach()

install(EXPORT asyncscope NAMESPACE asyncscope::
  FILE asyncscopeTargets.cmake DESTINATION ${package_dir} COMPONENT development)
if(ASYNCSCOPE_SERVER)
  asyncscope_install_library(asyncscope_debug debug
    asyncscope_debug_static asyncscope_debug_shared)
  install(EXPORT asyncscope_debug NAMESPACE asyncscope::
    FILE asyncscopeDebugTargets.cmake DESTINATION ${package_dir}
    COMPONENT development)
  # What who links the archive needs besides: llhttp where it is shared.
  if(NOT TARGET asyncscope_llhttp AND NOT llhttp_LIBRARY MATCHES "[.]a$")
    set(ASYNCSCOPE_DEBUG_LIBS_PRIVATE -lllhttp)
  endif()
  install(FILES cmake/FindJansson.cmake cmake/Findllhttp.cmake
    DESTINATION ${package_dir} COMPONENT development)
  configure_file(cmake/asyncscope-debug.pc.in asyncscope-debug.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/asyncscope-debug.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endif()
configure_file(cmake/asyncscopeConfig.cmake.in asyncscopeConfig.cmake @ONLY)
configure_file(cmake/asyncscope.pc.in asyncscope.pc @ONLY)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/asyncscopeConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/FindLibUV.cmake
  ${PROJECT_BINARY_DIR}/asyncscopeConfig.cmake
  ${PROJECT_BINARY_DIR}/asyncscopeConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)
install(FILES ${PROJECT_BINARY_DIR}/asyncscope.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

configure_file(cmake/uninstall.cmake.in uninstall.cmake @ONLY)
if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(uninstall
    COMMAND ${CMAKE_COMMAND} -P ${PROJECT_BINARY_DIR}/uninstall.cmake VERBATIM)
endif()

# gdb loads a script by itself that lies under the path of what it is for.
set(gdb_scripts ${CMAKE_INSTALL_DATADIR}/gdb/auto-load)
install(FILES tools/asyncscope-gdb.py COMPONENT runtime
  DESTINATION ${gdb_scripts}${CMAKE_INSTALL_FULL_LIBDIR}
  RENAME libasyncscope.so.${PROJECT_VERSION}-gdb.py)
if(ASYNCSCOPE_SERVER)
  install(FILES tools/asyncscope-gdb.py COMPONENT server
    DESTINATION ${gdb_scripts}${CMAKE_INSTALL_FULL_BINDIR})
endif()

# asyncscope_compress(<file> <name>): into the build directory, the same bytes
# each time
find_program(ASYNCSCOPE_GZIP gzip REQUIRED)
function(asyncscope_compress file name)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  execute_process(COMMAND ${ASYNCSCOPE_GZIP} -9nc ${file}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_FILE ${PROJECT_BINARY_DIR}/${name} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

asyncscope_compress(docs/man/asyncscope.3 asyncscope.3.gz)
install(FILES ${PROJECT_BINARY_DIR}/asyncscope.3.gz
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man3 COMPONENT development)
if(ASYNCSCOPE_SERVER)
  install(FILES ${PROJECT_BINARY_DIR}/asyncscope.1.gz
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT server)
  install(FILES packaging/asyncscope.bash RENAME asyncscope
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    COMPONENT server)
  install(FILES packaging/_asyncscope
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
    COMPONENT server)
endif()
