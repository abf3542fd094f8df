#ifndef TEST_CPP_HEADERS_H
#define TEST_CPP_HEADERS_H

#include <uv.h>

/* The C++ side of test_cpp_headers; each answers whether it went well. */
#ifdef __cplusplus
extern "C" {
#endif

int cpp_site_is_of_its_line(void);
int cpp_macros_start_things(uv_loop_t *loop);
int cpp_lambdas_are_arguments(uv_loop_t *loop);
int cpp_exception_closes_the_scope(void);
int cpp_exception_leaves_what_was_entered(void);
int cpp_exception_passes_an_emitter(void);

#ifdef __cplusplus
}
#endif
#endif
