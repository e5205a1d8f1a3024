// The limit: what one core can relay when nothing is in the way. A WebSocket server in C with one topic: who opens
// /ws/… reads it, who opens /pub/… speaks to it. Each message is framed once into a log; after every round of epoll
// each reader gets, in one write, all it has not had yet. No identity, no rights, no numbers, no database.
//
//   limit PORT
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_FD = 65536, IN_SIZE = 1 << 17, LOG_SIZE = 1 << 25 };

typedef struct {
  int fd, reads, shaken, full;  // shaken: hands; full: the socket's buffer, so wait until it can take more
  uint64_t next;                // how far it has been given the log
  uint8_t *in;
  uint32_t in_len;
} conn;

static conn *conns[MAX_FD];  // by file descriptor
static conn *readers[MAX_FD];
static int reader_count, ep;
static uint8_t *topic_log, recv_buffer[IN_SIZE];
static uint64_t first, head;  // the log holds the bytes from `first` on

// ---- SHA-1 and base64, for Sec-WebSocket-Accept (RFC 6455 §4.2.2) ----
static uint32_t rotated(uint32_t v, int n) { return v << n | v >> (32 - n); }
static void sha1(const uint8_t *text, size_t n, uint8_t digest[20]) {
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}, w[80];
  uint8_t padded[192] = {0};
  size_t blocks = (n + 9 + 63) / 64;
  memcpy(padded, text, n);
  padded[n] = 0x80;
  for (int i = 0; i < 8; i++) padded[blocks * 64 - 1 - i] = (uint64_t)n * 8 >> (8 * i);
  for (size_t b = 0; b < blocks; b++) {
    for (int i = 0; i < 16; i++) {
      const uint8_t *p = padded + b * 64 + i * 4;
      w[i] = (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
    }
    for (int i = 16; i < 80; i++) w[i] = rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], c1 = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
      uint32_t f = i < 20 ? (c1 & c) | (~c1 & d) : i < 40 ? c1 ^ c ^ d : i < 60 ? (c1 & c) | (c1 & d) | (c & d) : c1 ^ c ^ d;
      uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
      uint32_t next = rotated(a, 5) + f + e + k + w[i];
      e = d, d = c, c = rotated(c1, 30), c1 = a, a = next;
    }
    h[0] += a, h[1] += c1, h[2] += c, h[3] += d, h[4] += e;
  }
  for (int i = 0; i < 20; i++) digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
}
static void accept_key(const char *key, size_t n, char out[29]) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char text[128];
  uint8_t digest[21] = {0};
  sha1((uint8_t *)text, snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)n, key), digest);
  for (int i = 0; i < 7; i++) {
    uint32_t three = digest[3 * i] << 16 | digest[3 * i + 1] << 8 | digest[3 * i + 2];
    for (int j = 0; j < 4; j++) out[4 * i + j] = letters[three >> (18 - 6 * j) & 63];
  }
  out[27] = '=';
  out[28] = 0;
}

// ---- connections ----
static void end_conn(conn *c) {
  conns[c->fd] = NULL;
  for (int i = 0; c->reads && i < reader_count; i++) if (readers[i] == c) { readers[i] = readers[--reader_count]; break; }
  close(c->fd);
  free(c->in);
  free(c);
}
static void watch(conn *c) {
  struct epoll_event e = {.events = EPOLLIN | (c->full ? EPOLLOUT : 0), .data.ptr = c};
  epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}
// Give it all it has not had yet. False: it is gone.
static int catch_up(conn *c) {
  if (c->next < first) { end_conn(c); return 0; }
  ssize_t sent = send(c->fd, topic_log + (c->next - first), head - c->next, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN) { end_conn(c); return 0; }
  if (sent > 0) c->next += sent;
  int full = c->next < head;
  if (full != c->full) { c->full = full; watch(c); }
  return 1;
}
static void append(const uint8_t *bytes, size_t n) {
  if (head - first + n > LOG_SIZE) {  // the older half goes
    memmove(topic_log, topic_log + LOG_SIZE / 2, LOG_SIZE / 2);
    first += LOG_SIZE / 2;
  }
  memcpy(topic_log + (head - first), bytes, n);
  head += n;
}

// ---- what comes in ----
static int shake_hands(conn *c, uint8_t *b, size_t n) {  // how many bytes it took; 0: not all there; -1: gone
  uint8_t *end = memmem(b, n, "\r\n\r\n", 4);
  if (!end) return 0;
  char *key = memmem(b, n, "Sec-WebSocket-Key: ", 19), accepted[29], answer[256];
  if (!key) { end_conn(c); return -1; }
  key += 19;
  accept_key(key, strcspn(key, "\r"), accepted);
  int len = snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: %s\r\n\r\n", accepted);
  if (send(c->fd, answer, len, MSG_NOSIGNAL) != len) { end_conn(c); return -1; }
  c->shaken = 1;
  if ((c->reads = !memcmp(b, "GET /ws/", 8))) { readers[reader_count++] = c; c->next = head; }
  return end + 4 - b;
}
static int take_frame(conn *c, uint8_t *f, size_t n) {  // the same
  if (n < 6) return 0;
  size_t h = 2, len = f[1] & 127;
  if (len == 127) { end_conn(c); return -1; }  // nobody here says so much
  if (len == 126) { if (n < 8) return 0; len = f[2] << 8 | f[3]; h = 4; }
  if (n < h + 4 + len) return 0;
  uint8_t *mask = f + h, *payload = mask + 4, opcode = f[0] & 15;
  if (opcode == 8) { end_conn(c); return -1; }
  if (opcode > 2) return h + 4 + len;
  for (size_t i = 0; i < len; i++) payload[i] ^= mask[i & 3];
  uint8_t header[4] = {0x81, len < 126 ? len : 126, len >> 8, len};
  append(header, len < 126 ? 2 : 4);
  append(payload, len);
  return h + 4 + len;
}
static void take_input(conn *c) {
  if (c->in_len) memcpy(recv_buffer, c->in, c->in_len);
  ssize_t r = recv(c->fd, recv_buffer + c->in_len, IN_SIZE - 1 - c->in_len, MSG_DONTWAIT);
  if (r < 0 && errno == EAGAIN) return;
  if (r <= 0) { end_conn(c); return; }
  size_t n = c->in_len + r, at = 0;
  recv_buffer[n] = 0;
  for (int took = 1; took && at < n; at += took) {
    took = c->shaken ? take_frame(c, recv_buffer + at, n - at) : shake_hands(c, recv_buffer + at, n - at);
    if (took < 0) return;
  }
  c->in_len = n - at;
  if (c->in_len) { c->in = realloc(c->in, c->in_len); memcpy(c->in, recv_buffer + at, c->in_len); }
}

// ---- the loop ----
static void take_connections(int listener) {
  for (int fd, one = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    if (fd >= MAX_FD) { close(fd); continue; }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    conn *c = conns[fd] = calloc(1, sizeof *c);
    c->fd = fd;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
  }
}
static int listen_on(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(fd, (void *)&a, sizeof a) || listen(fd, 4096)) { perror("limit"); exit(1); }
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
  return fd;
}
int main(int count, char **words) {
  static struct epoll_event events[1024];
  signal(SIGPIPE, SIG_IGN);
  ep = epoll_create1(0);
  topic_log = malloc(LOG_SIZE);
  int listener = listen_on(count > 1 ? atoi(words[1]) : 8000);
  for (uint64_t walked = 0;; walked = head) {
    int n = epoll_wait(ep, events, 1024, -1);
    for (int i = 0; i < n; i++) {
      conn *c = events[i].data.ptr;
      if (!c) take_connections(listener);
      else if (!(events[i].events & EPOLLOUT) || catch_up(c)) take_input(c);
    }
    if (walked == head) continue;
    for (int i = reader_count - 1; i >= 0; i--) if (!readers[i]->full && readers[i]->next < head) catch_up(readers[i]);
  }
}
