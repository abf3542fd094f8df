# What PROGRAM prints is what stands in EXPECTED, but for that one's head of
# lines with a # in front. Where the head says "ids: renumbered", numbers from 2
# on are ids: both sides count them by first appearance, so that what a document
# prints can stand there with the document's own numbers.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE status)
file(READ ${EXPECTED} expected)

set(head "")
while(expected MATCHES "^(#[^\n]*\n)")
  string(APPEND head "${CMAKE_MATCH_1}")
  string(LENGTH "${CMAKE_MATCH_1}" length)
  string(SUBSTRING "${expected}" ${length} -1 expected)
endwhile()

function(renumber text ret_text)
  set(done "")
  set(count 0)
  while(text MATCHES "^([^0-9]*)([0-9]+)")
    set(number ${CMAKE_MATCH_2})
    string(APPEND done "${CMAKE_MATCH_1}")
    string(LENGTH "${CMAKE_MATCH_0}" length)
    string(SUBSTRING "${text}" ${length} -1 text)
    if(number GREATER 1 AND NOT DEFINED id_${number})
      math(EXPR count "${count} + 1")
      set(id_${number} "[${count}]")
    endif()
    if(number GREATER 1)
      set(number ${id_${number}})
    endif()
    string(APPEND done "${number}")
  endwhile()
  set(${ret_text} "${done}${text}" PARENT_SCOPE)
endfunction()

if(head MATCHES "ids: renumbered")
  renumber("${output}" output)
  renumber("${expected}" expected)
endif()
if(NOT status EQUAL 0 OR NOT output STREQUAL expected)
  message(FATAL_ERROR
    "${PROGRAM} answered ${status} and printed\n${output}instead of\n${expected}")
endif()
