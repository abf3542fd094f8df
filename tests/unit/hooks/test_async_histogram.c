/* A histogram alone: buckets, percentiles, sums, and recording from one thread
 * or from many. */
#include "asyncscope/async_histogram.h"
#include "hooks_fixture.h"

#define TOO_LONG (UINT64_C(1) << 62)

static uint64_t p(const async_histogram_t *histogram, double percent) {
  return async_histogram_percentile(histogram, percent);
}

static void an_empty_histogram_is_all_zero(void **state) {
  async_histogram_t histogram = {0};
  (void)state;
  assert_int_equal(async_histogram_count(&histogram), 0);
  assert_int_equal(async_histogram_max(&histogram), 0);
  assert_int_equal(async_histogram_sum(&histogram), 0);
  assert_int_equal(p(&histogram, 0), 0);
  assert_int_equal(p(&histogram, 100), 0);
}

/* Every power of two and its neighbours, far beyond the range. */
static void one_value_is_told_to_an_eighth(void **state) {
  int wrong = 0;
  (void)state;
  for (unsigned power = 0; power < 41; power++)
    for (uint64_t add = 0; add < 3; add++) {
      async_histogram_t histogram = {0};
      uint64_t value = (UINT64_C(1) << power) + add - 1;
      async_histogram_record(&histogram, value);
      async_histogram_record(&histogram, TOO_LONG);
      wrong += p(&histogram, 50) < value;
      wrong += p(&histogram, 50) > value + value / 8;
      wrong += async_histogram_max(&histogram) != TOO_LONG;
      wrong += async_histogram_sum(&histogram) != TOO_LONG + value;
      wrong += async_histogram_count(&histogram) != 2;
    }
  assert_int_equal(wrong, 0);
}

static void percentiles_count_from_below(void **state) {
  async_histogram_t histogram = {0};
  (void)state;
  for (uint64_t i = 1; i <= 1000; i++)
    async_histogram_record(&histogram, i * 1000);
  assert_int_equal(async_histogram_count(&histogram), 1000);
  assert_in_range(p(&histogram, 0), 1000, 1125);
  assert_in_range(p(&histogram, 50), 500000, 562500);
  assert_in_range(p(&histogram, 99), 990000, 1000000);
  assert_in_range(p(&histogram, 99.9), 999000, 1000000);
  assert_int_equal(p(&histogram, 100), 1000000);
}

static void no_percentile_is_above_the_greatest(void **state) {
  async_histogram_t histogram = {0};
  (void)state;
  async_histogram_record(&histogram, 1024);
  assert_int_equal(p(&histogram, 50), 1024);
}

/* A value lies above the end of the bucket before its own and not above the
 * end of its own. */
static void buckets_ascend_without_a_gap(void **state) {
  uint64_t below = 0, upper = 0;
  int wrong = 0;
  (void)state;
  for (size_t i = 0; i < ASYNC_HISTOGRAM_BUCKETS; i++) {
    async_histogram_t histogram = {0};
    async_histogram_bucket(&histogram, i, &upper);
    async_histogram_record(&histogram, i == 0 ? 0 : below + 1);
    async_histogram_record(&histogram, upper);
    wrong += async_histogram_bucket(&histogram, i, NULL) != 2;
    wrong += i > 0 && upper <= below;
    below = upper;
  }
  assert_int_equal(wrong, 0);
  assert_true(upper == UINT64_MAX);
}

static void no_bucket_lies_behind_the_last(void **state) {
  async_histogram_t histogram = {0};
  uint64_t upper = 0;
  (void)state;
  async_histogram_record(&histogram, TOO_LONG);
  assert_int_equal(
      async_histogram_bucket(&histogram, ASYNC_HISTOGRAM_BUCKETS - 1, &upper),
      1);
  assert_int_equal(
      async_histogram_bucket(&histogram, ASYNC_HISTOGRAM_BUCKETS, &upper), 0);
}

static void histograms_add_up(void **state) {
  async_histogram_t one = {0}, other = {0}, sum = {0};
  (void)state;
  async_histogram_record(&one, 100);
  async_histogram_record_shared(&other, 300);
  async_histogram_record_shared(&other, 200);
  async_histogram_add(&sum, &one);
  async_histogram_add(&sum, &other);
  assert_int_equal(async_histogram_count(&sum), 3);
  assert_int_equal(async_histogram_sum(&sum), 600);
  assert_int_equal(async_histogram_max(&sum), 300);
  assert_in_range(p(&sum, 50), 200, 225);
}

#define THREADS 4
#define EACH    20000

static void record_many(void *arg) {
  async_histogram_t *histogram = arg;
  for (uint64_t i = 1; i <= EACH; i++)
    async_histogram_record_shared(histogram, i);
}

static void threads_that_record_together_lose_nothing(void **state) {
  static async_histogram_t histogram;
  uv_thread_t threads[THREADS];
  (void)state;
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(uv_thread_create(&threads[i], record_many, &histogram), 0);
  for (int i = 0; i < THREADS; i++)
    uv_thread_join(&threads[i]);
  assert_int_equal(async_histogram_count(&histogram), THREADS * EACH);
  assert_int_equal(async_histogram_sum(&histogram),
                   (uint64_t)THREADS * EACH * (EACH + 1) / 2);
  assert_int_equal(async_histogram_max(&histogram), EACH);
}

typedef struct watched_s {
  async_histogram_t histogram;
  int backwards;
} watched_t;

static void watch(void *arg) {
  watched_t *watched = arg;
  uint64_t last = 0, count = 0;
  while (count < EACH) {
    count = async_histogram_count(&watched->histogram);
    watched->backwards += count < last;
    last = count;
  }
}

static void a_reader_beside_the_owner_sees_it_grow(void **state) {
  static watched_t watched;
  uv_thread_t thread;
  (void)state;
  assert_int_equal(uv_thread_create(&thread, watch, &watched), 0);
  for (uint64_t i = 1; i <= EACH; i++)
    async_histogram_record(&watched.histogram, i);
  uv_thread_join(&thread);
  assert_int_equal(watched.backwards, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_histogram_is_all_zero),
      cmocka_unit_test(one_value_is_told_to_an_eighth),
      cmocka_unit_test(percentiles_count_from_below),
      cmocka_unit_test(no_percentile_is_above_the_greatest),
      cmocka_unit_test(buckets_ascend_without_a_gap),
      cmocka_unit_test(no_bucket_lies_behind_the_last),
      cmocka_unit_test(histograms_add_up),
      cmocka_unit_test(threads_that_record_together_lose_nothing),
      cmocka_unit_test(a_reader_beside_the_owner_sees_it_grow),
  };
  return test_main(tests, argc, argv);
}
