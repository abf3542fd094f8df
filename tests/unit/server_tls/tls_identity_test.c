/* Files that cannot be used, and what is said of them. */
#include "tls_fixture.h"

#include "asyncscope/async_env.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void expect(const char *cert, const char *key, int error,
                   const char *words) {
  const tls_files_t files = {.cert = cert, .key = key};
  tls_context_t *context = NULL;

  assert_int_equal(tls_context_create(&files, &context), error);
  assert_null(context);
  if (strstr(async_error_message(), words) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", async_error_message(), words);
}

/* Makes a file of the fixture's directory in place of the certificate. */
static const char *write_cert(tls_fixture_t *f, const char *text, size_t size) {
  int fd = open(f->certificate.cert, O_WRONLY | O_TRUNC | O_CLOEXEC);

  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, size), (ssize_t)size);
  close(fd);
  return f->certificate.cert;
}

static void a_file_that_is_not_there_is_named(void **state) {
  tls_fixture_t *f = *state;

  expect("/nowhere/cert", f->certificate.key, UV_ENOENT,
         "certificate /nowhere/cert: no such file");
  expect(f->certificate.cert, "/nowhere/key", UV_ENOENT,
         "key /nowhere/key: no such file");
}

static void one_that_may_not_be_read_is_named(void **state) {
  tls_fixture_t *f = *state;

  if (geteuid() == 0)
    test_leave_out("root may read every file");
  assert_int_equal(chmod(f->certificate.key, 0), 0);
  expect(f->certificate.cert, f->certificate.key, UV_EACCES,
         "server.key: permission denied");
}

static void a_directory_is_no_file(void **state) {
  tls_fixture_t *f = *state;

  expect(f->directory, f->certificate.key, UV_EISDIR, "directory");
  expect(f->certificate.cert, f->directory, UV_EISDIR, "directory");
}

/* One that nobody writes to would be waited for. */
static void a_pipe_is_no_file(void **state) {
  tls_fixture_t *f = *state;
  char path[128];

  snprintf(path, sizeof(path), "%s/pipe", f->directory);
  assert_int_equal(mkfifo(path, 0600), 0);
  expect(path, f->certificate.key, UV_EINVAL, "pipe: invalid argument");
  unlink(path);
}

static void one_that_is_too_large_is_not_read(void **state) {
  tls_fixture_t *f = *state;

  assert_int_equal(truncate(f->certificate.cert, 1048577), 0);
  expect(f->certificate.cert, f->certificate.key, UV_EFBIG, "too large");
}

static void an_empty_one_has_no_certificate(void **state) {
  tls_fixture_t *f = *state;

  expect(write_cert(f, "", 0), f->certificate.key, UV_EINVAL,
         "there is no certificate in it");
  expect("/dev/null", f->certificate.key, UV_EINVAL, "/dev/null: ");
}

static void a_key_is_no_certificate_nor_that_a_key(void **state) {
  tls_fixture_t *f = *state;

  expect(f->certificate.key, f->certificate.key, UV_EINVAL,
         "there is no certificate in it");
  expect(f->certificate.cert, f->certificate.cert, UV_EINVAL,
         "there is no private key in it");
}

static void one_that_is_damaged_is_refused(void **state) {
  static const char text[] = "-----BEGIN CERTIFICATE-----\nAAAA\n"
                             "-----END CERTIFICATE-----\n";
  tls_fixture_t *f = *state;

  expect(write_cert(f, text, sizeof(text) - 1), f->certificate.key, UV_EINVAL,
         "cannot use the certificate");
}

static void expect_of(tls_fixture_t *f, certificate_kind_t kind,
                      const char *words) {
  certificate_t other;

  assert_true(certificate_make(kind, f->directory, "server", &other));
  expect(other.cert, other.key, UV_EINVAL, words);
}

static void a_key_with_a_passphrase_is_refused(void **state) {
  expect_of(*state, CERTIFICATE_LOCKED, "server.key: it has a passphrase");
}

static void a_weak_key_is_refused(void **state) {
  expect_of(*state, CERTIFICATE_WEAK, "ee key too small");
}

static void a_key_of_another_certificate_is_refused(void **state) {
  tls_fixture_t *f = *state;
  certificate_t other;

  assert_true(certificate_make(CERTIFICATE_EC, f->directory, "other", &other));
  expect(f->certificate.cert, other.key, UV_EINVAL,
         "other.key: it does not belong to the certificate");
  unlink(other.cert);
  unlink(other.key);
}

/* Appends what is in one file to another. */
static void append(const char *from, const char *to) {
  char text[8192];
  int in = open(from, O_RDONLY | O_CLOEXEC);
  int out = open(to, O_WRONLY | O_APPEND | O_CLOEXEC);
  ssize_t size = read(in, text, sizeof(text));

  assert_true(size > 0);
  assert_int_equal(write(out, text, (size_t)size), size);
  close(in);
  close(out);
}

static void those_behind_the_first_are_shown_too(void **state) {
  tls_fixture_t *f = *state;
  certificate_t other;

  assert_true(certificate_make(CERTIFICATE_EC, f->directory, "other", &other));
  append(other.cert, f->certificate.cert);
  unlink(other.cert);
  unlink(other.key);
  assert_int_equal(tls_context_reload(f->tls), 0);
  tls_fixture_begin(f);
  assert_int_equal(sk_X509_num(SSL_get_peer_cert_chain(f->peer.ssl)), 2);
}

static void a_chain_has_its_ceiling(void **state) {
  tls_fixture_t *f = *state;
  certificate_t other;

  assert_true(certificate_make(CERTIFICATE_EC, f->directory, "other", &other));
  for (size_t i = 0; i < 17; i++)
    append(other.cert, f->certificate.cert);
  unlink(other.cert);
  unlink(other.key);
  expect(f->certificate.cert, f->certificate.key, UV_EINVAL,
         "too many certificates");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tls(a_file_that_is_not_there_is_named),
      cmocka_unit_test_tls(one_that_may_not_be_read_is_named),
      cmocka_unit_test_tls(a_directory_is_no_file),
      cmocka_unit_test_tls(a_pipe_is_no_file),
      cmocka_unit_test_tls(one_that_is_too_large_is_not_read),
      cmocka_unit_test_tls(an_empty_one_has_no_certificate),
      cmocka_unit_test_tls(a_key_is_no_certificate_nor_that_a_key),
      cmocka_unit_test_tls(one_that_is_damaged_is_refused),
      cmocka_unit_test_tls(a_key_with_a_passphrase_is_refused),
      cmocka_unit_test_tls(a_weak_key_is_refused),
      cmocka_unit_test_tls(a_key_of_another_certificate_is_refused),
      cmocka_unit_test_tls(those_behind_the_first_are_shown_too),
      cmocka_unit_test_tls(a_chain_has_its_ceiling),
  };
  return test_main(tests, argc, argv);
}
