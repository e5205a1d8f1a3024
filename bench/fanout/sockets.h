// The sockets of loadgen: their state, and how frames leave (masked, as a client must: RFC 6455 §5.3).
#pragma once
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum protocol { RAW, SOCKETIO, PARVIS };
enum state { CONNECTING, HANDSHAKE, GREETING, OPEN, DEAD };
enum { RECV_SIZE = 1 << 20, FRAME_SIZE = 66000 };

typedef struct {
  int fd, awaited;  // awaited: replies until the socket is ready
  enum state state;
  uint32_t index;
  uint8_t speaks;  // the connection that publishes to all
  uint8_t *in, *out;  // unparsed input; unsent output
  uint32_t in_len, in_cap, out_len, out_cap;
  const char *cookie, *topics;
  uint64_t seq;  // the number of the event that came last
} conn;

static int ep, open_count, dead_count, complaints;

static void fail(const char *what) { perror(what); exit(2); }
static void complain(const char *what, const void *text, size_t n) {
  if (complaints++ < 3) fprintf(stderr, "loadgen: %s: %.*s\n", what, (int)(n < 300 ? n : 300), (const char *)text);
}

static void kill_conn(conn *c) {
  if (c->state == DEAD) return;
  if (c->state == OPEN) open_count--;
  c->state = DEAD;
  dead_count++;
  close(c->fd);
}
static void watch(conn *c, int writing) {
  struct epoll_event e = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = c};
  epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}
static void put(conn *c, const void *bytes, size_t n) {
  if (c->state == DEAD) return;
  if (c->out_len == 0) {
    ssize_t sent = send(c->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == (ssize_t)n) return;
    if (sent < 0 && errno != EAGAIN) { kill_conn(c); return; }
    if (sent > 0) { bytes = (const char *)bytes + sent; n -= sent; }
  }
  if (c->out_len + n > c->out_cap) c->out = realloc(c->out, c->out_cap = (c->out_len + n) * 2);
  memcpy(c->out + c->out_len, bytes, n);
  c->out_len += n;
  watch(c, 1);
}
static void put_rest(conn *c) {
  ssize_t sent = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) memmove(c->out, c->out + sent, c->out_len -= sent);
  if (!c->out_len) watch(c, 0);
}
static void put_frame(conn *c, int opcode, const void *payload, size_t n) {
  static uint8_t b[FRAME_SIZE + 16];
  static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
  size_t h = 2;
  if (n > FRAME_SIZE) n = FRAME_SIZE;
  b[0] = 0x80 | opcode;
  if (n < 126) b[1] = 0x80 | n;
  else { b[1] = 0x80 | 126; b[2] = n >> 8; b[3] = n; h = 4; }
  memcpy(b + h, mask, 4);
  h += 4;
  for (size_t i = 0; i < n; i++) b[h + i] = ((const uint8_t *)payload)[i] ^ mask[i & 3];
  put(c, b, h + n);
}
