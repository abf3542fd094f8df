# libasyncscope for other programs: headers, both kinds of the library, a CMake
# package (find_package(asyncscope): asyncscope::asyncscope, ::shared) and a
# pkg-config file. With the server also libasyncscope_debug, both kinds of it:
# the component `debug` (asyncscope::debug, ::debug_shared) and asyncscope-debug.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/asyncscope)
set(library_targets asyncscope_static asyncscope_shared asyncscope_hooks_api
  asyncscope_als_api asyncscope_worker_pool_api)
set(library_headers hooks als worker_pool)
set_target_properties(asyncscope_static PROPERTIES EXPORT_NAME asyncscope)
set_target_properties(asyncscope_shared PROPERTIES EXPORT_NAME shared)
if(ASYNCSCOPE_SERVER)
  list(APPEND library_headers server/debug server/listener)
endif()

install(TARGETS ${library_targets} EXPORT asyncscope COMPONENT library)
foreach(room IN LISTS library_headers)
  install(DIRECTORY ${room}/include/asyncscope
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
endforeach()

install(EXPORT asyncscope NAMESPACE asyncscope::
  FILE asyncscopeTargets.cmake DESTINATION ${package_dir} COMPONENT library)
if(ASYNCSCOPE_SERVER)
  install(TARGETS asyncscope_debug_static asyncscope_debug_shared
    EXPORT asyncscope_debug COMPONENT library)
  install(EXPORT asyncscope_debug NAMESPACE asyncscope::
    FILE asyncscopeDebugTargets.cmake DESTINATION ${package_dir}
    COMPONENT library)
  install(FILES cmake/FindJansson.cmake cmake/Findllhttp.cmake
    DESTINATION ${package_dir} COMPONENT library)
  configure_file(cmake/asyncscope-debug.pc.in asyncscope-debug.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/asyncscope-debug.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
endif()
configure_file(cmake/asyncscopeConfig.cmake.in asyncscopeConfig.cmake @ONLY)
configure_file(cmake/asyncscope.pc.in asyncscope.pc @ONLY)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/asyncscopeConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/FindLibUV.cmake
  ${PROJECT_BINARY_DIR}/asyncscopeConfig.cmake
  ${PROJECT_BINARY_DIR}/asyncscopeConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/asyncscope.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
