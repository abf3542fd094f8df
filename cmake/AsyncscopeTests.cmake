# asyncscope_add_tests(<name> SOURCES file... [LIBRARIES target...]
#   [ROOMS dir...] [LABEL label] [TIMEOUT seconds] [SERIAL] [ENVIRONMENT X=Y...])
#
# Builds one cmocka program and registers one CTest test for each function
# handed to a cmocka_unit_test*() macro in its sources, run as `<program> <fn>`
# in a process of its own. Under a launcher, which takes longer to start than
# most tests to run, a program is one CTest test, `<launcher> <program> --each`:
# it forks a process for each of its functions.
#
# LIBRARIES    what is tested; without it asyncscope::asyncscope
# ROOMS        rooms (hooks, server/http, ...) whose private headers it includes
# LABEL        without it ASYNCSCOPE_TEST_LABEL of the directory
# SERIAL       no other test runs beside it
# ENVIRONMENT  further variables of the test's process
#
# Every test finds in its environment
#   ASYNCSCOPE_SERVER_BINARY  the path of the server
#   ASYNCSCOPE_SOURCE_DIR     the root of the checkout
#   ASYNCSCOPE_TEST_LOAD      full; or reduced, where everything is much slower
#   ASYNCSCOPE_TEST_WRAPPER   what to start the server under, if anything

set(ASYNCSCOPE_TEST_LAUNCHER "" CACHE STRING
  "Command to run unit tests, and the server of end-to-end tests, under: a list")
set(ASYNCSCOPE_TEST_LOAD full CACHE STRING "Load of the tests: full or reduced")
set(ASYNCSCOPE_TEST_TIMEOUT_FACTOR 1 CACHE STRING
  "What the timeouts of the tests are multiplied by")

function(asyncscope_add_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "LABEL;TIMEOUT"
    "SOURCES;LIBRARIES;ROOMS;ENVIRONMENT")
  if(NOT arg_LIBRARIES)
    set(arg_LIBRARIES asyncscope::asyncscope)
  endif()
  add_executable(${name} ${arg_SOURCES})
  asyncscope_compile(${name})
  target_link_libraries(${name} PRIVATE asyncscope_test_support
    ${arg_LIBRARIES})
  foreach(room IN LISTS arg_ROOMS)
    target_compile_options(${name} PRIVATE
      "SHELL:-iquote ${PROJECT_SOURCE_DIR}/${room}")
  endforeach()
  asyncscope_test_functions(functions ${arg_SOURCES})
  # Of the other labels the server is what the launcher is for.
  if(ASYNCSCOPE_TEST_LAUNCHER AND ASYNCSCOPE_TEST_LABEL STREQUAL unit)
    add_test(NAME ${name}
      COMMAND ${ASYNCSCOPE_TEST_LAUNCHER} $<TARGET_FILE:${name}> --each)
    asyncscope_test_properties(${name})
    return()
  endif()
  foreach(function IN LISTS functions)
    add_test(NAME ${name}.${function}
      COMMAND $<TARGET_FILE:${name}> ${function})
    asyncscope_test_properties(${name}.${function})
  endforeach()
endfunction()

# The functions that the sources hand to cmocka, in the order they stand there.
function(asyncscope_test_functions ret_functions)
  foreach(source IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH source NORMALIZE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(READ ${source} text)
    # A source may define a cmocka_unit_test_...() of its own: no test itself.
    string(REGEX REPLACE "#define([^\\\n]|\\\\(.|\n))*" "" text "${text}")
    string(REGEX MATCHALL "cmocka_unit_test[a-z_]*\\([ \t\n]*[A-Za-z0-9_]+"
      matches "${text}")
    list(TRANSFORM matches REPLACE "cmocka_unit_test[a-z_]*\\([ \t\n]*" "")
    list(APPEND functions ${matches})
  endforeach()
  if(NOT functions)
    message(FATAL_ERROR "${ARGN}: no cmocka_unit_test() found")
  endif()
  list(REMOVE_DUPLICATES functions)
  set(${ret_functions} ${functions} PARENT_SCOPE)
endfunction()

# Reads the arguments of asyncscope_add_tests() from its caller's scope.
macro(asyncscope_test_properties test)
  if(NOT arg_LABEL)
    set(arg_LABEL ${ASYNCSCOPE_TEST_LABEL})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  set(wrapper)
  if(ASYNCSCOPE_TEST_LAUNCHER)
    list(JOIN ASYNCSCOPE_TEST_LAUNCHER " " wrapper)
    set(wrapper ASYNCSCOPE_TEST_WRAPPER=${wrapper})
  endif()
  math(EXPR timeout "${arg_TIMEOUT} * ${ASYNCSCOPE_TEST_TIMEOUT_FACTOR}")
  set(environment
    ASYNCSCOPE_SOURCE_DIR=${PROJECT_SOURCE_DIR}
    ASYNCSCOPE_SERVER_BINARY=${PROJECT_BINARY_DIR}/bin/asyncscope
    ASYNCSCOPE_TEST_LOAD=${ASYNCSCOPE_TEST_LOAD}
    ${wrapper}
    ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:detect_stack_use_after_return=1
    UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp
    ${arg_ENVIRONMENT})
  set_tests_properties(${test} PROPERTIES LABELS "${arg_LABEL}"
    TIMEOUT ${timeout} RUN_SERIAL "${arg_SERIAL}" SKIP_RETURN_CODE 77
    ENVIRONMENT "${environment}")
endmacro()
