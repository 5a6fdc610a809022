// netinet/in.h first: it keeps linux/in.h and linux/in6.h from defining the same types again.
#include <netinet/in.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <linux/netlink.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/batch.h>
#include <libnftnl/table.h>
#include <libnftnl/chain.h>
#include <libnftnl/rule.h>
#include <libnftnl/expr.h>
#include <libnftnl/set.h>
#include <libnftnl/udata.h>

// Calls that set errno give it back at once, before anything else can change it.

// A socket of the netfilter subsystem; NULL and *error where there is none.
static inline struct mnl_socket *netlink_open(int *error) {
  struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
  if (!socket) {
    *error = errno;
    return NULL;
  }
  const struct timeval patience = {.tv_sec = 30};
  int on = 1;
  int descriptor = mnl_socket_get_fd(socket);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0) {
    *error = errno;
    mnl_socket_close(socket);
    return NULL;
  }
  // Kernels before 4.12 do without.
  mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, sizeof(on));
  mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof(on));
  return socket;
}

// Makes room for a message of send_bytes and for answers of receive_bytes, as far as allowed.
static inline void netlink_make_room(struct mnl_socket *socket, int send_bytes, int receive_bytes) {
  int descriptor = mnl_socket_get_fd(socket);
  if (setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &send_bytes, sizeof(send_bytes)) < 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof(send_bytes));
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &receive_bytes, sizeof(receive_bytes)) < 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
}

// The number of bytes sent, or -errno.
static inline long netlink_send(struct mnl_socket *socket, const void *bytes, size_t count) {
  ssize_t sent;
  do sent = mnl_socket_sendto(socket, bytes, count);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -(long)errno : (long)sent;
}

// The number of bytes that the kernel sent, or -errno: EAGAIN where there are none and wait is 0,
// ENOSPC where they are more than room.
static inline long netlink_receive(
    struct mnl_socket *socket, void *bytes, size_t room, int wait) {
  for (;;) {
    struct sockaddr_nl sender = {0};
    struct iovec part = {.iov_base = bytes, .iov_len = room};
    struct msghdr message = {
        .msg_name = &sender, .msg_namelen = sizeof(sender), .msg_iov = &part, .msg_iovlen = 1};
    ssize_t count = recvmsg(mnl_socket_get_fd(socket), &message, wait ? 0 : MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -(long)errno;
    // Other processes may write to the socket; only the kernel is listened to.
    if (sender.nl_pid != 0) continue;
    if (message.msg_flags & MSG_TRUNC) return -(long)ENOSPC;
    return (long)count;
  }
}
