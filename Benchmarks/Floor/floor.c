/*
 * The floor of the compile benchmark: the least that a program must do to turn the policies of
 * publishes.awk into the elements of an nft map.
 *
 * It reads exactly those lines, checks that no port is published twice with one bitmap, and prints
 * the elements as `bridgeward compile --target nft` prints them, byte for byte. It has no other
 * grammar, no other checks and no messages; what it does not expect ends it.
 *
 *   floor FILE                reads, checks and prints
 *   floor again TIMES FILE    reads once; parses and checks again and again, prints no elements, and
 *                             then what that takes a process that stays, as repeat.h prints it
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "repeat.h"

static const char *cursor;
static uint32_t *guests;
static size_t guest_count, guest_room;
static uint64_t taken[2][65536 / 64];
/* Where elements are printed to; nowhere if it is NULL. */
static char *out;

static void fail(const char *why) {
  fprintf(stderr, "floor: %s\n", why);
  exit(1);
}

static int skip(const char *word) {
  size_t length = strlen(word);
  if (memcmp(cursor, word, length) != 0) return 0;
  cursor += length;
  return 1;
}

static void expect(const char *word) {
  if (!skip(word)) fail(word);
}

static uint32_t number(uint32_t most) {
  uint32_t value = 0;
  if (*cursor < '0' || *cursor > '9') fail("a number is missing");
  while (*cursor >= '0' && *cursor <= '9') value = value * 10 + (uint32_t)(*cursor++ - '0');
  if (value > most) fail("a number is too large");
  return value;
}

static void put_text(const char *text, size_t length) {
  memcpy(out, text, length);
  out += length;
}

static void put_number(uint32_t value) {
  char digits[10];
  size_t count = 0;
  do digits[count++] = (char)('0' + value % 10);
  while (value /= 10);
  while (count > 0) *out++ = digits[--count];
}

/* `container c7 10.88.1.8` */
static void container(void) {
  uint32_t address = 0;
  expect("c");
  if (number(UINT32_MAX) != guest_count) fail("containers are out of order");
  for (int octet = 0; octet < 4; octet++) {
    expect(octet == 0 ? " " : ".");
    address = address << 8 | number(255);
  }
  if (guest_count == guest_room) {
    guest_room = guest_room ? 2 * guest_room : 64;
    guests = realloc(guests, guest_room * sizeof *guests);
    if (guests == NULL) fail("no memory");
  }
  guests[guest_count++] = address;
}

/* `publish tcp 1024 -> c0:80` */
static void publish(const char *file, size_t file_length, uint32_t line) {
  int udp = skip("udp");
  if (!udp) expect("tcp");
  expect(" ");
  uint32_t port = number(65535);
  expect(" -> c");
  uint32_t guest = number(UINT32_MAX);
  expect(":");
  uint32_t inside = number(65535);
  if (guest >= guest_count) fail("no such container");
  if (taken[udp][port / 64] >> port % 64 & 1) fail("a port is published twice");
  taken[udp][port / 64] |= (uint64_t)1 << port % 64;
  if (out == NULL) return;

  put_text(udp ? "\t\t\tudp . " : "\t\t\ttcp . ", 9);
  put_number(port);
  put_text(" comment \"", 10);
  put_text(file, file_length);
  *out++ = ':';
  put_number(line);
  put_text("\" : ", 4);
  for (int shift = 24; shift >= 0; shift -= 8) {
    put_number(guests[guest] >> shift & 255);
    *out++ = shift ? '.' : ' ';
  }
  put_text(". ", 2);
  put_number(inside);
  put_text(",\n", 2);
}

static char *read_file(const char *path, size_t *size) {
  struct stat status;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || fstat(file, &status) < 0) fail("cannot open the file");
  *size = (size_t)status.st_size;
  /* Comparisons of whole words may look past the end. */
  char *bytes = calloc(*size + 64, 1);
  for (size_t done = 0; bytes != NULL && done < *size;) {
    ssize_t count = read(file, bytes + done, *size - done);
    if (count <= 0) fail("cannot read the file");
    done += (size_t)count;
  }
  if (bytes == NULL) fail("no memory");
  close(file);
  return bytes;
}

static void parse(const char *bytes, size_t size, const char *file) {
  const char *end = bytes + size;
  size_t file_length = strlen(file);
  uint32_t line = 1;
  for (cursor = bytes; cursor < end; line++) {
    while (*cursor == ' ') cursor++;
    if (skip("publish ")) publish(file, file_length, line);
    else if (skip("container ")) container();
    else while (*cursor != '\n') cursor++;
    expect("\n");
  }
}

static void parse_again(size_t times, const char *bytes, size_t size, const char *file) {
  long spent[times];
  for (size_t i = 0; i < times; i++) {
    long start = nanoseconds();
    guest_count = 0;
    memset(taken, 0, sizeof taken);
    parse(bytes, size, file);
    spent[i] = nanoseconds() - start;
  }
  tell("check", spent, times);
}

static void print(const char *bytes, size_t size, const char *file) {
  /* A publish line has 26 bytes or more; an element has at most 72 and the name of the file. */
  char *text = malloc((size / 26 + 1) * (72 + strlen(file)));
  if (text == NULL) fail("no memory");
  out = text;
  parse(bytes, size, file);
  for (const char *rest = text; rest < out;) {
    ssize_t written = write(STDOUT_FILENO, rest, (size_t)(out - rest));
    if (written <= 0) fail("cannot write");
    rest += written;
  }
}

int main(int count, char **arguments) {
  int again = count == 4 && strcmp(arguments[1], "again") == 0;
  if (count != 2 && !again) fail("usage: floor FILE | again TIMES FILE");
  const char *file = arguments[count - 1];
  size_t size;
  const char *bytes = read_file(file, &size);
  if (again) parse_again((size_t)atoi(arguments[2]), bytes, size, file);
  else print(bytes, size, file);
  return 0;
}
