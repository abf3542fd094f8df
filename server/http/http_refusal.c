#include "http_refusal.h"

int http_refusal_status(http_refusal_t refusal) {
  static const int statuses[] = {200,
#define X(name, status, text) status,
                                 HTTP_REFUSAL_MAP(X)
#undef X
  };
  return statuses[refusal];
}

const char *http_refusal_text(http_refusal_t refusal) {
  static const char *const texts[] = {"",
#define X(name, status, text) text,
                                      HTTP_REFUSAL_MAP(X)
#undef X
  };
  return texts[refusal];
}
