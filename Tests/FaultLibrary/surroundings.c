// Preloaded into a program and, by the environment, into all that it starts: another clock, or another
// kernel.
//
// CLOCK_OFFSET names a file with a number: the calendar's clock is ahead by so many seconds, from the
// moment on that somebody writes it. Who waits for a time of the calendar is woken by that clock.
//
// KERNEL_LACKS names a file with a word, while which is there the kernel has no nf_tables: "socket",
// nor any netlink of netfilter; "subsystem", netfilter's netlink, but nobody there who answers for
// nf_tables. What is asked of it is sent to a subsystem that no kernel has, so that the answers are
// the kernel's own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// The first word of the file that a variable names.
static void read_word(const char *variable, char word[32]) {
  const char *path = getenv(variable);
  FILE *file = path ? fopen(path, "re") : NULL;
  if (!file) return;
  if (fscanf(file, "%31s", word) != 1) *word = 0;
  fclose(file);
}

// The clock.

static long long offset(void) {
  char seconds[32] = "";
  read_word("CLOCK_OFFSET", seconds);
  return atoll(seconds);
}

static int is_calendar(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

int clock_gettime(clockid_t clock, struct timespec *result) {
  int status = REAL(clock_gettime)(clock, result);
  if (status == 0 && is_calendar(clock)) result->tv_sec += offset();
  return status;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
  int status = REAL(gettimeofday)(result, zone);
  if (status == 0) result->tv_sec += offset();
  return status;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

int clock_nanosleep(
    clockid_t clock, int flags, const struct timespec *until, struct timespec *rest) {
  if (!is_calendar(clock) || !(flags & TIMER_ABSTIME))
    return REAL(clock_nanosleep)(clock, flags, until, rest);
  const struct timespec pause = {.tv_nsec = 10000000};
  struct timespec now;
  while (clock_gettime(clock, &now) == 0 && now.tv_sec < until->tv_sec) {
    int error = REAL(clock_nanosleep)(CLOCK_MONOTONIC, 0, &pause, rest);
    if (error) return error;
  }
  return 0;
}

// The kernel.

static int lacks(const char *what) {
  char missing[32] = "";
  read_word("KERNEL_LACKS", missing);
  return !strcmp(missing, what);
}

int socket(int domain, int type, int protocol) {
  if (domain == AF_NETLINK && protocol == NETLINK_NETFILTER && lacks("socket")) {
    errno = EPROTONOSUPPORT;
    return -1;
  }
  return REAL(socket)(domain, type, protocol);
}

static int is_of_netfilter(int file) {
  int domain = 0, protocol = -1;
  socklen_t size = sizeof(domain);
  if (getsockopt(file, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0) return 0;
  if (getsockopt(file, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) < 0) return 0;
  return domain == AF_NETLINK && protocol == NETLINK_NETFILTER;
}

// Readdresses the first message; the kernel looks no further where nobody answers for that.
static void misdirect(struct nlmsghdr *message, size_t size) {
  struct nfgenmsg *extra = (void *)(message + 1);
  if (size < sizeof(*message) + sizeof(*extra)) return;
  if (message->nlmsg_type == NFNL_MSG_BATCH_BEGIN) {
    if (ntohs(extra->res_id) == NFNL_SUBSYS_NFTABLES) extra->res_id = htons(NFNL_SUBSYS_NONE);
  } else if (NFNL_SUBSYS_ID(message->nlmsg_type) == NFNL_SUBSYS_NFTABLES) {
    message->nlmsg_type = 0x7f00 | NFNL_MSG_TYPE(message->nlmsg_type);
  }
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  if (!lacks("subsystem") || !is_of_netfilter(file)) return REAL(sendmsg)(file, message, flags);
  size_t size = 0;
  for (size_t part = 0; part < message->msg_iovlen; part++) size += message->msg_iov[part].iov_len;
  char *copy = malloc(size + 1), *end = copy;
  if (!copy) return -1;
  for (size_t part = 0; part < message->msg_iovlen; part++)
    end = mempcpy(end, message->msg_iov[part].iov_base, message->msg_iov[part].iov_len);
  misdirect((struct nlmsghdr *)copy, size);
  struct iovec whole = {.iov_base = copy, .iov_len = size};
  struct msghdr other = *message;
  other.msg_iov = &whole;
  other.msg_iovlen = 1;
  ssize_t sent = REAL(sendmsg)(file, &other, flags);
  int error = errno;
  free(copy);
  errno = error;
  return sent;
}

ssize_t sendto(
    int file, const void *bytes, size_t size, int flags, const struct sockaddr *address,
    socklen_t length) {
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
  struct msghdr message = {
      .msg_name = (void *)address, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1};
  if (!lacks("subsystem")) return REAL(sendto)(file, bytes, size, flags, address, length);
  return sendmsg(file, &message, flags);
}

ssize_t send(int file, const void *bytes, size_t size, int flags) {
  if (!lacks("subsystem")) return REAL(send)(file, bytes, size, flags);
  return sendto(file, bytes, size, flags, NULL, 0);
}
