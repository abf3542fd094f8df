/* The one place that holds the version: the build reads it from here. */
#ifndef ASYNCSCOPE_ASYNC_VERSION_H
#define ASYNCSCOPE_ASYNC_VERSION_H

/* Semantic versions: before 1.0.0 a new minor may break a program. */
#define ASYNCSCOPE_VERSION_MAJOR 0
#define ASYNCSCOPE_VERSION_MINOR 1
#define ASYNCSCOPE_VERSION_PATCH 0

/* private */
#define ASYNCSCOPE__STRING(x) #x
#define ASYNCSCOPE__VERSION(major, minor, patch) \
  ASYNCSCOPE__STRING(major)                      \
  "." ASYNCSCOPE__STRING(minor) "." ASYNCSCOPE__STRING(patch)

/* "0.1.0" */
#define ASYNCSCOPE_VERSION_STRING                                         \
  ASYNCSCOPE__VERSION(ASYNCSCOPE_VERSION_MAJOR, ASYNCSCOPE_VERSION_MINOR, \
                      ASYNCSCOPE_VERSION_PATCH)

#endif
