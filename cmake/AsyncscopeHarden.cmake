# What makes a bug in an optimised build harder to use. Each flag is taken where
# the compiler and the linker know it; tests/analysis looks at what came out.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

option(ASYNCSCOPE_HARDENING "Harden optimised builds" ON)

# Level 3 is known to gcc 12 and clang 9, with glibc 2.34.
set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_c_source_compiles("#include <stdio.h>
#if !defined(__USE_FORTIFY_LEVEL) || __USE_FORTIFY_LEVEL < 3
#error no third level
#endif
int main(void) { return 0; }" ASYNCSCOPE_FORTIFIES_3)
unset(CMAKE_REQUIRED_FLAGS)
set(ASYNCSCOPE_HARDEN_COMPILE -U_FORTIFY_SOURCE
  -D_FORTIFY_SOURCE=$<IF:$<BOOL:${ASYNCSCOPE_FORTIFIES_3}>,3,2>)
set(ASYNCSCOPE_HARDEN_LINK)

# Branches go to where they may (CET; PAC and BTI), frames past the guard page
# are touched page by page, and what is returned to is looked at first. clang
# only warns of a flag that is not for this machine.
set(CMAKE_REQUIRED_FLAGS -Werror)
foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection
    -fcf-protection=full -mbranch-protection=standard)
  string(MAKE_C_IDENTIFIER "ASYNCSCOPE_TAKES${flag}" known)
  check_c_compiler_flag(${flag} ${known})
  if(${known})
    list(APPEND ASYNCSCOPE_HARDEN_COMPILE ${flag})
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)
# The C start files of Debian have no mark of CET, and so the program would have
# none: shstk gives it. They call and return as others do.
foreach(flag IN ITEMS relro now noexecstack shstk)
  check_linker_flag(C -Wl,-z,${flag} ASYNCSCOPE_LINKS_${flag})
  if(ASYNCSCOPE_LINKS_${flag})
    list(APPEND ASYNCSCOPE_HARDEN_LINK -Wl,-z,${flag})
  endif()
endforeach()

# A sanitizer looks closer, and what it intercepts must be called by its name.
if(ASYNCSCOPE_SANITIZE OR ASYNCSCOPE_COVERAGE)
  set(ASYNCSCOPE_HARDENING OFF)
endif()

function(asyncscope_harden target)
  if(NOT ASYNCSCOPE_HARDENING)
    return()
  endif()
  set(optimised CONFIG:Release,RelWithDebInfo,MinSizeRel)
  target_compile_options(${target} PRIVATE
    "$<$<${optimised}>:${ASYNCSCOPE_HARDEN_COMPILE}>")
  target_link_options(${target} PRIVATE
    "$<$<${optimised}>:${ASYNCSCOPE_HARDEN_LINK}>")
  get_target_property(type ${target} TYPE)
  if(type STREQUAL EXECUTABLE)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
endfunction()
