#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Grows the heap by `bytes` at once, in large pages as far as the kernel has them, and lets arrays
// of up to 32 MiB come from it. Where there is not so much, nothing but speed is lost.
static inline void heap_grow(int bytes) {
  const int largest_mmap_threshold = 32 << 20;
  const uintptr_t large_page = 2 << 20;
  mallopt(M_MMAP_THRESHOLD, largest_mmap_threshold);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, bytes);
  uintptr_t start = ((uintptr_t)sbrk(0) + large_page - 1) & ~(large_page - 1);
  // Larger than what is left of the heap; volatile, or the compiler would leave both calls out.
  void *volatile probe = malloc(1 << 20);
  free(probe);
  mallopt(M_TOP_PAD, 1 << 20);
  uintptr_t end = (uintptr_t)sbrk(0);
  if (start < end) madvise((void *)start, end - start, MADV_HUGEPAGE);
}

// Lets all threads take their memory from the one heap that is prepared for them: a heap of its own
// for each thread would grow page by page.
static inline void heap_share(void) { mallopt(M_ARENA_MAX, 1); }

// Whether `size` bytes more could be had; they are given back untouched.
static inline int heap_has(size_t size) {
  void *volatile probe = malloc(size);
  free(probe);
  return probe != 0;
}

struct heap_last_words {
  const char *text;
  size_t length;
  int status;
};

static inline struct heap_last_words *heap_last_words(void) {
  static struct heap_last_words words;
  return &words;
}

// As signal.h has them, whose types would then be this module's.
extern void (*signal(int number, void (*handler)(int)))(int);
extern int raise(int number);

// Whoever gets no memory aborts, or takes what it did not get for an address. A handler of these
// signals: where there is no memory, ends the process with its last words; else the signal comes again
// and does what it does. Two threads may get here at once. Only calls that are allowed in a handler
// (signal-safety(7)), and mmap, which is nothing but a call to the kernel.
static inline void heap_on_crash(int number) {
  const struct heap_last_words *words = heap_last_words();
  // As much as an array that grows asks for when megabytes are no longer enough.
  const size_t much = 64 << 20;
  void *probe = mmap(0, much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe != MAP_FAILED) {
    signal(number, 0);
    raise(number);
    return;
  }
  ssize_t written = write(STDERR_FILENO, words->text, words->length);
  (void)written;
  _exit(words->status);
}

static inline void heap_set_last_words(const char *text, size_t length, int status) {
  *heap_last_words() = (struct heap_last_words){text, length, status};
}
