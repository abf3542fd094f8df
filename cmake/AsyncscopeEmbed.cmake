# asyncscope_embed(<target> <file> <symbol>)
#
# Compiles the bytes of a file into a target, as
#   const unsigned char <symbol>[];
#   const size_t <symbol>_bytes;
function(asyncscope_embed target file symbol)
  cmake_path(ABSOLUTE_PATH file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n" bytes "${bytes}")
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"#include <stddef.h>
extern const unsigned char @symbol@[];
extern const size_t @symbol@_bytes;
const unsigned char @symbol@[] = {
@bytes@};
const size_t @symbol@_bytes = sizeof(@symbol@);
")
  target_sources(${target} PRIVATE ${source})
endfunction()
