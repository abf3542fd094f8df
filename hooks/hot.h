/* What is done at every event of every resource is inlined into the few
 * functions that are called for it, whatever the compiler thinks of their size:
 * a call costs as much as what it would do. What is seldom done is kept out of
 * them: what it needs of registers and stack they would save and clear each
 * time. */
#ifndef ASYNCSCOPE_HOOKS_HOT_H
#define ASYNCSCOPE_HOOKS_HOT_H

/* Each copy would have branches of its own to be covered. */
#ifdef ASYNCSCOPE__COVERAGE
#define ASYNCSCOPE__HOT static inline
#else
#define ASYNCSCOPE__HOT __attribute__((always_inline)) static inline
#endif
#define ASYNCSCOPE__APART       __attribute__((noinline))
#define ASYNCSCOPE__COLD        __attribute__((noinline, cold))
#define ASYNCSCOPE__LIKELY(x)   __builtin_expect(!!(x), 1)
#define ASYNCSCOPE__UNLIKELY(x) __builtin_expect(!!(x), 0)

#endif
