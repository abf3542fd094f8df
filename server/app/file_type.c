#include "file_type.h"

#include "reply.h"
#include <string.h>

static const struct {
  const char *suffix;
  const char *type;
} TYPES[] = {
    {".md", "text/markdown; charset=utf-8"},
    {".txt", REPLY_TEXT_TYPE},
    {".c", REPLY_TEXT_TYPE},
    {".h", REPLY_TEXT_TYPE},
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
};

const char *file_type(const char *path) {
  const char *dot = strrchr(path, '.');
  for (size_t i = 0; dot != NULL && i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
    if (strcmp(dot, TYPES[i].suffix) == 0)
      return TYPES[i].type;
  return "application/octet-stream";
}
