# libasyncscope_debug: the rooms http, debug, listener and otlp, and llhttp where
# it is compiled here or an archive. Whoever links it sees the names its public
# headers declare and no other: the rooms' own, and another version of llhttp,
# would be in the way of theirs.

set(debug_rooms asyncscope_http asyncscope_debug asyncscope_listener
  asyncscope_otlp)
# What it needs besides, to link: jansson, zlib, and llhttp where it is shared.
set(ASYNCSCOPE_DEBUG_USES Jansson::Jansson ZLIB::ZLIB)
set(debug_archives)
if(TARGET asyncscope_llhttp)
  list(APPEND debug_rooms asyncscope_llhttp)
elseif(llhttp_LIBRARY MATCHES "[.]a$")
  set(debug_archives ${llhttp_LIBRARY})
else()
  list(APPEND ASYNCSCOPE_DEBUG_USES llhttp::llhttp)
endif()
foreach(room IN LISTS debug_rooms)
  list(APPEND debug_objects $<TARGET_OBJECTS:${room}>)
endforeach()

# In an archive a name is seen by all or by its own object alone: the objects
# are made one, and what is hidden is made local. Groups are dissolved, as a
# local one could be dropped in favour of another program's.
# lld, which CMake takes with clang, does not do that.
set(debug_linker ${CMAKE_LINKER})
if(CMAKE_LINKER MATCHES "lld")
  find_program(ASYNCSCOPE_GNU_LD NAMES ld.bfd ld REQUIRED)
  set(debug_linker ${ASYNCSCOPE_GNU_LD})
endif()
set(debug_joined ${CMAKE_CURRENT_BINARY_DIR}/asyncscope_debug_joined.o)
set(debug_object ${CMAKE_CURRENT_BINARY_DIR}/asyncscope_debug.o)
add_custom_command(OUTPUT ${debug_object}
  COMMAND ${debug_linker} -r --force-group-allocation -o ${debug_joined}
    ${debug_objects} ${debug_archives}
  COMMAND ${CMAKE_OBJCOPY} --localize-hidden --wildcard
    "--localize-symbol=llhttp_*" ${debug_joined} ${debug_object}
  DEPENDS ${debug_rooms} ${debug_objects}
  COMMAND_EXPAND_LISTS VERBATIM)
set_source_files_properties(${debug_object} PROPERTIES
  EXTERNAL_OBJECT ON GENERATED ON)

# asyncscope_add_debug_library(<target> STATIC|SHARED <libasyncscope> <name>)
# `name` is what it is exported as.
function(asyncscope_add_debug_library target kind core name)
  if(kind STREQUAL STATIC)
    add_library(${target} STATIC ${debug_object})
  else()
    add_library(${target} SHARED ${debug_objects})
    target_link_libraries(${target} PRIVATE ${debug_archives})
    target_link_options(${target} PRIVATE -Wl,--exclude-libs,ALL)
  endif()
  set_target_properties(${target} PROPERTIES OUTPUT_NAME asyncscope_debug
    EXPORT_NAME ${name} LINKER_LANGUAGE C VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    INSTALL_RPATH $ORIGIN) # libasyncscope lies beside it
  foreach(room debug listener otlp)
    target_include_directories(${target} INTERFACE
      $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/${room}/include>)
  endforeach()
  target_include_directories(${target} INTERFACE
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PUBLIC ${core}
    PRIVATE ${ASYNCSCOPE_DEBUG_USES})
  asyncscope_instrument(${target})
endfunction()
