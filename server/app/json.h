/* jansson, as this server uses it. */
#ifndef ASYNCSCOPE_SERVER_JSON_H
#define ASYNCSCOPE_SERVER_JSON_H

/* Once, before there is a second thread: jansson takes memory from our
 * allocator, and its hash seed is not found by two threads at once. */
void json_prepare(void);

#endif
