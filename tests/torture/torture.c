/* torture KIND once|on [PART PARTS [tls]]: the server's whole life, with the
 * nth call of a kind failing, for every n until a run ends in which none has
 * failed: once, or from there on, until somebody waits. Each in a process of
 * its own. As nearly all of the time is waiting, the ns may be shared out: a
 * part has every PARTSth.
 *
 * In all of them: no crash, no sanitizer's report, every request has an answer
 * or an end, service returns when nothing fails any more, the server ends as
 * it should, and nothing is left of it. */
#include "fault.h"
#include "scene.h"

#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_resource.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_SECONDS 150

/* What a child leaves for its parent. */
typedef struct report_s {
  scene_result_t result;
  char wrong[128]; /* "" where all is well */
} report_t;

typedef struct torture_s {
  fault_kind_t kind;
  bool lasting;
  long part, parts;
  report_t *report; /* shared with the children */
  long live_blocks; /* what a scene leaves behind for good */
  int descriptors;  /* the same */
  int err_fd;       /* what the child writes to stderr */
  long positions, fired, answered, closed;
} torture_t;

static int open_descriptors(void) {
  DIR *directory = opendir("/proc/self/fd");
  int count = -1; /* its own */
  if (directory == NULL) {
    return -1;
  }
  while (readdir(directory) != NULL) {
    count++;
  }
  closedir(directory);
  return count;
}

static void wrong(report_t *report, const char *what, long is, long should) {
  if (report->wrong[0] == '\0') {
    snprintf(report->wrong, sizeof(report->wrong), "%s: %ld in place of %ld",
             what, is, should);
  }
}

/* A start that fails with no memory at all is the end of the process: closing a
 * pool takes a loop, and so it may keep what it has. */
static void judge_memory(const torture_t *torture) {
  const scene_result_t *result = &torture->report->result;
  long blocks = fault_live_blocks();
  bool at_end =
      torture->lasting && torture->kind == FAULT_ALLOC && !result->served;
  if (blocks != torture->live_blocks && !at_end) {
    wrong(torture->report, "blocks of memory", blocks, torture->live_blocks);
  }
}

static void judge(const torture_t *torture) {
  report_t *report = torture->report;
  const scene_result_t *result = &report->result;
  int descriptors = open_descriptors();
  if (result->lost != 0) {
    wrong(report, "requests with neither an answer nor an end", result->lost,
          0);
  }
  if (result->served && !result->recovered) {
    wrong(report, "served again", 0, 1);
  }
  if (result->exit_status != (result->served ? 0 : 1)) {
    wrong(report, "exit status", result->exit_status, result->served ? 0 : 1);
  }
  judge_memory(torture);
  if (descriptors != torture->descriptors) {
    wrong(report, "descriptors", descriptors, torture->descriptors);
  }
}

static _Noreturn void child(const torture_t *torture, long nth) {
  dup2(torture->err_fd, STDERR_FILENO);
  alarm(RUN_SECONDS);
  fault_arm(torture->kind, nth, torture->lasting);
  scene_run(&torture->report->result);
  judge(torture);
  _exit(torture->report->wrong[0] == '\0' ? 0 : 9);
}

static void print_stderr(int fd) {
  char text[4096];
  ssize_t length;
  lseek(fd, 0, SEEK_SET);
  while ((length = read(fd, text, sizeof(text))) > 0) {
    printf("%.*s", (int)length, text);
  }
}

static const char *and_on(const torture_t *torture) {
  return torture->lasting ? " and on" : "";
}

static bool run(torture_t *torture, long nth) {
  int status;
  memset(torture->report, 0, sizeof(*torture->report));
  if (ftruncate(torture->err_fd, 0) != 0) {
    abort();
  }
  pid_t pid = fork();
  if (pid == 0) {
    child(torture, nth);
  }
  if (pid < 0 || waitpid(pid, &status, 0) != pid) {
    abort();
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return true;
  }
  printf("%s %ld%s: status 0x%x: %s\n", fault_name(torture->kind), nth,
         and_on(torture), (unsigned)status, torture->report->wrong);
  print_stderr(torture->err_fd);
  return false;
}

static bool run_all(torture_t *torture) {
  for (long nth = torture->part;; nth += torture->parts) {
    if (!run(torture, nth)) {
      return false;
    }
    if (torture->report->result.fired == 0) {
      break;
    }
    torture->positions++;
    torture->fired += torture->report->result.fired;
    torture->answered += torture->report->result.answered;
    torture->closed += torture->report->result.closed;
  }
  return torture->fired > 0;
}

/* A process keeps the names of the types it has seen, and which those are
 * depends on how things go: here it sees all there are. */
static bool meet_types(void) {
  static const char *const others[] = {"Immediate",     "Timeout",
                                       "TickObject",    "Microtask",
                                       "QueuedRequest", "WORK"};
  size_t count, more = sizeof(others) / sizeof(others[0]);
  const async_wrap_provider_t *providers =
      async_hooks_async_wrap_providers(&count);
  int error = async_env_open(ASYNC_ENV_OTHER, "types");
  for (size_t i = 0; i < count + more && error == 0; i++) {
    async_resource_t resource;
    error = async_resource_init(
        &resource, i < count ? providers[i].name : others[i - count], NULL);
    async_resource_finish(&resource);
  }
  async_env_flush();
  return async_env_detach() == 0 && error == 0;
}

/* A first life, in which nothing fails: what it leaves is the process's. */
static bool begin(torture_t *torture) {
  int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
  torture->report = mmap(NULL, sizeof(report_t), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  torture->err_fd = memfd_create("stderr", MFD_CLOEXEC);
  fflush(stdout);
  if (!meet_types()) {
    return false;
  }
  scene_run(&torture->report->result);
  torture->live_blocks = fault_live_blocks();
  torture->descriptors = open_descriptors();
  dup2(out, STDOUT_FILENO);
  const scene_result_t *result = &torture->report->result;
  return result->exit_status == 0 && result->recovered && result->lost == 0 &&
         result->closed == 0;
}

int main(int argc, char **argv) {
  static torture_t torture;
  torture.kind = FAULT_KINDS;
  for (int kind = 0; kind < FAULT_KINDS && argc > 1; kind++) {
    if (strcmp(argv[1], fault_name((fault_kind_t)kind)) == 0) {
      torture.kind = (fault_kind_t)kind;
    }
  }
  torture.lasting = argc > 2 && strcmp(argv[2], "on") == 0;
  torture.part = argc > 4 ? strtol(argv[3], NULL, 10) : 1;
  torture.parts = argc > 4 ? strtol(argv[4], NULL, 10) : 1;
  bool tls = argc > 5 && strcmp(argv[5], "tls") == 0;
  (void)setvbuf(stdout, NULL, _IOLBF, 0);
  if (torture.kind == FAULT_KINDS || argc < 3 || torture.part < 1 ||
      torture.parts < torture.part || fault_install() != 0 ||
      (tls && !scene_use_tls()) || !begin(&torture)) {
    printf("usage: torture KIND once|on [PART PARTS [tls]]; or the server does "
           "not even "
           "serve\n");
    return 2;
  }
  bool well = run_all(&torture);
  printf("%s%s%s, part %ld of %ld: %ld positions, %ld faults, %ld answers, %ld "
         "ends: %s\n",
         fault_name(torture.kind), and_on(&torture), tls ? " through tls" : "",
         torture.part, torture.parts, torture.positions, torture.fired,
         torture.answered, torture.closed, well ? "well" : "NOT well");
  return well ? 0 : 1;
}
