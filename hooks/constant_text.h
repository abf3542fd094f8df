/* Text that stays as it is: what was read of it once need not be read again. */
#ifndef ASYNCSCOPE_HOOKS_CONSTANT_TEXT_H
#define ASYNCSCOPE_HOOKS_CONSTANT_TEXT_H

#include <stdbool.h>

/* Whether `text` lies in what the program, or a library, has of memory that
 * nobody may write, as literals do. That memory stays for good: sites of
 * resources lie there too. False where it cannot be told. Thread: any. Takes
 * the loader's lock. */
bool asyncscope__is_constant_text(const char *text);

#endif
