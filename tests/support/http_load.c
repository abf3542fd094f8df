/*
 * libcurl's callbacks only note and count. Easy handles are removed outside
 * of them, between two curl_multi_perform(), as libcurl asks.
 */
#include "http_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static int note_sent(CURL *easy, curl_infotype type, char *bytes, size_t length,
                     void *arg) {
  (void)easy;
  (void)bytes;
  (void)length;
  http_transfer_t *transfer = arg;
  if (type == CURLINFO_HEADER_OUT && !transfer->sent) {
    transfer->sent = true;
    transfer->load->sent++;
  }
  return 0;
}

/* Without lingering, close() sends a reset. */
static int end_by_reset(void *arg, curl_socket_t fd, curlsocktype purpose) {
  struct linger none = {.l_onoff = 1, .l_linger = 0};
  (void)arg;
  (void)purpose;
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
  return CURL_SOCKOPT_OK;
}

static CURLMcode add_transfer(http_load_t *load, size_t index) {
  http_transfer_t *transfer = &load->transfers[index];
  transfer->index = index;
  transfer->load = load;
  transfer->easy = curl_easy_init();
  if (transfer->easy == NULL) {
    return CURLM_OUT_OF_MEMORY;
  }
  char target[256];
  char url[512];
  load->options.target(index, target, sizeof(target));
  snprintf(url, sizeof(url), "%s%s", load->options.url, target);
  http_answer_attach(&transfer->answer, transfer->easy);
  curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
  curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt(transfer->easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(transfer->easy, CURLOPT_DEBUGFUNCTION, note_sent);
  curl_easy_setopt(transfer->easy, CURLOPT_DEBUGDATA, transfer);
  if (load->options.resets) {
    curl_easy_setopt(transfer->easy, CURLOPT_SOCKOPTFUNCTION, end_by_reset);
  }
  return curl_multi_add_handle(load->multi, transfer->easy);
}

static void end_transfer(http_transfer_t *transfer) {
  curl_multi_remove_handle(transfer->load->multi, transfer->easy);
  curl_easy_cleanup(transfer->easy);
  transfer->easy = NULL;
}

static void take_answers(http_load_t *load) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(load->multi, &left)) != NULL) {
    http_transfer_t *transfer = NULL;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    http_answer_t *answer = &transfer->answer;
    answer->code = message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE,
                      &answer->status);
    curl_easy_getinfo(message->easy_handle, CURLINFO_NUM_CONNECTS,
                      &answer->new_connections);
    transfer->answered = true;
    load->answered++;
    end_transfer(transfer);
  }
}

static void hang_up(http_load_t *load) {
  for (size_t i = 0; i < load->options.count; i++) {
    http_transfer_t *transfer = &load->transfers[i];
    if (transfer->easy != NULL && transfer->sent &&
        load->options.hangs_up(load, transfer)) {
      transfer->hung_up = true;
      load->hung_up++;
      end_transfer(transfer);
    }
  }
}

static void note_peak(http_load_t *load) {
  size_t in_flight = load->sent - load->hung_up;
  in_flight = in_flight > load->answered ? in_flight - load->answered : 0;
  if (in_flight > load->in_flight_peak) {
    load->in_flight_peak = in_flight;
  }
}

static CURLMcode turn(http_load_t *load) {
  int running = 0;
  CURLMcode code = curl_multi_perform(load->multi, &running);
  take_answers(load);
  note_peak(load);
  if (load->options.hangs_up != NULL) {
    hang_up(load);
  }
  if (code == CURLM_OK &&
      load->answered + load->hung_up < load->options.count) {
    code = curl_multi_poll(load->multi, NULL, 0, 1000, NULL);
  }
  return code;
}

CURLMcode http_load_run(http_load_t *load, const http_load_options_t *options) {
  *load = (http_load_t){.options = *options, .multi = curl_multi_init()};
  load->transfers = calloc(options->count, sizeof(*load->transfers));
  if (load->transfers == NULL || load->multi == NULL) {
    return CURLM_OUT_OF_MEMORY;
  }
  CURLMcode code = CURLM_OK;
  for (size_t i = 0; i < options->count && code == CURLM_OK; i++) {
    code = add_transfer(load, i);
  }
  while (code == CURLM_OK && load->answered + load->hung_up < options->count) {
    code = turn(load);
  }
  return code;
}

void http_load_finish(http_load_t *load) {
  for (size_t i = 0; load->transfers != NULL && i < load->options.count; i++) {
    if (load->transfers[i].easy != NULL) {
      end_transfer(&load->transfers[i]);
    }
    http_answer_finish(&load->transfers[i].answer);
  }
  if (load->multi != NULL) {
    curl_multi_cleanup(load->multi);
  }
  free(load->transfers);
  *load = (http_load_t){0};
}
