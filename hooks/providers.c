/* Node 26's table: names are the contract, numbers the position. */
#include "asyncscope/async_hooks.h"

#define PROVIDERS(X)      \
  X(NONE)                 \
  X(DIRHANDLE)            \
  X(DNSCHANNEL)           \
  X(ELDHISTOGRAM)         \
  X(FILEHANDLE)           \
  X(FILEHANDLECLOSEREQ)   \
  X(BLOBREADER)           \
  X(FSEVENTWRAP)          \
  X(FSREQCALLBACK)        \
  X(FSREQPROMISE)         \
  X(GETADDRINFOREQWRAP)   \
  X(GETNAMEINFOREQWRAP)   \
  X(HEAPSNAPSHOT)         \
  X(HTTP2SESSION)         \
  X(HTTP2STREAM)          \
  X(HTTP2PING)            \
  X(HTTP2SETTINGS)        \
  X(HTTPINCOMINGMESSAGE)  \
  X(HTTPCLIENTREQUEST)    \
  X(LOCKS)                \
  X(DTLS_ENDPOINT)        \
  X(DTLS_SESSION)         \
  X(JSSTREAM)             \
  X(JSUDPWRAP)            \
  X(MESSAGEPORT)          \
  X(PIPECONNECTWRAP)      \
  X(PIPESERVERWRAP)       \
  X(PIPEWRAP)             \
  X(PROCESSWRAP)          \
  X(PROMISE)              \
  X(QUERYWRAP)            \
  X(QUIC_ENDPOINT)        \
  X(QUIC_LOGSTREAM)       \
  X(QUIC_SESSION)         \
  X(QUIC_STREAM)          \
  X(QUIC_UDP)             \
  X(SHUTDOWNWRAP)         \
  X(SIGNALWRAP)           \
  X(STATWATCHER)          \
  X(STREAMPIPE)           \
  X(TCPCONNECTWRAP)       \
  X(TCPSERVERWRAP)        \
  X(TCPWRAP)              \
  X(TTYWRAP)              \
  X(UDPSENDWRAP)          \
  X(UDPWRAP)              \
  X(SIGINTWATCHDOG)       \
  X(WORKER)               \
  X(WORKERCPUPROFILE)     \
  X(WORKERCPUUSAGE)       \
  X(WORKERHEAPPROFILE)    \
  X(WORKERHEAPSNAPSHOT)   \
  X(WORKERHEAPSTATISTICS) \
  X(WRITEWRAP)            \
  X(ZLIB)                 \
  X(CHECKPRIMEREQUEST)    \
  X(PBKDF2REQUEST)        \
  X(KEYPAIRGENREQUEST)    \
  X(KEYGENREQUEST)        \
  X(KEYEXPORTREQUEST)     \
  X(ARGON2REQUEST)        \
  X(CIPHERREQUEST)        \
  X(DERIVEBITSREQUEST)    \
  X(HASHREQUEST)          \
  X(RANDOMBYTESREQUEST)   \
  X(RANDOMPRIMEREQUEST)   \
  X(SCRYPTREQUEST)        \
  X(SIGNREQUEST)          \
  X(TLSWRAP)              \
  X(VERIFYREQUEST)

#define NUMBER(name) PROVIDER_##name,
#define ROW(name)    {#name, PROVIDER_##name},

enum { PROVIDERS(NUMBER) PROVIDER_COUNT };

static const async_wrap_provider_t providers[] = {PROVIDERS(ROW)};

const async_wrap_provider_t *async_hooks_async_wrap_providers(
    size_t *ret_count) {
  *ret_count = PROVIDER_COUNT;
  return providers;
}
