/* Threads made to be stuck, for those who want to see that the diagnostics
 * answer all the same (--demo-faults). */
#ifndef ASYNCSCOPE_SERVER_FAULTS_H
#define ASYNCSCOPE_SERVER_FAULTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

typedef struct app_faults_s {
  /* private */
  uv_mutex_t mutex;
  uv_cond_t release;
  atomic_bool released;
} app_faults_t;

/* Errors: UV_ENOMEM and the like. */
int app_faults_init(app_faults_t *faults);

/* Nobody is stuck any more. */
void app_faults_finish(app_faults_t *faults);

/* Keeps the calling thread waiting, doing nothing, for `ms`. Thread: any, as
 * all functions here. */
void app_faults_block(app_faults_t *faults, uint64_t ms);

/* Keeps the calling thread busy for `ms`, or until `cancelled` is raised. */
void app_faults_spin(app_faults_t *faults, uint64_t ms,
                     const atomic_bool *cancelled);

/* Ends all that, also what is still to come: the server drains. */
void app_faults_release(app_faults_t *faults);

#endif
