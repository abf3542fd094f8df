# The tracked libuv families.
add_library(uv_fixture OBJECT uv_fixture.c timer_probe.c tcp_pair.c)
target_link_libraries(uv_fixture PUBLIC asyncscope_test_support
  asyncscope::asyncscope)
asyncscope_compile(uv_fixture)

foreach(name IN ITEMS
    test_async_uv_timer test_async_uv_timer_close
    test_async_uv_tcp test_async_uv_listen)
  asyncscope_add_tests(${name} SOURCES ${name}.c LIBRARIES uv_fixture)
endforeach()
