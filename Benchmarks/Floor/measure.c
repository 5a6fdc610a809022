/*
 * Runs a command once with its output thrown away, and prints what it cost:
 * wall, user and system time in microseconds, and the peak resident memory in KiB.
 *
 *   measure [--status NUMBER] COMMAND…     fails unless the command ends with that number, or 0
 *
 * A virtual machine may give memory that it does not use back to its host, and has to ask for each
 * page again (free page reporting, virtio specification 5.5.6.7): a hundred times what such a page
 * costs otherwise, and large pages above all. So as much as a command may need is asked for before
 * its time begins, for whatever is measured.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long microseconds(struct timeval time) {
  return time.tv_sec * 1000000LL + time.tv_usec;
}

// Has the host hand out memory that it took back; it is free again afterwards. A process of its own
// does it, for the peak of a process that begins another passes on to that.
static void warm_memory(void) {
  const size_t size = 128 << 20, small_page = 4096;
  pid_t process = fork();
  if (process != 0) {
    if (process > 0) waitpid(process, NULL, 0);
    return;
  }
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(1);
  madvise(memory, size, MADV_HUGEPAGE);
  for (size_t at = 0; at < size; at += small_page) ((volatile char *)memory)[at] = 1;
  _exit(0);
}

int main(int count, char **arguments) {
  posix_spawn_file_actions_t actions;
  struct rusage usage;
  pid_t child;
  int status, problem;
  int expected = 0;
  if (count > 2 && strcmp(arguments[1], "--status") == 0) {
    expected = atoi(arguments[2]);
    count -= 2;
    arguments += 2;
  }
  if (count < 2) {
    fprintf(stderr, "usage: measure [--status NUMBER] COMMAND [ARGUMENT...]\n");
    return 2;
  }
  warm_memory();
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  long long start = now();
  problem = posix_spawnp(&child, arguments[1], &actions, NULL, arguments + 1, environ);
  if (problem != 0) {
    fprintf(stderr, "measure: %s: %s\n", arguments[1], strerror(problem));
    return 1;
  }
  if (wait4(child, &status, 0, &usage) < 0) {
    perror("measure");
    return 1;
  }
  long long wall = now() - start;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != expected) {
    fprintf(stderr, "measure: failed:");
    for (int i = 1; i < count; i++) fprintf(stderr, " %s", arguments[i]);
    fprintf(stderr, "\n");
    return 1;
  }
  printf("%lld\t%lld\t%lld\t%ld\n", wall, microseconds(usage.ru_utime),
         microseconds(usage.ru_stime), usage.ru_maxrss);
  return 0;
}
