# The server compiled from the sources of all rooms at once, for optimisation
# across them. The archives, which others link, have no part in it.

include(CheckCCompilerFlag)
check_c_compiler_flag(-flto=auto ASYNCSCOPE_TAKES_LTO)

# Calls into the libraries go through the table itself, which is bound at the
# start anyway. What is zeroed between two requests is some hundred bytes: rep
# stos takes longer to begin than memset() to be done.
set(ASYNCSCOPE_PROGRAM_OPTIONS -fno-strict-aliasing)
set(CMAKE_REQUIRED_FLAGS -Werror)
foreach(flag IN ITEMS -fno-plt
    -mmemset-strategy=unrolled_loop:64:noalign,libcall:-1:noalign)
  string(MAKE_C_IDENTIFIER "ASYNCSCOPE_TAKES${flag}" known)
  check_c_compiler_flag(${flag} ${known})
  if(${known})
    list(APPEND ASYNCSCOPE_PROGRAM_OPTIONS ${flag})
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)

# gcc keeps the counts beside each object file, so both builds are of one
# directory, the one that counts first (scripts/build profiled).
set(ASYNCSCOPE_PROFILE "" CACHE STRING
  "The server: 'generate' counts what it does, 'use' is optimised for that")
set(ASYNCSCOPE_PROFILE_generate -fprofile-generate
  -fprofile-update=prefer-atomic)
set(ASYNCSCOPE_PROFILE_use -fprofile-use -fprofile-correction
  -fprofile-partial-training -Wno-missing-profile)
set(profile)
if(ASYNCSCOPE_PROFILE)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL GNU OR
     NOT DEFINED ASYNCSCOPE_PROFILE_${ASYNCSCOPE_PROFILE})
    message(FATAL_ERROR "ASYNCSCOPE_PROFILE=${ASYNCSCOPE_PROFILE} with "
      "${CMAKE_C_COMPILER_ID}: it is 'generate' or 'use', with gcc")
  endif()
  set(profile ${ASYNCSCOPE_PROFILE_${ASYNCSCOPE_PROFILE}})
endif()
set(ASYNCSCOPE_WHOLE_OPTIONS -flto=auto -O3 ${profile})

# asyncscope_room_sources(<ret_sources> <target>): with absolute paths
function(asyncscope_room_sources ret_sources target)
  get_target_property(sources ${target} SOURCES)
  get_target_property(directory ${target} SOURCE_DIR)
  list(TRANSFORM sources PREPEND ${directory}/ REGEX "^[^/]")
  set(${ret_sources} ${sources} PARENT_SCOPE)
endfunction()

# llhttp's own warnings are its own affair, so it is a target beside the rooms.
function(asyncscope_whole_llhttp target)
  if(NOT TARGET asyncscope_llhttp)
    target_link_libraries(${target} PRIVATE llhttp::llhttp)
    return()
  endif()
  asyncscope_room_sources(sources asyncscope_llhttp)
  add_library(${target}_llhttp OBJECT ${sources})
  foreach(property COMPILE_DEFINITIONS COMPILE_OPTIONS INCLUDE_DIRECTORIES)
    get_target_property(value asyncscope_llhttp ${property})
    if(value)
      set_target_properties(${target}_llhttp PROPERTIES ${property} "${value}")
    endif()
  endforeach()
  target_compile_options(${target}_llhttp PRIVATE ${ASYNCSCOPE_WHOLE_OPTIONS})
  target_link_libraries(${target} PRIVATE ${target}_llhttp)
endfunction()

# asyncscope_add_program(<target> SOURCES file... [DEFINITIONS X=Y...])
function(asyncscope_add_program target)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "" "SOURCES;DEFINITIONS")
  add_executable(${target} ${program_SOURCES})
  get_property(rooms GLOBAL PROPERTY ASYNCSCOPE_ROOMS)
  foreach(room IN LISTS rooms)
    asyncscope_room_sources(sources asyncscope_${room})
    target_sources(${target} PRIVATE ${sources})
    target_link_libraries(${target} PRIVATE asyncscope_${room}_api)
    add_dependencies(${target} asyncscope_${room}) # what is generated for it
  endforeach()
  target_compile_definitions(${target} PRIVATE ${program_DEFINITIONS})
  # libuv's structs and those that mirror them are one memory under two types:
  # -fno-strict-aliasing.
  target_compile_options(${target} PRIVATE ${ASYNCSCOPE_WHOLE_OPTIONS}
    ${ASYNCSCOPE_PROGRAM_OPTIONS})
  target_link_options(${target} PRIVATE ${ASYNCSCOPE_WHOLE_OPTIONS})
  target_link_libraries(${target} PRIVATE Jansson::Jansson ZLIB::ZLIB
    $<$<BOOL:${ASYNCSCOPE_HAS_TLS}>:OpenSSL::SSL>)
  asyncscope_whole_llhttp(${target})
  asyncscope_compile(${target})
endfunction()
