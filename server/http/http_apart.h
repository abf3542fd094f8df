/* What few requests need is kept a function of its own where all of them pass
 * by: inlined there, they would save registers for it, and guard the stack for
 * its texts, each time. Where only such is left, what all of them need is one
 * function, whatever it calls and however large it gets. */
#ifndef ASYNCSCOPE_SERVER_HTTP_APART_H
#define ASYNCSCOPE_SERVER_HTTP_APART_H

#define HTTP_APART __attribute__((noinline))
#define HTTP_FLAT  __attribute__((flatten))

#endif
