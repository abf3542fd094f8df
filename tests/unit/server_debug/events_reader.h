#ifndef EVENTS_READER_H
#define EVENTS_READER_H

/* One reader of /debug/events, and what it has been told. */
#include "debug_fixture.h"

typedef struct events_reader_s {
  asyncscope_debug_stream_t *stream;
  char text[1 << 20];
  size_t length;
} events_reader_t;

extern events_reader_t reader;

void open_events(scene_t *scene, const char *query, const char *last_event_id);
/* Until there is nothing to tell for now. */
void read_events(void);
/* Until the stream wants to be read again. */
void wait_until_due(void);
void close_events(void);

/* Opens, reads and closes. */
void see(scene_t *scene, const char *query);
/* The same with the id of what was seen last; the delta. */
json_t *come_back(scene_t *scene, const char *query);

/* The id of the last event. */
const char *last_id(void);
/* The data of the first event of that name. */
json_t *data_of(const char *name);
size_t length_of(const json_t *event, const char *list);

#endif
