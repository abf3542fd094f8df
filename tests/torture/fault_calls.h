#ifndef TORTURE_FAULTS_CALLS_H
#define TORTURE_FAULTS_CALLS_H

/* For the calls that stand in for those of the system (fault_calls.c). */

#include "fault.h"

/* Whether the call that asks is to fail now. */
bool fault_here(fault_kind_t kind);

/* Whether the function is one of libuv. */
bool fault_is_libuvs(const void *address);

#endif
