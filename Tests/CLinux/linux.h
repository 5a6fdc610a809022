// What the tests need of Linux beyond POSIX, and the Glibc module leaves out.
#pragma once

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/epoll.h>

int setns(int descriptor, int kind);
int unshare(int kind);
int memfd_create(const char *name, unsigned int flags);
int accept4(int descriptor, void *address, unsigned int *length, int flags);
int unshare(int kinds);
int mount(
    const char *source, const char *target, const char *type, unsigned long flags,
    const void *data);
