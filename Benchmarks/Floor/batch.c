/*
 * The floors of the live benchmark: the least that a program must do to load the publishes of
 * publishes.awk into the kernel, and to read them back.
 *
 *   batch load COUNT FILE     one batch, encoded by hand from memory: a table, a map of known size,
 *                             a chain, a rule that the map is bound to, and then the elements, with
 *                             the comments that the compiler gives to lines of FILE
 *   batch encode COUNT FILE   the same, but for handing it to the kernel: what is left of the time
 *                             of `load` without this is the kernel's own
 *   batch add PORT            one more element, for a port that the others leave free
 *   batch dump TABLE MAP      receives the elements of a map, and looks at nothing
 *   batch dump TABLE          receives the whole table, elements aside
 *   batch send                sends the batch on standard input, for whatever state the rules are in
 *   batch generation          prints the number of the state that the rules are in
 *
 * And what a process takes that stays, as repeat.h prints it:
 *
 *   batch encode-again TIMES COUNT FILE   encodes the batch of `load`, each time into the same memory
 *   batch change-again TIMES COUNT        adds so many elements in one batch, and deletes them in
 *                                         another, through a socket that is open
 *
 * What proves that these are the elements that the compiler sends:
 *
 *   batch write COUNT FILE    writes the batch of `load` to standard output
 *   batch elements MAP        of a batch on standard input, writes the bytes of the map's elements
 */
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "repeat.h"

#define FAMILY 1 /* NFPROTO_INET */
static const char table[] = "floor", map[] = "publish4-any", chain[] = "nat";
static char *batch, *end;
static uint32_t sequence;

static void fail(const char *why) {
  perror(why);
  exit(1);
}

/* Messages and nests are closed by writing their length into their start. */
static struct nlmsghdr *begin(int type, int flags, int family, int resource) {
  struct nlmsghdr *header = (struct nlmsghdr *)end;
  struct nfgenmsg *generic = (struct nfgenmsg *)(header + 1);
  *header = (struct nlmsghdr){.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags,
                              .nlmsg_seq = ++sequence};
  *generic = (struct nfgenmsg){.nfgen_family = family, .res_id = htons(resource)};
  end = (char *)(generic + 1);
  return header;
}

static struct nlmsghdr *say(int message, int flags) {
  return begin(NFNL_SUBSYS_NFTABLES << 8 | message, flags, FAMILY, 0);
}

static void close_message(struct nlmsghdr *header) {
  header->nlmsg_len = (uint32_t)(end - (char *)header);
}

static void put(int type, const void *value, size_t length) {
  struct nlattr *attribute = (struct nlattr *)end;
  *attribute = (struct nlattr){.nla_len = (uint16_t)(4 + length), .nla_type = (uint16_t)type};
  memcpy(end + 4, value, length);
  memset(end + 4 + length, 0, -length & 3);
  end += 4 + ((length + 3) & ~(size_t)3);
}

static void put_text(int type, const char *text) { put(type, text, strlen(text) + 1); }

static void put_number(int type, uint32_t number) {
  number = htonl(number);
  put(type, &number, sizeof number);
}

static struct nlattr *open_nest(int type) {
  struct nlattr *nest = (struct nlattr *)end;
  nest->nla_type = (uint16_t)(type | NLA_F_NESTED);
  end += sizeof *nest;
  return nest;
}

static void close_nest(struct nlattr *nest) {
  nest->nla_len = (uint16_t)(end - (char *)nest);
}

static struct nlattr *inner;

static struct nlattr *open_expression(const char *name) {
  struct nlattr *expression = open_nest(NFTA_LIST_ELEM);
  put_text(NFTA_EXPR_NAME, name);
  inner = open_nest(NFTA_EXPR_DATA);
  return expression;
}

static void close_expression(struct nlattr *expression) {
  close_nest(inner);
  close_nest(expression);
}

static void add_objects(uint32_t size) {
  struct nlmsghdr *message = say(NFT_MSG_NEWTABLE, NLM_F_CREATE);
  put_text(NFTA_TABLE_NAME, table);
  close_message(message);

  message = say(NFT_MSG_NEWSET, NLM_F_CREATE);
  put_text(NFTA_SET_TABLE, table);
  put_text(NFTA_SET_NAME, map);
  put_number(NFTA_SET_ID, 1);
  put_number(NFTA_SET_FLAGS, NFT_SET_MAP);
  put_number(NFTA_SET_KEY_TYPE, 12 << 6 | 13); /* nft's inet_proto . inet_service */
  put_number(NFTA_SET_KEY_LEN, 8);
  put_number(NFTA_SET_DATA_TYPE, 7 << 6 | 13); /* nft's ipv4_addr . inet_service */
  put_number(NFTA_SET_DATA_LEN, 8);
  struct nlattr *nest = open_nest(NFTA_SET_DESC);
  put_number(NFTA_SET_DESC_SIZE, size);
  close_nest(nest);
  close_message(message);

  message = say(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
  put_text(NFTA_CHAIN_TABLE, table);
  put_text(NFTA_CHAIN_NAME, chain);
  nest = open_nest(NFTA_CHAIN_HOOK);
  put_number(NFTA_HOOK_HOOKNUM, NF_INET_PRE_ROUTING);
  put_number(NFTA_HOOK_PRIORITY, (uint32_t)-100);
  close_nest(nest);
  put_text(NFTA_CHAIN_TYPE, "nat");
  close_message(message);
}

static void add_rule(void) {
  struct nlmsghdr *message = say(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
  put_text(NFTA_RULE_TABLE, table);
  put_text(NFTA_RULE_CHAIN, chain);
  struct nlattr *list = open_nest(NFTA_RULE_EXPRESSIONS);
  struct nlattr *expression = open_expression("meta");
  put_number(NFTA_META_KEY, NFT_META_L4PROTO);
  put_number(NFTA_META_DREG, NFT_REG_1);
  close_expression(expression);
  expression = open_expression("payload");
  put_number(NFTA_PAYLOAD_DREG, NFT_REG32_01);
  put_number(NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
  put_number(NFTA_PAYLOAD_OFFSET, 2);
  put_number(NFTA_PAYLOAD_LEN, 2);
  close_expression(expression);
  expression = open_expression("lookup");
  put_text(NFTA_LOOKUP_SET, map);
  put_number(NFTA_LOOKUP_SET_ID, 1);
  put_number(NFTA_LOOKUP_SREG, NFT_REG_1);
  put_number(NFTA_LOOKUP_DREG, NFT_REG_1);
  close_expression(expression);
  expression = open_expression("nat");
  put_number(NFTA_NAT_TYPE, NFT_NAT_DNAT);
  put_number(NFTA_NAT_FAMILY, NFPROTO_IPV4);
  put_number(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
  put_number(NFTA_NAT_REG_PROTO_MIN, NFT_REG32_01);
  close_expression(expression);
  close_nest(list);
  close_message(message);
}

/* An element by what identifies it. */
static void put_key(uint8_t protocol, uint32_t port) {
  uint8_t key[8] = {protocol, 0, 0, 0, (uint8_t)(port >> 8), (uint8_t)port};
  struct nlattr *element = open_nest(NFTA_LIST_ELEM);
  struct nlattr *nest = open_nest(NFTA_SET_ELEM_KEY);
  put(NFTA_DATA_VALUE, key, sizeof key);
  close_nest(nest);
  close_nest(element);
}

/* Writes FILE:LINE and a NUL; returns its length without that. */
static size_t write_place(char *to, const char *file, uint32_t line) {
  char digits[10];
  size_t count = 0, length = strlen(file);
  if (length > 200) fail("the name is too long");
  memcpy(to, file, length);
  to[length++] = ':';
  do digits[count++] = (char)('0' + line % 10);
  while (line /= 10);
  while (count > 0) to[length++] = digits[--count];
  to[length] = 0;
  return length;
}

/* An element of the map: a port that is published, and where it leads. */
static void put_element(uint8_t protocol, uint32_t port, uint32_t guest, uint32_t inside,
                        const char *file, uint32_t line) {
  uint8_t key[8] = {protocol, 0, 0, 0, (uint8_t)(port >> 8), (uint8_t)port};
  uint8_t value[8] = {10, 88, (uint8_t)(1 + guest / 250), (uint8_t)(1 + guest % 250),
                      (uint8_t)(inside >> 8), (uint8_t)inside};
  char comment[256];
  size_t length = write_place(comment + 2, file, line);
  comment[0] = 0; /* The kind: a comment. */
  comment[1] = (char)(length + 1);
  struct nlattr *element = open_nest(NFTA_LIST_ELEM);
  struct nlattr *nest = open_nest(NFTA_SET_ELEM_KEY);
  put(NFTA_DATA_VALUE, key, sizeof key);
  close_nest(nest);
  nest = open_nest(NFTA_SET_ELEM_DATA);
  put(NFTA_DATA_VALUE, value, sizeof value);
  close_nest(nest);
  put(NFTA_SET_ELEM_USERDATA, comment, length + 3);
  close_nest(element);
}

/* Publish i of publishes.awk, as an element of its map. */
static void add_element(uint32_t i, uint32_t guests, const char *file) {
  put_element(i < 50000 ? 6 : 17, 1024 + i % 50000, i % guests, 80 + i % 1000, file,
              8 + guests + i);
}

static struct nlattr *open_elements(struct nlmsghdr **message) {
  *message = say(NFT_MSG_NEWSETELEM, NLM_F_CREATE);
  put_text(NFTA_SET_ELEM_LIST_TABLE, table);
  put_text(NFTA_SET_ELEM_LIST_SET, map);
  return open_nest(NFTA_SET_ELEM_LIST_ELEMENTS);
}

static void add_elements(uint32_t count, const char *file) {
  uint32_t guests = count >= 10 ? count / 10 : 1;
  size_t most = 64 + strlen(file);
  for (uint32_t i = 0; i < count;) {
    struct nlmsghdr *message;
    struct nlattr *list = open_elements(&message);
    while (i < count && (size_t)(end - (char *)list) + most < UINT16_MAX)
      add_element(i++, guests, file);
    close_nest(list);
    close_message(message);
  }
}

static int open_socket(void) {
  int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (netlink < 0) fail("socket");
  return netlink;
}

static void send_all(int netlink) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  ssize_t length = end - batch;
  if (sendto(netlink, batch, (size_t)length, 0, (void *)&kernel, sizeof kernel) != length)
    fail("sendto");
}

/* The memory is kept for the next batch. */
static void open_batch(size_t room) {
  static char *memory;
  static size_t size;
  if (size < 4096 + room) {
    free(memory);
    size = 4096 + room;
    memory = malloc(size);
    if (memory == NULL) fail("malloc");
  }
  end = batch = memory;
  sequence = 0;
  close_message(begin(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
}

static void close_batch(void) {
  close_message(begin(NFNL_MSG_BATCH_END, NLM_F_ACK, AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
}

static void encode(uint32_t count, const char *file) {
  uint32_t size = 64;
  while (size < 2 * count) size *= 2;
  open_batch((size_t)count * (72 + strlen(file)));
  add_objects(size);
  add_rule();
  add_elements(count, file);
  close_batch();
}

static void encode_one(uint32_t port) {
  struct nlmsghdr *message;
  open_batch(0);
  struct nlattr *list = open_elements(&message);
  put_element(6, port, 0, 80, "one", 1);
  close_nest(list);
  close_message(message);
  close_batch();
}

/* Elements that the others leave free, and that lead nowhere in particular. */
static void encode_change(uint32_t count, int deletes) {
  struct nlmsghdr *message;
  open_batch((size_t)count * 80);
  struct nlattr *list = open_elements(&message);
  if (deletes) *message = (struct nlmsghdr){
    .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELSETELEM, .nlmsg_flags = NLM_F_REQUEST,
    .nlmsg_seq = sequence};
  for (uint32_t i = 0; i < count; i++) {
    if (deletes) put_key(6, 61000 + i);
    else put_element(6, 61000 + i, 0, 80, "one", 1);
  }
  close_nest(list);
  close_message(message);
  close_batch();
}

static void make_room(int netlink, size_t length) {
  int room = (int)(2 * length);
  if (setsockopt(netlink, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room) < 0) fail("room");
}

/* Has the kernel take the batch, all of it. */
static void commit(int netlink) {
  send_all(netlink);
  char answer[8192];
  ssize_t length = recv(netlink, answer, sizeof answer, 0);
  struct nlmsghdr *header = (struct nlmsghdr *)answer;
  struct nlmsgerr *error = (struct nlmsgerr *)(header + 1);
  if (length < (ssize_t)(sizeof *header + sizeof *error)) fail("recv");
  if (error->error != 0) {
    fprintf(stderr, "batch: message %u: %s\n", header->nlmsg_seq, strerror(-error->error));
    exit(1);
  }
}

/* Asks, and receives to the end; returns the number of the state, where that was asked for. */
static uint32_t ask(int netlink, int kind, int flags, const char *of, const char *set) {
  static char room[1 << 16], request[512];
  end = batch = request;
  struct nlmsghdr *message = say(kind, flags);
  if (of != NULL) put_text(NFTA_TABLE_NAME, of);
  if (set != NULL) put_text(NFTA_SET_ELEM_LIST_SET, set);
  close_message(message);
  send_all(netlink);
  for (;;) {
    ssize_t length = recv(netlink, room, sizeof room, 0);
    if (length <= 0) fail("recv");
    struct nlmsghdr *header = (struct nlmsghdr *)room;
    /* The end of a dump may stand behind the last of what was asked for. */
    char *next = room;
    for (ssize_t left = length; left >= NLMSG_HDRLEN; left -= NLMSG_ALIGN(header->nlmsg_len)) {
      header = (struct nlmsghdr *)next;
      next += NLMSG_ALIGN(header->nlmsg_len);
    }
    if (header->nlmsg_type == NLMSG_DONE) return 0;
    if (header->nlmsg_type == NLMSG_ERROR) {
      struct nlmsgerr *error = (struct nlmsgerr *)(header + 1);
      fprintf(stderr, "batch: %s\n", strerror(-error->error));
      exit(1);
    }
    if (kind == NFT_MSG_GETGEN) {
      uint32_t number;
      memcpy(&number, room + NLMSG_HDRLEN + sizeof(struct nfgenmsg) + 4, sizeof number);
      return ntohl(number);
    }
  }
}

static void encode_again(size_t times, uint32_t count, const char *file) {
  long taken[times];
  for (size_t i = 0; i < times; i++) {
    long start = nanoseconds();
    encode(count, file);
    taken[i] = nanoseconds() - start;
  }
  tell("bytes", taken, times);
}

static void change_again(size_t times, uint32_t count) {
  long taken[2][times];
  char name[32];
  int netlink = open_socket();
  make_room(netlink, (size_t)count * 80);
  for (size_t i = 0; i < times; i++)
    for (int deletes = 0; deletes < 2; deletes++) {
      long start = nanoseconds();
      encode_change(count, deletes);
      commit(netlink);
      taken[deletes][i] = nanoseconds() - start;
    }
  for (int deletes = 0; deletes < 2; deletes++) {
    snprintf(name, sizeof name, "%s-%u", deletes ? "delete" : "add", count);
    tell(name, taken[deletes], times);
  }
}

/* What of the attributes from here to there has this type, or NULL. */
static struct nlattr *find(char *from, const char *to, int type) {
  while (from + sizeof(struct nlattr) <= to) {
    struct nlattr *attribute = (struct nlattr *)from;
    if ((attribute->nla_type & NLA_TYPE_MASK) == type) return attribute;
    from += NLA_ALIGN(attribute->nla_len);
  }
  return NULL;
}

static void write_elements(const char *of) {
  size_t room = 1 << 24, length;
  char *bytes = malloc(room);
  if (bytes == NULL) fail("malloc");
  length = fread(bytes, 1, room, stdin);
  for (char *at = bytes; at < bytes + length;) {
    struct nlmsghdr *message = (struct nlmsghdr *)at;
    char *attributes = at + NLMSG_HDRLEN + sizeof(struct nfgenmsg);
    at += NLMSG_ALIGN(message->nlmsg_len);
    if (message->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM)) continue;
    struct nlattr *name = find(attributes, at, NFTA_SET_ELEM_LIST_SET);
    struct nlattr *list = find(attributes, at, NFTA_SET_ELEM_LIST_ELEMENTS);
    if (name != NULL && list != NULL && strcmp((char *)(name + 1), of) == 0)
      fwrite(list + 1, 1, list->nla_len - sizeof *list, stdout);
  }
}

/* What another program would send, for any state of the rules instead of the one that it was for. */
static void take_batch(void) {
  static char room[1 << 20], begun[64];
  end = batch = begun;
  struct nlmsghdr *start = begin(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
  close_message(start);
  size_t head = (size_t)(end - batch);
  size_t length = fread(room + head, 1, sizeof room - head, stdin);
  struct nlmsghdr *first = (struct nlmsghdr *)(room + head);
  if (length < sizeof *first || length < NLMSG_ALIGN(first->nlmsg_len) || !feof(stdin))
    fail("a whole batch");
  start->nlmsg_seq = first->nlmsg_seq;
  batch = room + NLMSG_ALIGN(first->nlmsg_len);
  memcpy(batch, begun, head);
  end = room + head + length;
}

int main(int count, char **arguments) {
  const char *verb = count > 1 ? arguments[1] : "";
  if (count == 4 && strcmp(verb, "load") == 0) {
    int netlink = open_socket();
    encode((uint32_t)atoi(arguments[2]), arguments[3]);
    make_room(netlink, (size_t)(end - batch));
    commit(netlink);
  } else if (count == 4 && strcmp(verb, "encode") == 0) {
    encode((uint32_t)atoi(arguments[2]), arguments[3]);
  } else if (count == 3 && strcmp(verb, "add") == 0) {
    encode_one((uint32_t)atoi(arguments[2]));
    commit(open_socket());
  } else if (count == 5 && strcmp(verb, "encode-again") == 0) {
    encode_again((size_t)atoi(arguments[2]), (uint32_t)atoi(arguments[3]), arguments[4]);
  } else if (count == 4 && strcmp(verb, "change-again") == 0) {
    change_again((size_t)atoi(arguments[2]), (uint32_t)atoi(arguments[3]));
  } else if (count == 4 && strcmp(verb, "write") == 0) {
    encode((uint32_t)atoi(arguments[2]), arguments[3]);
    fwrite(batch, 1, (size_t)(end - batch), stdout);
  } else if (count == 2 && strcmp(verb, "send") == 0) {
    int netlink = open_socket();
    take_batch();
    make_room(netlink, (size_t)(end - batch));
    commit(netlink);
  } else if (count == 3 && strcmp(verb, "elements") == 0) {
    write_elements(arguments[2]);
  } else if (count == 4 && strcmp(verb, "dump") == 0) {
    ask(open_socket(), NFT_MSG_GETSETELEM, NLM_F_DUMP, arguments[2], arguments[3]);
  } else if (count == 3 && strcmp(verb, "dump") == 0) {
    static const int kinds[] = {NFT_MSG_GETCHAIN, NFT_MSG_GETSET, NFT_MSG_GETRULE};
    int netlink = open_socket();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
      ask(netlink, kinds[i], NLM_F_DUMP, arguments[2], NULL);
  } else if (count == 2 && strcmp(verb, "generation") == 0) {
    printf("%u\n", ask(open_socket(), NFT_MSG_GETGEN, 0, NULL, NULL));
  } else {
    fprintf(stderr, "usage: batch load|encode|write COUNT FILE | add PORT | dump TABLE [MAP] | "
                    "generation | encode-again TIMES COUNT FILE | change-again TIMES COUNT | "
                    "elements MAP | send\n");
    return 2;
  }
  return 0;
}
