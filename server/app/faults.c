#include "faults.h"

int app_faults_init(app_faults_t *faults) {
  int error = uv_mutex_init(&faults->mutex);

  if (error != 0)
    return error;
  error = uv_cond_init(&faults->release);
  if (error != 0)
    uv_mutex_destroy(&faults->mutex);
  atomic_init(&faults->released, false);
  return error;
}

void app_faults_finish(app_faults_t *faults) {
  uv_cond_destroy(&faults->release);
  uv_mutex_destroy(&faults->mutex);
}

static uint64_t deadline_ns(uint64_t ms) {
  return uv_hrtime() + ms * 1000000;
}

void app_faults_block(app_faults_t *faults, uint64_t ms) {
  uint64_t end_ns = deadline_ns(ms);
  uint64_t now_ns;

  uv_mutex_lock(&faults->mutex);
  while (!atomic_load(&faults->released) && (now_ns = uv_hrtime()) < end_ns)
    uv_cond_timedwait(&faults->release, &faults->mutex, end_ns - now_ns);
  uv_mutex_unlock(&faults->mutex);
}

void app_faults_spin(app_faults_t *faults, uint64_t ms,
                     const atomic_bool *cancelled) {
  uint64_t end_ns = deadline_ns(ms);

  while (!atomic_load(&faults->released) && !atomic_load(cancelled) &&
         uv_hrtime() < end_ns) {
  }
}

void app_faults_release(app_faults_t *faults) {
  uv_mutex_lock(&faults->mutex);
  atomic_store(&faults->released, true);
  uv_cond_broadcast(&faults->release);
  uv_mutex_unlock(&faults->mutex);
}
