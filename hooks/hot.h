/* What is done at every event of every resource is inlined into the few
 * functions that are called for it, whatever the compiler thinks of their size:
 * a call costs as much as what it would do. */
#ifndef ASYNCSCOPE_HOOKS_HOT_H
#define ASYNCSCOPE_HOOKS_HOT_H

#define ASYNCSCOPE__HOT         __attribute__((always_inline)) static inline
#define ASYNCSCOPE__LIKELY(x)   __builtin_expect(!!(x), 1)
#define ASYNCSCOPE__UNLIKELY(x) __builtin_expect(!!(x), 0)

#endif
