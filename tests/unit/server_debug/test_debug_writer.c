#include "debug_fixture.h"

#include "json_writer.h"
#include <string.h>

static debug_buffer_t buffer;

static json_writer_t writer_of(bool pretty) {
  buffer.used_bytes = 0;
  return (json_writer_t){.buffer = &buffer, .pretty = pretty};
}

static const char *written(void) {
  buffer.bytes[buffer.used_bytes] = '\0';
  return buffer.bytes;
}

static void write_document(json_writer_t *writer) {
  json_t *members = json_pack("{s:i, s:[]}", "b", 2, "c");
  assert_int_equal(asyncscope__json_open_object(writer, NULL), 0);
  assert_int_equal(asyncscope__json_write(writer, "a", json_integer(1)), 0);
  assert_int_equal(asyncscope__json_write_members(writer, members), 0);
  assert_int_equal(asyncscope__json_open_array(writer, "d"), 0);
  assert_int_equal(asyncscope__json_write(writer, NULL, json_string("x\n")), 0);
  assert_int_equal(
      asyncscope__json_write(writer, NULL, json_pack("{s:[i]}", "e", 3)), 0);
  assert_int_equal(asyncscope__json_close(writer), 0);
  assert_int_equal(asyncscope__json_open_array(writer, "f"), 0);
  assert_int_equal(asyncscope__json_close(writer), 0);
  assert_int_equal(asyncscope__json_close(writer), 0);
}

static void pieces_make_a_document(void **state) {
  (void)state;
  json_writer_t writer = writer_of(false);
  write_document(&writer);
  assert_string_equal(written(),
                      "{\"a\":1,\"b\":2,\"c\":[],\"d\":[\"x\\n\",{\"e\":[3]}],"
                      "\"f\":[]}\n");
}

static void a_pretty_document_is_indented_throughout(void **state) {
  (void)state;
  json_writer_t writer = writer_of(true);
  write_document(&writer);
  assert_string_equal(written(), "{\n"
                                 "  \"a\": 1,\n"
                                 "  \"b\": 2,\n"
                                 "  \"c\": [],\n"
                                 "  \"d\": [\n"
                                 "    \"x\\n\",\n"
                                 "    {\n"
                                 "      \"e\": [\n"
                                 "        3\n"
                                 "      ]\n"
                                 "    }\n"
                                 "  ],\n"
                                 "  \"f\": []\n"
                                 "}\n");
}

static void keys_are_escaped(void **state) {
  (void)state;
  json_writer_t writer = writer_of(false);
  assert_int_equal(asyncscope__json_open_object(&writer, NULL), 0);
  assert_int_equal(asyncscope__json_write(&writer, "\"\n\xc3\xa9", json_true()),
                   0);
  assert_int_equal(asyncscope__json_close(&writer), 0);
  assert_string_equal(written(), "{\"\\\"\\n\\u00E9\":true}\n");
}

static void what_does_not_fit_is_said(void **state) {
  (void)state;
  for (int pretty = 0; pretty < 2; pretty++)
    for (size_t room = 0; room < 12; room++) {
      json_writer_t writer = writer_of(pretty == 1);
      assert_int_equal(asyncscope__json_open_object(&writer, NULL), 0);
      buffer.used_bytes = sizeof(buffer.bytes) - room;
      assert_int_equal(
          asyncscope__json_write(&writer, "key", json_pack("[i]", 1)),
          room < (pretty == 1 ? 99 : 9) ? UV_ENOBUFS : 0);
    }
}

static void a_value_that_could_not_be_made_is_said(void **state) {
  (void)state;
  json_writer_t writer = writer_of(false);
  assert_int_equal(asyncscope__json_write(&writer, NULL, NULL), UV_ENOMEM);
  assert_int_equal(asyncscope__json_write_members(&writer, NULL), UV_ENOMEM);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_make_a_document),
      cmocka_unit_test(a_pretty_document_is_indented_throughout),
      cmocka_unit_test(keys_are_escaped),
      cmocka_unit_test(what_does_not_fit_is_said),
      cmocka_unit_test(a_value_that_could_not_be_made_is_said),
  };
  return test_main(tests, argc, argv);
}
