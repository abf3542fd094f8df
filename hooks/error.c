/* A message belongs to the thread whose call failed, so that it can be read
 * without a lock and cannot be overwritten by another thread. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_BYTES 256

static _Thread_local char message[MESSAGE_BYTES];

/* Among the arguments may be the message that is kept so far. */
static void keep(const char *format, va_list arguments) {
  char text[MESSAGE_BYTES];
  vsnprintf(text, sizeof(text), format, arguments);
  memcpy(message, text, strlen(text) + 1);
}

int async_error_set(int error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  keep(format, arguments);
  va_end(arguments);
  return error;
}

const char *async_error_message(void) {
  return message;
}
