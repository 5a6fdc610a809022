// Preloaded into the program, makes one of its calls to the system fail, or ends the program there.
//
// The program runs as ever until it first names a path that FAULTS_AT is a part of; with an empty
// one it does not even begin. There it stays, and makes a copy of itself for each line that it reads from FAULTS/ask:
//
//   NAMES FIRST COUNT ACTION NUMBER
//
// The copy goes on; of its calls to NAMES (with commas; * for all) those from FIRST on, COUNT of
// them, meet ACTION: "error" (errno NUMBER; 0 for one that fits the call), "kill", "run", which lets
// FAULTS/hook come between, or "interrupt": each of them fails COUNT times in a row with EINTR, and
// then is made. How the copy ended is written to FAULTS/answer; what it said is in
// FAULTS/out and FAULTS/errors, and which calls met something in FAULTS/hits. Where FAULTS_UNTIL is
// set, nothing is met any more once the copy has named a path that it is a part of.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static char folder[512], start[512], end[512];
static int is_ready, is_serving, is_begun, is_over;

// The order of the copy.
static char names[256], action[16];
static int first, count, number;
// What of it was done; calls come from other threads, too.
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static int seen, fired;
static char interrupted[32];

static void serve(void);

__attribute__((constructor)) static void prepare(void) {
  const char *where = getenv("FAULTS"), *at = getenv("FAULTS_AT"), *until = getenv("FAULTS_UNTIL");
  if (!where || !at) return;
  snprintf(folder, sizeof(folder), "%s", where);
  snprintf(start, sizeof(start), "%s", at);
  snprintf(end, sizeof(end), "%s", until ? until : "");
  is_ready = 1;
  // Programs that are started have no part in this.
  unsetenv("LD_PRELOAD");
  unsetenv("FAULTS");
  if (!*start) serve();
}

static int open_at(const char *name, int flags) {
  char path[600];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  return REAL(open)(path, flags | O_CLOEXEC, 0600);
}

static void put(int descriptor, const char *text) {
  if (REAL(write)(descriptor, text, strlen(text)) < 0) _exit(99);
}

static void become_copy(void) {
  int output = open_at("out", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  int errors = open_at("errors", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  REAL(close)(output);
  REAL(close)(errors);
  REAL(close)(open_at("hits", O_WRONLY | O_CREAT | O_TRUNC));
  // A copy that hangs is told from others by its end.
  alarm(30);
  is_begun = 1;
}

// Returns in the copies only.
static void serve(void) {
  is_serving = 1;
  int ask = open_at("ask", O_RDONLY), answer = open_at("answer", O_WRONLY);
  FILE *orders = fdopen(ask, "r");
  char line[512];
  while (fgets(line, sizeof(line), orders)) {
    if (sscanf(line, "%255s %d %d %15s %d", names, &first, &count, action, &number) != 5) _exit(98);
    pid_t copy = fork();
    if (copy == 0) {
      REAL(close)(ask);
      REAL(close)(answer);
      return become_copy();
    }
    int status = 0;
    while (REAL(waitpid)(copy, &status, 0) < 0 && errno == EINTR) {}
    snprintf(line, sizeof(line), "%d\n",
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    put(answer, line);
  }
  _exit(0);
}

// Runs FAULTS/hook to its end.
static void run_hook(void) {
  char path[600];
  snprintf(path, sizeof(path), "%s/hook", folder);
  pid_t hook = fork();
  if (hook == 0) {
    int nothing = REAL(open)("/dev/null", O_RDWR);
    for (int stream = 0; stream < 3; stream++) dup2(nothing, stream);
    execl("/bin/sh", "sh", path, NULL);
    _exit(97);
  }
  while (REAL(waitpid)(hook, NULL, 0) < 0 && errno == EINTR) {}
}

static int is_meant(const char *name) {
  size_t length = strlen(name);
  for (const char *part = names; part; part = strchr(part, ',')) {
    if (*part == ',') part++;
    if (*part == '*' || (!strncmp(part, name, length) && strchr(",", part[length]))) return 1;
  }
  return 0;
}

// Whether this call meets something; the calls after the first one have its name.
static int is_hit(const char *name) {
  if (!is_meant(name) || fired >= count || (fired == 0 && ++seen < first)) return 0;
  if (fired++ == 0 && *names == '*') snprintf(names, sizeof(names), "%s", name);
  return 1;
}

// Whether this is one of so many tries that a signal interrupts.
static int is_interrupted(const char *name) {
  if (!is_meant(name)) return 0;
  if (strcmp(interrupted, name)) fired = 0;
  snprintf(interrupted, sizeof(interrupted), "%s", name);
  fired = fired < count ? fired + 1 : 0;
  return fired > 0;
}

// What the call is to fail with; 0 where it is to be made.
static int fault(const char *name, const char *path, int fitting) {
  if (!is_ready) return 0;
  if (!is_begun) {
    if (is_serving || !path || !strstr(path, start)) return 0;
    serve();
  }
  pthread_mutex_lock(&guard);
  if (*end && path && strstr(path, end)) is_over = 1;
  int interrupts = !strcmp(action, "interrupt");
  int hit = is_over ? 0 : interrupts ? is_interrupted(name) : is_hit(name);
  pthread_mutex_unlock(&guard);
  if (!hit) return 0;
  char line[1024];
  snprintf(line, sizeof(line), "%s %s\n", name, path ? path : "");
  int hits = open_at("hits", O_WRONLY | O_APPEND);
  put(hits, line);
  REAL(close)(hits);
  if (interrupts) return EINTR;
  if (!strcmp(action, "kill")) kill(getpid(), SIGKILL);
  if (!strcmp(action, "run")) run_hook();
  if (strcmp(action, "error")) return 0;
  return number ? number : fitting;
}

// A function that tells of its failure by errno.
#define CALL(type, name, parameters, arguments, path, failure, fitting) \
  type name parameters { \
    int error = fault(#name, path, fitting); \
    if (error) { \
      errno = error; \
      return failure; \
    } \
    return REAL(name) arguments; \
  }

// A function that returns the error.
#define NUMBERED_CALL(name, parameters, arguments, path, fitting) \
  int name parameters { \
    int error = fault(#name, path, fitting); \
    return error ? error : REAL(name) arguments; \
  }

// Files by their names.

static mode_t mode_of(int flags, va_list rest) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

// Whether the file may be changed by it, or come to be.
static int writes(int flags) {
  return flags & (O_CREAT | O_WRONLY | O_RDWR);
}

static int fault_of_open(const char *path, int flags) {
  return fault(writes(flags) ? "create" : "open", path, flags & O_CREAT ? ENOSPC : EMFILE);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  int error = fault_of_open(path, flags);
  if (error) {
    errno = error;
    return -1;
  }
  return REAL(open)(path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  int error = fault_of_open(path, flags);
  if (error) {
    errno = error;
    return -1;
  }
  return REAL(openat)(directory, path, flags, mode);
}

CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), path, -1, ENOSPC)
CALL(int, rename, (const char *from, const char *to), (from, to), to, -1, EIO)
CALL(int, unlink, (const char *path), (path), path, -1, EIO)
CALL(int, symlink, (const char *to, const char *path), (to, path), path, -1, ENOSPC)
CALL(ssize_t, readlink, (const char *path, char *room, size_t size), (path, room, size), path, -1,
    EIO)
CALL(char *, realpath, (const char *path, char *room), (path, room), path, NULL, EIO)
CALL(int, stat, (const char *path, struct stat *result), (path, result), path, -1, EIO)
CALL(int, lstat, (const char *path, struct stat *result), (path, result), path, -1, EIO)
CALL(int, fstatat, (int directory, const char *path, struct stat *result, int flags),
    (directory, path, result, flags), path, -1, EIO)
CALL(DIR *, opendir, (const char *path), (path), path, NULL, EMFILE)
CALL(struct dirent *, readdir, (DIR * stream), (stream), NULL, NULL, EIO)

// Open files.

CALL(ssize_t, read, (int file, void *room, size_t size), (file, room, size), NULL, -1, EIO)
CALL(ssize_t, pread, (int file, void *room, size_t size, off_t offset),
    (file, room, size, offset), NULL, -1, EIO)
CALL(ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size), NULL, -1,
    ENOSPC)
CALL(ssize_t, pwrite, (int file, const void *bytes, size_t size, off_t offset),
    (file, bytes, size, offset), NULL, -1, ENOSPC)
CALL(int, fstat, (int file, struct stat *result), (file, result), NULL, -1, EIO)
CALL(int, fsync, (int file), (file), NULL, -1, EIO)
CALL(int, ftruncate, (int file, off_t size), (file, size), NULL, -1, EIO)
CALL(int, fchmod, (int file, mode_t mode), (file, mode), NULL, -1, EPERM)
CALL(int, fchown, (int file, uid_t user, gid_t group), (file, user, group), NULL, -1, EPERM)
CALL(int, flock, (int file, int operation), (file, operation), NULL, -1, ENOLCK)
NUMBERED_CALL(posix_fallocate, (int file, off_t start, off_t size), (file, start, size), NULL,
    ENOSPC)

int close(int file) {
  int error = fault("close", NULL, EIO);
  int result = REAL(close)(file);
  // As with Linux, the file is closed whatever is said of it.
  if (!error) return result;
  errno = error;
  return -1;
}

// The kernel's rules.

CALL(int, socket, (int domain, int type, int protocol), (domain, type, protocol), NULL, -1, EMFILE)
CALL(int, bind, (int file, const struct sockaddr *address, socklen_t size), (file, address, size),
    NULL, -1, ENOMEM)
CALL(int, getsockname, (int file, struct sockaddr *address, socklen_t *size),
    (file, address, size), NULL, -1, ENOBUFS)
CALL(int, setsockopt, (int file, int level, int name, const void *value, socklen_t size),
    (file, level, name, value, size), NULL, -1, ENOMEM)
CALL(int, getsockopt, (int file, int level, int name, void *value, socklen_t *size),
    (file, level, name, value, size), NULL, -1, ENOMEM)
CALL(ssize_t, recvmsg, (int file, struct msghdr *message, int flags), (file, message, flags), NULL,
    -1, ENOBUFS)

// A batch that is not empty: what changes rules has a name of its own.
static int changes_rules(const void *bytes, size_t size) {
  const struct nlmsghdr *first = bytes;
  if (size < sizeof(*first) || first->nlmsg_type != NFNL_MSG_BATCH_BEGIN) return 0;
  const struct nlmsghdr *second = (const void *)((const char *)bytes + first->nlmsg_len);
  return size < first->nlmsg_len + sizeof(*second) || second->nlmsg_type != NFNL_MSG_BATCH_END;
}

ssize_t sendto(
    int file, const void *bytes, size_t size, int flags, const struct sockaddr *address,
    socklen_t length) {
  int commits = changes_rules(bytes, size);
  int error = fault(commits ? "commit" : "sendto", NULL, ENOBUFS);
  if (error) {
    errno = error;
    return -1;
  }
  return REAL(sendto)(file, bytes, size, flags, address, length);
}

// Processes and threads.

NUMBERED_CALL(posix_spawn,
    (pid_t * process, const char *path, const posix_spawn_file_actions_t *actions,
        const posix_spawnattr_t *attributes, char *const arguments[], char *const variables[]),
    (process, path, actions, attributes, arguments, variables), NULL, EAGAIN)
NUMBERED_CALL(posix_spawnp,
    (pid_t * process, const char *name, const posix_spawn_file_actions_t *actions,
        const posix_spawnattr_t *attributes, char *const arguments[], char *const variables[]),
    (process, name, actions, attributes, arguments, variables), NULL, EAGAIN)
CALL(int, socketpair, (int domain, int type, int protocol, int ends[2]),
    (domain, type, protocol, ends), NULL, -1, EMFILE)
CALL(int, poll, (struct pollfd * files, nfds_t count, int milliseconds),
    (files, count, milliseconds), NULL, -1, ENOMEM)
CALL(ssize_t, send, (int file, const void *bytes, size_t size, int flags),
    (file, bytes, size, flags), NULL, -1, ENOBUFS)
CALL(pid_t, waitpid, (pid_t process, int *status, int options), (process, status, options), NULL,
    -1, ECHILD)
NUMBERED_CALL(pthread_create,
    (pthread_t * thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context),
    (thread, attributes, body, context), NULL, EAGAIN)
