# How every target of the project is compiled, and the shape of a room.
#
# A room NAME is two targets: asyncscope_NAME_api, an INTERFACE library that
# carries what others may see of it (its public headers, and those of the rooms
# its headers include), and asyncscope_NAME, its objects. A room links only the
# _api of the rooms it may see, so a forbidden include finds no file.

find_program(ASYNCSCOPE_CCACHE ccache)
if(ASYNCSCOPE_CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${ASYNCSCOPE_CCACHE})
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(ASYNCSCOPE_WARNINGS
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef
  -Wpointer-arith -Wwrite-strings -Wvla
  # Alone, gcc says nothing of it where unaligned access works, clang does.
  $<IF:$<C_COMPILER_ID:GNU>,-Wcast-align=strict,-Wcast-align>
  -Werror=implicit-function-declaration -Werror=incompatible-pointer-types
  -Werror=int-conversion -Werror=return-type)

function(asyncscope_compile target)
  set_target_properties(${target} PROPERTIES
    C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
  # -fexceptions: a C++ exception or a thread's cancellation that passes through
  # a scope runs the cleanup that restores the context.
  # -fmacro-prefix-map: sites name files as in the checkout, wherever it lay.
  # The second: ccache with a base_dir names the source from where it compiles.
  file(RELATIVE_PATH up ${CMAKE_CURRENT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE ${ASYNCSCOPE_WARNINGS} -fexceptions
    -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/= -fmacro-prefix-map=${up}=
    $<$<BOOL:${ASYNCSCOPE_WERROR}>:-Werror>)
  asyncscope_instrument(${target})
endfunction()

function(asyncscope_instrument target)
  if(ASYNCSCOPE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${ASYNCSCOPE_SANITIZE}
      -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${ASYNCSCOPE_SANITIZE})
  endif()
  if(ASYNCSCOPE_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  if(ASYNCSCOPE_COVERAGE)
    # Several threads count at once.
    target_compile_options(${target} PRIVATE --coverage -fprofile-update=atomic
      -DASYNCSCOPE__COVERAGE)
    target_link_options(${target} PUBLIC --coverage)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL EXECUTABLE)
      target_sources(${target} PRIVATE
        ${PROJECT_SOURCE_DIR}/tests/coverage/last_counts.c)
    endif()
  endif()
  asyncscope_harden(${target})
endfunction()

# asyncscope_add_room(<name> [KIND OBJECT|STATIC] [INCLUDE dir] [SOURCES ...]
#   [SEES target...]   what the room's public headers need
#   [USES target...]   what only its sources need
#   [LINKS target...]) what a program that links the room links too, without
#                      its headers: the rooms behind the _api ones
function(asyncscope_add_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "KIND;INCLUDE"
    "SOURCES;SEES;USES;LINKS")
  if(NOT room_KIND)
    set(room_KIND OBJECT)
  endif()
  add_library(asyncscope_${name}_api INTERFACE)
  target_link_libraries(asyncscope_${name}_api INTERFACE ${room_SEES})
  if(room_INCLUDE)
    target_include_directories(asyncscope_${name}_api INTERFACE
      $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/${room_INCLUDE}>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  endif()
  add_library(asyncscope_${name} ${room_KIND} ${room_SOURCES})
  set_property(GLOBAL APPEND PROPERTY ASYNCSCOPE_ROOMS ${name})
  set_target_properties(asyncscope_${name} PROPERTIES
    POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(asyncscope_${name}
    PUBLIC asyncscope_${name}_api PRIVATE ${room_USES})
  foreach(target IN LISTS room_LINKS)
    target_link_libraries(asyncscope_${name} INTERFACE $<LINK_ONLY:${target}>)
  endforeach()
  asyncscope_compile(asyncscope_${name})
endfunction()

# libasyncscope in one of its two kinds: the objects of the three lower rooms.
function(asyncscope_add_library target kind)
  add_library(${target} ${kind}
    $<TARGET_OBJECTS:asyncscope_hooks>
    $<TARGET_OBJECTS:asyncscope_als>
    $<TARGET_OBJECTS:asyncscope_worker_pool>)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME asyncscope
    LINKER_LANGUAGE C VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_link_libraries(${target} PUBLIC asyncscope_hooks_api
    asyncscope_als_api asyncscope_worker_pool_api)
  asyncscope_instrument(${target})
endfunction()
