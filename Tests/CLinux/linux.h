// What the tests need of Linux beyond POSIX, and the Glibc module leaves out.
#pragma once

#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/epoll.h>

int setns(int descriptor, int kind);
int memfd_create(const char *name, unsigned int flags);
int accept4(int descriptor, void *address, unsigned int *length, int flags);
int unshare(int kinds);
int mount(
    const char *source, const char *target, const char *type, unsigned long flags,
    const void *data);

int capget(cap_user_header_t header, cap_user_data_t data);
int capset(cap_user_header_t header, const cap_user_data_t data);

// Lends a capability to the calling thread, or takes it away until it is lent again.
static inline int set_effective_capability(int capability, int is_effective) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  if (capget(&header, data) < 0) return -1;
  unsigned int bit = 1u << (capability % 32);
  unsigned int *word = &data[capability / 32].effective;
  *word = is_effective ? *word | bit : *word & ~bit;
  return capset(&header, data);
}
