/* Text that stays as it is: what was read of it once need not be read again. */
#ifndef ASYNCSCOPE_HOOKS_CONSTANT_TEXT_H
#define ASYNCSCOPE_HOOKS_CONSTANT_TEXT_H

#include <stdbool.h>

/* Whether `text` lies in what the program, or this library, has of memory that
 * nobody may write, as literals do. It stays there for as long as it may be
 * asked for; that of another library may be unloaded, and other text come to
 * lie where it was. False where it cannot be told. Thread: any. Takes the
 * loader's lock. */
bool asyncscope__is_constant_text(const char *text);

#endif
