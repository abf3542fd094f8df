# The tracked libuv families.
add_library(uv_fixture OBJECT
  uv_fixture.c timer_probe.c tcp_pair.c write_probe.c blocked_pool.c
  fs_directory.c fs_promise_probe.c udp_probe.c message_probe.c
  worker_probe.c)
target_link_libraries(uv_fixture PUBLIC asyncscope_test_support
  asyncscope::asyncscope)
asyncscope_compile(uv_fixture)

foreach(name IN ITEMS
    test_async_uv_handle test_async_uv_handle_get test_async_uv_ipc
    test_async_uv_thread test_async_uv_size
    test_async_uv_timer test_async_uv_timer_close test_async_uv_started
    test_async_uv_pipe test_async_uv_tty test_async_uv_process
    test_async_uv_signal test_async_uv_poll
    test_async_uv_tcp test_async_uv_listen
    test_async_uv_read test_async_uv_write test_async_uv_write_errors
    test_async_uv_shutdown
    test_async_uv_nameinfo test_async_uv_random
    test_async_uv_dns test_async_uv_work
    test_async_uv_udp test_async_uv_udp_send
    test_async_uv_async test_async_uv_loop_watcher
    test_async_uv_fs_event test_async_uv_fs_poll
    test_async_uv_fs test_async_uv_fs_calls
    test_timers_promises test_interval test_fs_promises_calls test_file_handle
    test_active_resources test_env_ending
    test_message_port test_message_owner
    test_worker test_worker_end test_worker_cleanup test_worker_error
    test_worker_death
    test_worker_load test_message_threads)
  asyncscope_add_tests(${name} SOURCES ${name}.c LIBRARIES uv_fixture)
endforeach()

asyncscope_add_tests(test_call_arguments
  SOURCES test_call_arguments.c LIBRARIES uv_fixture hooks_fixture)
asyncscope_add_tests(test_async_uv_reset
  SOURCES test_async_uv_reset.c counting_allocator.c LIBRARIES uv_fixture)
asyncscope_add_tests(test_fs_promises
  SOURCES test_fs_promises.c counting_allocator.c LIBRARIES uv_fixture
  ENVIRONMENT UV_THREADPOOL_SIZE=1)
