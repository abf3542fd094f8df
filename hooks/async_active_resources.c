/* Read from the published records, as any thread may: a record says whether its
 * resource keeps the loop alive. */
#include "asyncscope/async_active_resources.h"

#include "env.h"
#include <stdlib.h>
#include <string.h>

/* The groups in their order. A group holds what is listed together. */
enum { REQUESTS, HANDLES, TIMEOUTS, IMMEDIATES };

typedef struct class_s {
  const char *type; /* as init reports it */
  const char *name; /* as Node lists it */
  int group;
} class_t;

static const class_t classes[] = {
    {"FSREQCALLBACK", "FSReqCallback", REQUESTS},
    {"FSREQPROMISE", "FSReqPromise", REQUESTS},
    {"FILEHANDLECLOSEREQ", "CloseReq", REQUESTS},
    {"GETADDRINFOREQWRAP", "GetAddrInfoReqWrap", REQUESTS},
    {"GETNAMEINFOREQWRAP", "GetNameInfoReqWrap", REQUESTS},
    {"TCPCONNECTWRAP", "ConnectWrap", REQUESTS},
    {"PIPECONNECTWRAP", "ConnectWrap", REQUESTS},
    {"SHUTDOWNWRAP", "SimpleShutdownWrap", REQUESTS},
    {"WRITEWRAP", "SimpleWriteWrap", REQUESTS},
    {"UDPSENDWRAP", "SendWrap", REQUESTS},
    {"TCPSERVERWRAP", "TCPServerWrap", HANDLES},
    {"TCPWRAP", "TCPSocketWrap", HANDLES},
    {"PIPESERVERWRAP", "PipeWrap", HANDLES},
    {"PIPEWRAP", "PipeWrap", HANDLES},
    {"TTYWRAP", "TTYWrap", HANDLES},
    {"UDPWRAP", "UDPWrap", HANDLES},
    {"PROCESSWRAP", "ProcessWrap", HANDLES},
    {"FSEVENTWRAP", "FSEventWrap", HANDLES},
    {"STATWATCHER", "StatWatcher", HANDLES},
    {"MESSAGEPORT", "MessagePort", HANDLES},
    {"Timeout", "Timeout", TIMEOUTS},
    {"Immediate", "Immediate", IMMEDIATES},
};

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

static const class_t *class_of(const async_resource_info_t *info) {
  if (!info->ref || info->destroyed || info->internal)
    return NULL;
  for (size_t i = 0; i < CLASSES; i++)
    if (strcmp(classes[i].type, info->type) == 0)
      return &classes[i];
  return NULL;
}

static int group_of(const async_active_resource_t *resource) {
  size_t i = 0;
  while (i < CLASSES && strcmp(classes[i].name, resource->name) != 0)
    i++;
  return i < CLASSES ? classes[i].group : IMMEDIATES;
}

static int compare(const void *left, const void *right) {
  const async_active_resource_t *a = left, *b = right;
  int order = group_of(a) - group_of(b);
  return order != 0 ? order
                    : (a->async_id > b->async_id) - (a->async_id < b->async_id);
}

size_t async_active_resources_info(async_env_t *env,
                                   async_active_resource_t *ret_resources,
                                   size_t max) {
  size_t count = 0;
  uint32_t cursor = 0;
  async_resource_info_t info;
  if (env == NULL)
    env = asyncscope__env;
  while (env != NULL && async_inspect_resources(env, &cursor, &info, 1) == 1) {
    const class_t *found = class_of(&info);
    if (found == NULL)
      continue;
    if (count < max)
      ret_resources[count] =
          (async_active_resource_t){found->name, info.async_id, info.site};
    count++;
  }
  if (max > 0)
    qsort(ret_resources, count < max ? count : max, sizeof(*ret_resources),
          compare);
  return count;
}
