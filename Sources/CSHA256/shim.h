#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

// What processors know of SHA-256 (FIPS 180-4).
// source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, SHA256RNDS2,
// SHA256MSG1, SHA256MSG2; volume 2A, CPUID leaves 1 and 7.

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// Whether the processor has the instructions.
static inline int sha256_is_there(void) {
  const unsigned ssse3 = 1u << 9, sse4_1 = 1u << 19, sha = 1u << 29;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & ssse3) || !(c & sse4_1)) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & sha);
}

// Takes in so many blocks of 64 bytes; `state` are the eight words, `constants` the 64 of the rounds.
__attribute__((target("sha,sse4.1,ssse3"))) static inline void sha256_absorb(
    uint32_t *state, const uint8_t *message, size_t blocks, const uint32_t *constants) {
  // The message's words are big-endian.
  const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  // The instructions want a, b, e, f in one register and c, d, g, h in the other.
  __m128i half = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i cdgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(half, cdgh, 8);
  cdgh = _mm_blend_epi16(cdgh, half, 0xF0);
  for (; blocks > 0; blocks--, message += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[4];
    for (int i = 0; i < 4; i++)
      words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)message + i), order);
    for (int i = 0; i < 16; i++) {
      __m128i sum =
          _mm_add_epi32(words[i & 3], _mm_loadu_si128((const __m128i *)constants + i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
      // The words of the round sixteen later; those of the last rounds are not used.
      __m128i late = words[(i + 3) & 3];
      __m128i next = _mm_add_epi32(
          _mm_sha256msg1_epu32(words[i & 3], words[(i + 1) & 3]),
          _mm_alignr_epi8(late, words[(i + 2) & 3], 4));
      words[i & 3] = _mm_sha256msg2_epu32(next, late);
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  half = _mm_shuffle_epi32(abef, 0x1B);
  cdgh = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(half, cdgh, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(cdgh, half, 8));
}

#else

static inline int sha256_is_there(void) { return 0; }

static inline void sha256_absorb(
    uint32_t *state, const uint8_t *message, size_t blocks, const uint32_t *constants) {}

#endif
