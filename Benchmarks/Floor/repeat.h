/*
 * What a floor measures of itself, where a process stays: each thing is done again and again, and
 * its median is printed in a line of NAME, microseconds, and the peak of memory in KiB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static inline long nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000L + time.tv_nsec;
}

static inline int ascending(const void *left, const void *right) {
  long one = *(const long *)left, other = *(const long *)right;
  return (one > other) - (one < other);
}

static inline void tell(const char *name, long *times, size_t count) {
  struct rusage usage;
  qsort(times, count, sizeof *times, ascending);
  getrusage(RUSAGE_SELF, &usage);
  printf("%s\t%.1f\t%ld\n", name, (double)times[count / 2] / 1000, usage.ru_maxrss);
}
