/*
 * New connections through a router, as many as it takes:
 *
 *   path serve PORT…                        accepts and closes on these TCP ports, sends back what
 *                                           comes on the same UDP ports, until it is killed
 *   path tcp ADDRESS PORT MILLISECONDS      connects and closes, each time from a port of its own
 *   path udp ADDRESS PORT MILLISECONDS      sends a datagram and awaits the answer, each time from a
 *                                           port of its own, a few of them on their way at a time
 *
 * A client stops after so many milliseconds, or when it has used all of its ports, and prints the
 * microseconds that it took, in all, as a user and in the kernel, its peak memory in KiB, and the
 * number of connections. It fails where answers are missing.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_PORT = 2000, LAST_PORT = 61999, MOST_SERVERS = 8, UNDER_WAY = 32 };

static void fail(const char *why) {
  fprintf(stderr, "path: %s: %s\n", why, strerror(errno));
  exit(1);
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

/* A socket that is bound to a port of this machine. */
static int open_port(int type, int port) {
  int number = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  if (number < 0) fail("socket");
  if (setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) fail("reuse");
  if (bind(number, (void *)&here, sizeof here) < 0) fail("bind");
  return number;
}

static void accept_all(int listener) {
  for (;;) {
    int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (peer >= 0) close(peer);
    else if (errno == EAGAIN) return;
    else if (errno != ECONNABORTED && errno != EINTR) fail("accept");
  }
}

static void answer_all(int socket) {
  char room[64];
  struct sockaddr_in peer;
  for (;;) {
    socklen_t length = sizeof peer;
    ssize_t count = recvfrom(socket, room, sizeof room, MSG_DONTWAIT, (void *)&peer, &length);
    if (count >= 0) sendto(socket, room, (size_t)count, 0, (void *)&peer, length);
    else if (errno == EAGAIN) return;
  }
}

static void serve(int count, char **ports) {
  struct pollfd servers[2 * MOST_SERVERS];
  int room = 8 << 20;
  if (count > MOST_SERVERS) count = MOST_SERVERS;
  /* Whoever started it may be killed. */
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  for (int i = 0; i < count; i++) {
    int listener = open_port(SOCK_STREAM | SOCK_NONBLOCK, atoi(ports[i]));
    int echo = open_port(SOCK_DGRAM, atoi(ports[i]));
    if (listen(listener, 65535) < 0) fail("listen");
    if (setsockopt(echo, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0) fail("room");
    servers[2 * i] = (struct pollfd){.fd = listener, .events = POLLIN};
    servers[2 * i + 1] = (struct pollfd){.fd = echo, .events = POLLIN};
  }
  while (poll(servers, (nfds_t)(2 * count), -1) >= 0 || errno == EINTR)
    for (int i = 0; i < count; i++) {
      if (servers[2 * i].revents) accept_all(servers[2 * i].fd);
      if (servers[2 * i + 1].revents) answer_all(servers[2 * i + 1].fd);
    }
  fail("poll");
}

static int connect_all(const struct sockaddr_in *there, long long end) {
  /* Closing resets: neither side keeps anything of the connection. */
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  int count = 0;
  while (count <= LAST_PORT - FIRST_PORT && now() < end) {
    int client = open_port(SOCK_STREAM, FIRST_PORT + count++);
    if (setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) < 0) fail("linger");
    if (connect(client, (const void *)there, sizeof *there) < 0) fail("connect");
    close(client);
  }
  return count;
}

static int ask_all(const struct sockaddr_in *there, long long end) {
  int clients[UNDER_WAY], count = 0;
  struct timeval patience = {.tv_sec = 2};
  while (count <= LAST_PORT - FIRST_PORT - UNDER_WAY && now() < end) {
    for (int i = 0; i < UNDER_WAY; i++) {
      int number = count + i;
      clients[i] = open_port(SOCK_DGRAM, FIRST_PORT + number);
      setsockopt(clients[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      if (sendto(clients[i], &number, sizeof number, 0, (const void *)there, sizeof *there) < 0)
        fail("sendto");
    }
    for (int i = 0; i < UNDER_WAY; i++) {
      int answer = -1;
      if (recv(clients[i], &answer, sizeof answer, 0) < 0) fail("no answer");
      if (answer != count + i) fail("another one's answer");
      close(clients[i]);
    }
    count += UNDER_WAY;
  }
  return count;
}

int main(int count, char **arguments) {
  const char *verb = count > 1 ? arguments[1] : "";
  int tcp = strcmp(verb, "tcp") == 0;
  if (count > 2 && strcmp(verb, "serve") == 0) serve(count - 2, arguments + 2);
  if (count != 5 || (!tcp && strcmp(verb, "udp") != 0)) {
    fprintf(stderr, "usage: path serve PORT... | tcp|udp ADDRESS PORT MILLISECONDS\n");
    return 2;
  }
  struct sockaddr_in there = {.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)atoi(arguments[3]))};
  if (inet_pton(AF_INET, arguments[2], &there.sin_addr) != 1) fail("address");
  long long start = now(), end = start + atoi(arguments[4]) * 1000LL;
  int connections = tcp ? connect_all(&there, end) : ask_all(&there, end);
  long long wall = now() - start;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("%lld\t%lld\t%lld\t%ld\t%d\n", wall,
         usage.ru_utime.tv_sec * 1000000LL + usage.ru_utime.tv_usec,
         usage.ru_stime.tv_sec * 1000000LL + usage.ru_stime.tv_usec, usage.ru_maxrss, connections);
  return 0;
}
