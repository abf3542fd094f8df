/* Static probes for SystemTap, bpftrace, perf and gdb, where <sys/sdt.h> was
 * there to build with: each is one nop and a note in the file, which says where
 * it is and where its arguments lie. Only what is at hand there anyway is an
 * argument, so that nothing is computed for nobody.
 *
 *   init(async id, type, trigger id)    request_start(number, name)
 *   before(async id)                    request_end(number, status)
 *   after(async id)
 *   destroy(async id)                   when the resource has ended
 */
#ifndef ASYNCSCOPE_HOOKS_PROBES_H
#define ASYNCSCOPE_HOOKS_PROBES_H

#if defined(__has_include)
#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#endif
#endif

#ifdef DTRACE_PROBE1
#define ASYNCSCOPE__PROBE1(name, a)    DTRACE_PROBE1(asyncscope, name, a)
#define ASYNCSCOPE__PROBE2(name, a, b) DTRACE_PROBE2(asyncscope, name, a, b)
#define ASYNCSCOPE__PROBE3(name, a, b, c) \
  DTRACE_PROBE3(asyncscope, name, a, b, c)
#else
#define ASYNCSCOPE__PROBE1(name, a)       ((void)0)
#define ASYNCSCOPE__PROBE2(name, a, b)    ((void)0)
#define ASYNCSCOPE__PROBE3(name, a, b, c) ((void)0)
#endif

#endif
