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
