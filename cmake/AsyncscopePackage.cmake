# Debian packages, one for each component: `cpack --config
# build/package/CPackConfig.cmake` after scripts/build package.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "asyncscope")
set(CPACK_PACKAGE_CONTACT "${ASYNCSCOPE_MAINTAINER}")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "async hooks for programs on libuv")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL runtime development)
if(ASYNCSCOPE_SERVER)
  list(APPEND CPACK_COMPONENTS_ALL debug server)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY >=)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}
  ${PROJECT_BINARY_DIR}/server)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(package_version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
set(soname ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libasyncscope${soname})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/triggers)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
  "async hooks and async-local storage for programs on libuv
Node's async_hooks, AsyncLocalStorage and AsyncResource for C, a thread pool
bound to its callers' context, and live diagnostics over HTTP.")

set(CPACK_DEBIAN_DEBUG_PACKAGE_NAME libasyncscope-debug${soname})
set(CPACK_DEBIAN_DEBUG_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEBUG_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/triggers)
set(CPACK_COMPONENT_DEBUG_DESCRIPTION
  "live diagnostics over HTTP for programs on libuv
What libasyncscope knows of a program's handles, requests and threads, at
/debug on a thread of its own.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libasyncscope-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "libasyncscope${soname} (= ${package_version}), libuv1-dev")
if(ASYNCSCOPE_SERVER)
  string(APPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    ", libasyncscope-debug${soname} (= ${package_version}), libjansson-dev, zlib1g-dev")
endif()
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
  "async hooks and async-local storage for libuv (development files)
Headers, static libraries, CMake package, pkg-config files and manual of
libasyncscope and libasyncscope_debug.")

set(CPACK_DEBIAN_SERVER_PACKAGE_NAME asyncscope)
set(CPACK_DEBIAN_SERVER_PACKAGE_SECTION net)
set(CPACK_COMPONENT_SERVER_DESCRIPTION
  "HTTP server that shows the async life of a program
Serves HTTP/1.1 on libuv with a context for each request, and shows at /debug
what is alive, why, for which request, since when and on which thread.")

# What Debian wants beside the files of every package.
string(TIMESTAMP changelog_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(packaging/changelog.in changelog.Debian @ONLY)
asyncscope_compress(CHANGELOG.md changelog.gz)
asyncscope_compress(${PROJECT_BINARY_DIR}/changelog.Debian changelog.Debian.gz)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  install(FILES packaging/copyright ${PROJECT_BINARY_DIR}/changelog.gz
    ${PROJECT_BINARY_DIR}/changelog.Debian.gz COMPONENT ${component}
    DESTINATION
      ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
endforeach()
include(CPack)
