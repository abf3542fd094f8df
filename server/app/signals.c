#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <uv.h>

static void fill(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGINT);
}

int app_signals_open(bool reload, int *ret_fd) {
  sigset_t set;
  int fd;

  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGUSR1, SIG_IGN);
  signal(SIGUSR2, SIG_IGN);
  fill(&set);
  if (reload)
    sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0)
    return -errno;
  *ret_fd = fd;
  return 0;
}

void app_signals_end_reload(int fd) {
  sigset_t set;

  fill(&set);
  signalfd(fd, &set, 0);
}

/* Rounded up, so that the deadline has passed when poll() says so. */
static int timeout_ms(uint64_t deadline_ns) {
  uint64_t now_ns = uv_hrtime();

  if (deadline_ns == 0)
    return -1;
  return deadline_ns <= now_ns ? 0
                               : (int)((deadline_ns - now_ns) / 1000000 + 1);
}

app_wait_t app_signals_wait(int fd, int event_fd, uint64_t deadline_ns) {
  struct pollfd entries[] = {{.fd = fd, .events = POLLIN},
                             {.fd = event_fd, .events = POLLIN}};
  struct signalfd_siginfo info;
  int count;

  do {
    count = poll(entries, 2, timeout_ms(deadline_ns));
  } while (count < 0 && errno == EINTR);
  if (count > 0 && (entries[0].revents & POLLIN) != 0 &&
      read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
    return info.ssi_signo == SIGHUP ? APP_WAIT_RELOAD : APP_WAIT_SIGNAL;
  return count > 0 ? APP_WAIT_EVENT : APP_WAIT_TIMEOUT;
}
