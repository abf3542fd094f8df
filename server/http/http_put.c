#include "http_put.h"

#define PAIR(tens, ones) \
  { '0' + (tens), '0' + (ones) }
#define PAIRS(tens)                                                          \
  PAIR(tens, 0), PAIR(tens, 1), PAIR(tens, 2), PAIR(tens, 3), PAIR(tens, 4), \
      PAIR(tens, 5), PAIR(tens, 6), PAIR(tens, 7), PAIR(tens, 8),            \
      PAIR(tens, 9)

const char http_put_pairs[100][2] = {PAIRS(0), PAIRS(1), PAIRS(2), PAIRS(3),
                                     PAIRS(4), PAIRS(5), PAIRS(6), PAIRS(7),
                                     PAIRS(8), PAIRS(9)};
