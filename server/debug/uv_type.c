#include "uv_type.h"

#include <stddef.h>
#include <string.h>
#include <uv.h>

static const struct {
  const char *type;
  uv_handle_type handle; /* UV_UNKNOWN_HANDLE: it is a request */
  uv_req_type req;
} types[] = {
    {"Timeout", UV_TIMER, UV_UNKNOWN_REQ},
    {"TCPSERVERWRAP", UV_TCP, UV_UNKNOWN_REQ},
    {"TCPWRAP", UV_TCP, UV_UNKNOWN_REQ},
    {"PIPESERVERWRAP", UV_NAMED_PIPE, UV_UNKNOWN_REQ},
    {"PIPEWRAP", UV_NAMED_PIPE, UV_UNKNOWN_REQ},
    {"TTYWRAP", UV_TTY, UV_UNKNOWN_REQ},
    {"UDPWRAP", UV_UDP, UV_UNKNOWN_REQ},
    {"PROCESSWRAP", UV_PROCESS, UV_UNKNOWN_REQ},
    {"SIGNALWRAP", UV_SIGNAL, UV_UNKNOWN_REQ},
    {"FSEVENTWRAP", UV_FS_EVENT, UV_UNKNOWN_REQ},
    {"STATWATCHER", UV_FS_POLL, UV_UNKNOWN_REQ},
    {"FSREQCALLBACK", UV_UNKNOWN_HANDLE, UV_FS},
    {"WRITEWRAP", UV_UNKNOWN_HANDLE, UV_WRITE},
    {"SHUTDOWNWRAP", UV_UNKNOWN_HANDLE, UV_SHUTDOWN},
    {"TCPCONNECTWRAP", UV_UNKNOWN_HANDLE, UV_CONNECT},
    {"PIPECONNECTWRAP", UV_UNKNOWN_HANDLE, UV_CONNECT},
    {"UDPSENDWRAP", UV_UNKNOWN_HANDLE, UV_UDP_SEND},
    {"GETADDRINFOREQWRAP", UV_UNKNOWN_HANDLE, UV_GETADDRINFO},
    {"GETNAMEINFOREQWRAP", UV_UNKNOWN_HANDLE, UV_GETNAMEINFO},
    {"RANDOMBYTESREQUEST", UV_UNKNOWN_HANDLE, UV_RANDOM},
};

const char *asyncscope__debug_uv_type(const char *type) {
  for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
    if (strcmp(types[i].type, type) == 0)
      return types[i].handle != UV_UNKNOWN_HANDLE
                 ? uv_handle_type_name(types[i].handle)
                 : uv_req_type_name(types[i].req);
  return NULL;
}
