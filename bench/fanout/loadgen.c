// A neutral WebSocket load generator: one thread, epoll, RFC 6455 client.
//
// It opens N sockets, lets each get ready (Parvis: its subscriptions answered), then publishes and counts every frame
// that comes back with a mark: "@SSSSSSSS,TTTTTTTTTTTTTTTTT" (number of the message, CLOCK_MONOTONIC in ns when it was
// said), put last in each message. One line of JSON on standard output for each mode.
//
//   --mode flood         one speaks to all; as much as goes with --window messages under way
//          steady        one speaks to all; --rate messages a second
//          pairs-flood   sockets 2p and 2p+1 answer each other as fast as they can
//          pairs-steady  the same, --rate messages a second in all
//          chat          all sockets share one topic; one after the other says something, --rate messages a second in
//                        all; each event's number must follow the one before ("gaps")
//          connect       only opens, waits --settle seconds, and looks at the server's memory
//          flood,steady  one after the other, with the same sockets
//   --phase 0 … 0.99     steady: the moments of speaking are multiples of 1/rate, and so much of one later, on the
//                        machine's clock; two of these that run side by side can take turns
//   --protocol raw | socketio | parvis
//   --people FILE        one line per socket, taken again from the first when there are fewer:
//                        "Cookie header" TAB "topic,topic,…" (the first one is spoken in by pairs)
//
// The server's CPU and memory (Pss) are those of the processes named by --pids.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"
#include "sockets.h"

enum { MAX_PORTS = 16, MARK_SIZE = 27 };

static const char *mode = "flood", *sub_path = "/ws/", *pub_path = "/ws/", *pids = "", *people_file = NULL;
static char *port_list = "8000";
static int ports[MAX_PORTS], port_count, pub_port, sockets = 200, window = 4, size = 200, together = 50;
static enum protocol protocol = RAW;
static double seconds = 3, steady_seconds = 0, warm = 1, rate = 5, phase = 0, settle = 0.3;

static int conn_count;
static conn *conns;
static char **cookies, **topics;
static int people;
static uint8_t *recv_buffer;
static uint64_t delivered, refused, gaps;
static int measuring;
static void (*on_mark)(conn *c, uint64_t number, uint64_t said_at, uint64_t now);

// ---- messages ----
static char message[FRAME_SIZE];
static size_t message_len;
static void put_decimal(char *p, int width, uint64_t v) { while (width--) { p[width] = '0' + v % 10; v /= 10; } }
// Make the message anew with this beginning; `size` bytes in all, the mark last. Returns where the mark is.
static char *begin_message(const char *beginning, const char *end) {
  size_t n = snprintf(message, 1000, "%s", beginning);
  size_t padded = size > (int)(n + MARK_SIZE + strlen(end)) ? size - MARK_SIZE - strlen(end) : n;
  for (; n < padded; n++) message[n] = 'a' + n % 26;
  char *mark = message + n;
  *mark = '@';
  mark[9] = ',';
  strcpy(mark + MARK_SIZE, end);
  message_len = n + MARK_SIZE + strlen(end);
  return mark;
}
static char *mark;
static void publish(conn *c, uint64_t number) {
  put_decimal(mark + 1, 8, number);
  put_decimal(mark + 10, 17, now_ns());
  put_frame(c, 1, message, message_len);
}
// `message.post` as a page sends it; the body has the size of the other protocols' whole message.
static void post(conn *c, uint64_t number) {
  char head[400];
  int topic_len = strcspn(c->topics, ",");
  snprintf(head, sizeof head, "{\"ref\":\"p\",\"topic\":\"%.*s\",\"event\":\"message.post\",\"payload\":{\"key\":\"%d-%u-%llu\",\"body\":\"",
           topic_len, c->topics, getpid(), c->index, (unsigned long long)number);
  int body = size;
  size += strlen(head);
  mark = begin_message(head, "\"}}");
  size = body;
  publish(c, number);
}
static void open_now(conn *c) { if (c->state != OPEN) { c->state = OPEN; open_count++; } }
static void subscribe(conn *c) {
  char text[300];
  c->state = GREETING;
  for (const char *t = c->topics; *t; c->awaited++) {
    int n = strcspn(t, ",");
    int len = snprintf(text, sizeof text, "{\"ref\":\"%d\",\"topic\":\"%.*s\",\"event\":\"subscribe\"}", c->awaited + 1, n, t);
    put_frame(c, 1, text, len);
    t += n + (t[n] == ',');
  }
  if (!c->awaited) open_now(c);
}
static void got_reply(conn *c, const uint8_t *p, size_t n) {
  if (!memmem(p, n, "\"event\":\"reply\"", 15)) return;
  if (memmem(p, n, "\"status\":\"error\"", 16)) { refused++; complain("refused", p, n); return; }
  if (c->state == GREETING && --c->awaited == 0) open_now(c);
}
static void got_text(conn *c, const uint8_t *p, size_t n, uint64_t now) {
  const uint8_t *m = memrchr(p, '@', n);
  if (m && p + n - m >= MARK_SIZE) {
    const uint8_t *s = protocol == PARVIS ? memmem(p, n < 200 ? n : 200, "\"seq\":", 6) : NULL;
    c->seq = s ? strtoull((const char *)s + 6, NULL, 10) : 0;
    uint64_t number = 0, said_at = 0;
    for (int i = 1; i < 9; i++) number = number * 10 + (m[i] - '0');
    for (int i = 10; i < MARK_SIZE; i++) said_at = said_at * 10 + (m[i] - '0');
    delivered++;
    on_mark(c, number, said_at, now);
  } else if (protocol == PARVIS) got_reply(c, p, n);
  else if (protocol == SOCKETIO && n) {  // Engine.IO 4: open, ping; Socket.IO: connected
    if (p[0] == '0') put_frame(c, 1, "40", 2);
    else if (p[0] == '2') put_frame(c, 1, "3", 1);
    else if (p[0] == '4' && n > 1 && p[1] == '0') open_now(c);
  }
}

// ---- the wire ----
static size_t got_handshake(conn *c, uint8_t *b, size_t n) {  // how many bytes it took; 0: not all there, or refused
  uint8_t *e = memmem(b, n, "\r\n\r\n", 4);
  if (!e) return 0;
  if (memcmp(b, "HTTP/1.1 101", 12)) { complain("handshake refused", b, e - b); kill_conn(c); return 0; }
  if (protocol == PARVIS && !c->speaks) subscribe(c);
  else if (protocol == SOCKETIO) c->state = GREETING;
  else open_now(c);
  return e + 4 - b;
}
static void got_bytes(conn *c, uint8_t *b, size_t n, uint64_t now) {
  size_t at = c->state == HANDSHAKE ? got_handshake(c, b, n) : 0;
  while (c->state > HANDSHAKE && c->state != DEAD && n - at >= 2) {
    uint8_t *f = b + at;
    size_t h = 2, len = f[1] & 127;
    if (len == 126) { if (n - at < 4) break; len = f[2] << 8 | f[3]; h = 4; }
    else if (len == 127) { if (n - at < 10) break; len = 0; for (int i = 2; i < 10; i++) len = len << 8 | f[i]; h = 10; }
    if (n - at < h + len) break;
    int opcode = f[0] & 15;
    if (opcode <= 2) got_text(c, f + h, len, now);
    else if (opcode == 9) put_frame(c, 10, f + h, len);
    else if (opcode == 8) {
      char code[16];
      complain("closed", code, snprintf(code, sizeof code, "%d", len > 1 ? f[h] << 8 | f[h + 1] : 1005));
      kill_conn(c);
    }
    at += h + len;
  }
  if (c->state == DEAD) return;
  c->in_len = n - at;
  if (c->in_len > c->in_cap) c->in = realloc(c->in, c->in_cap = c->in_len * 2);
  if (c->in_len) memcpy(c->in, b + at, c->in_len);
}
static void shake_hands(conn *c) {
  char request[1500];
  int n = snprintf(request, sizeof request,
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n", c->speaks ? pub_path : sub_path, ports[c->index % port_count],
    *c->cookie ? "Cookie: " : "", c->cookie, *c->cookie ? "\r\n" : "");
  c->state = HANDSHAKE;
  put(c, request, n);
}
static void start_conn(conn *c, uint32_t index) {
  c->index = index;
  c->speaks = (int)index == sockets;
  c->cookie = people ? cookies[index % people] : "";
  c->topics = people ? topics[index % people] : "";
  if ((c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) < 0) fail("socket");
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(c->speaks ? pub_port : ports[index % port_count])};
  inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
  if (connect(c->fd, (void *)&a, sizeof a) < 0 && errno != EINPROGRESS) fail("connect");
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}
static void connected(conn *c) {
  int error = 0;
  socklen_t l = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &l);
  if (error) { complain("connect", strerror(error), strlen(strerror(error))); kill_conn(c); return; }
  watch(c, 0);
  shake_hands(c);
}
static void pump(int timeout_ms) {
  static struct epoll_event events[1024];
  int n = epoll_wait(ep, events, 1024, timeout_ms);
  for (int i = 0; i < n; i++) {
    conn *c = events[i].data.ptr;
    if (c->state != DEAD && events[i].events & EPOLLOUT) { if (c->state == CONNECTING) connected(c); else put_rest(c); }
    if (c->state == DEAD || !(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
    size_t before = c->in_len;
    if (before) memcpy(recv_buffer, c->in, before);
    ssize_t r = recv(c->fd, recv_buffer + before, RECV_SIZE - before, 0);
    if (r == 0 || (r < 0 && errno != EAGAIN)) kill_conn(c);
    else if (r > 0) { c->in_len = 0; got_bytes(c, recv_buffer, before + r, now_ns()); }
  }
}
static void pump_for(double s) { for (uint64_t end = now_ns() + s * 1e9; now_ns() < end;) pump(5); }

// ---- what is measured: from begin_measure to end_measure ----
static struct { uint64_t at, delivered, published; double server, own, elapsed; } m;
static uint64_t published, lost;
static void begin_measure(void) {
  memset(histogram, 0, sizeof histogram), samples = longest = 0;
  m.at = now_ns(), m.delivered = delivered, m.published = published, m.server = cpu_of(pids), m.own = own_cpu_s();
  measuring = 1;
}
static void end_measure(void) {
  m.elapsed = (now_ns() - m.at) / 1e9, m.delivered = delivered - m.delivered, m.published = published - m.published;
  m.server = cpu_of(pids) - m.server, m.own = own_cpu_s() - m.own;
  measuring = 0;
}
static void heard(conn *c, uint64_t number, uint64_t said_at, uint64_t now) {
  (void)c, (void)number;
  if (measuring) add_sample(now - said_at);
}
static void flood(conn *speaker, uint64_t readers) {
  uint64_t begun = now_ns(), last_time = begun, last = 0;
  for (uint64_t t = begun; !measuring || t < m.at + seconds * 1e9; t = now_ns()) {
    if (!measuring && t >= begun + warm * 1e9 && delivered) begin_measure();
    if (!measuring && t > begun + (warm + 30) * 1e9) break;  // nothing comes at all
    if (delivered != last) { last = delivered; last_time = t; }
    int64_t under_way = published * readers - delivered - lost;
    if (under_way > 0 && t - last_time > 3e9) { lost += under_way; under_way = 0; last_time = t; }
    for (; under_way <= (int64_t)((window - 1) * readers); under_way += readers) publish(speaker, ++published);
    pump(10);
  }
  end_measure();
}
static void steady(conn *speaker, uint64_t readers) {
  int warming = (int)(warm * rate) + 1, all = warming + (int)((steady_seconds ? steady_seconds : seconds) * rate);
  pump_for(published ? 1 : 0);  // what a flood has left on the way
  delivered = published * readers;
  uint64_t every = 1e9 / rate, next = (now_ns() / every + 1) * every + phase * every;
  for (int i = 0; i < all; i++, next += every) {
    while (now_ns() < next) pump(1);
    if (i == warming) begin_measure();
    publish(speaker, ++published);
  }
  for (uint64_t end = now_ns() + 5e9; now_ns() < end && delivered < published * readers;) pump(1);
  lost = published * readers - delivered;
  end_measure();
}

// ---- pairs: a message is done when both have it; the time is the other's, not the author's ----
static struct pair { uint64_t number, said_at; uint8_t got, author; } *pairs;
static uint64_t pairs_done;
static int pairs_flood;
// ---- chat: everybody hears everybody; numbers have no gap ----
static uint64_t *heard_up_to;
static void heard_in_chat(conn *c, uint64_t number, uint64_t said_at, uint64_t now) {
  (void)number;
  if (measuring) add_sample(now - said_at);
  if (heard_up_to[c->index] && c->seq != heard_up_to[c->index] + 1) { gaps++; complain("gap", "", 0); }
  heard_up_to[c->index] = c->seq;
}
static void chat(void) {
  int warming = warm * rate + 1, all = warming + seconds * rate;
  uint64_t next = now_ns();
  for (int i = 0; i < all; i++, next += 1e9 / rate) {
    while (now_ns() < next) pump(1);
    if (i == warming) begin_measure();
    conn *c = &conns[(uint64_t)i * 7919 % sockets];  // anybody, in no order of theirs
    published++;
    post(c, published);
  }
  for (uint64_t end = now_ns() + 10e9; now_ns() < end && delivered < published * sockets;) pump(1);
  lost = published * sockets - delivered;
  end_measure();
}

static void say(uint32_t p, int author) {
  struct pair *pair = &pairs[p];
  pair->number++, pair->got = 0, pair->author = author, pair->said_at = now_ns();
  conn *c = &conns[2 * p + author];
  if (c->state != OPEN) return;
  published++;
  if (protocol == PARVIS) post(c, pair->number); else publish(c, pair->number);
}
static void heard_in_pair(conn *c, uint64_t number, uint64_t said_at, uint64_t now) {
  struct pair *pair = &pairs[c->index / 2];
  if (number != pair->number) return;
  if (measuring && (c->index & 1) != pair->author) add_sample(now - said_at);
  pair->got |= 1 << (c->index & 1);
  if (pair->got != 3) return;
  pair->got = 4;
  pairs_done++;
  if (pairs_flood) say(c->index / 2, !pair->author);
}
static void answer_each_other(void) {
  uint64_t begun = now_ns(), looked = begun, done = 0;
  for (int p = 0; p < sockets / 2; p++) { say(p, 0); pump(0); }
  for (uint64_t t = begun; !measuring || t < m.at + seconds * 1e9; t = now_ns()) {
    if (!measuring && t >= begun + warm * 1e9) { begin_measure(); done = pairs_done; }
    pump(10);
    if (t - looked < 1e9) continue;
    looked = t;
    for (int p = 0; p < sockets / 2; p++) if ((int64_t)(t - pairs[p].said_at) > 5e9) { lost++; say(p, 0); }
  }
  end_measure();
  m.published = pairs_done - done;
}
static void talk_steadily(void) {
  int count = sockets / 2, warming = warm * rate + 1, all = warming + seconds * rate;
  uint64_t next = now_ns();
  for (int i = 0; i < all; i++) {
    while (now_ns() < next) pump(1);
    if (i == warming) begin_measure();
    say(i % count, (i / count) & 1);
    next += 1e9 / rate;
  }
  for (uint64_t end = now_ns() + 3e9; now_ns() < end && delivered < published * 2;) pump(1);
  lost = published * 2 - delivered;
  end_measure();
}

// ---- beginning and end ----
static void read_people(void) {
  FILE *h = fopen(people_file, "r");
  char line[1000];
  if (!h) fail(people_file);
  while (fgets(line, sizeof line, h)) {
    line[strcspn(line, "\n")] = 0;
    char *tab = strchr(line, '\t');
    if (tab) *tab = 0;
    cookies = realloc(cookies, (people + 1) * sizeof *cookies);
    topics = realloc(topics, (people + 1) * sizeof *topics);
    cookies[people] = strdup(line);
    topics[people++] = strdup(tab ? tab + 1 : "");
  }
  fclose(h);
}
static void read_options(int count, char **words) {
  for (int i = 1; i + 1 < count; i += 2) {
    char *name = words[i], *v = words[i + 1];
#define OPTION(n, x) if (!strcmp(name, n)) { x; continue; }
    OPTION("--ports", port_list = v) OPTION("--publish-port", pub_port = atoi(v)) OPTION("--mode", mode = v)
    OPTION("--protocol", protocol = !strcmp(v, "parvis") ? PARVIS : !strcmp(v, "socketio") ? SOCKETIO : RAW)
    OPTION("--sockets", sockets = atoi(v)) OPTION("--window", window = atoi(v)) OPTION("--size", size = atoi(v))
    OPTION("--together", together = atoi(v)) OPTION("--seconds", seconds = atof(v)) OPTION("--warm", warm = atof(v))
    OPTION("--steady-seconds", steady_seconds = atof(v)) OPTION("--rate", rate = atof(v)) OPTION("--phase", phase = atof(v)) OPTION("--settle", settle = atof(v)) OPTION("--pids", pids = v)
    OPTION("--subscribe-path", sub_path = v) OPTION("--publish-path", pub_path = v) OPTION("--people", people_file = v)
    fprintf(stderr, "loadgen: unknown option %s\n", name);
    exit(2);
  }
  for (char *p = strtok(strdup(port_list), ","); p && port_count < MAX_PORTS; p = strtok(NULL, ",")) ports[port_count++] = atoi(p);
  if (!pub_port) pub_port = ports[0];
  if (people_file) read_people();
}
static double open_all(void) {
  uint64_t begun = now_ns(), last = begun;
  for (int started = 0; open_count + dead_count < conn_count && now_ns() - last < 15e9;) {
    for (; started < conn_count && started - open_count - dead_count < together; started++) start_conn(&conns[started], started);
    int before = open_count;
    pump(10);
    if (open_count != before) last = now_ns();
  }
  return (now_ns() - begun) / 1e9;
}
static void print_found(int opened, double open_s, double kb_per_socket) {
  double e = m.elapsed > 0 ? m.elapsed : 1;
  printf("{\"opened\":%d,\"opens_per_s\":%.1f,\"kb_per_socket\":%.3f,\"messages_per_s\":%.1f,\"deliveries_per_s\":%.0f,"
         "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"longest_ms\":%.3f,\"lost\":%llu,\"refused\":%llu,\"dead\":%d,\"gaps\":%llu,\"server_cpu\":%.3f,\"generator_cpu\":%.3f}\n",
         opened, opened / open_s, kb_per_socket, m.published / e, m.delivered / e,
         quantile_ms(.5), quantile_ms(.99), longest / 1e6, (unsigned long long)lost, (unsigned long long)refused, dead_count, (unsigned long long)gaps, m.server / e, m.own / e);
  fflush(stdout);
}
int main(int count, char **words) {
  signal(SIGPIPE, SIG_IGN);
  read_options(count, words);
  int to_all = !strncmp(mode, "flood", 5) || !strcmp(mode, "steady"), in_pairs = !strncmp(mode, "pairs", 5);
  ep = epoll_create1(0);
  recv_buffer = malloc(RECV_SIZE);
  conn_count = sockets + to_all;
  conns = calloc(conn_count, sizeof *conns);
  pairs = calloc(sockets, sizeof *pairs);
  heard_up_to = calloc(sockets + 1, sizeof *heard_up_to);
  on_mark = in_pairs ? heard_in_pair : !strcmp(mode, "chat") ? heard_in_chat : heard;
  mark = protocol == SOCKETIO ? begin_message("42[\"m\",{\"body\":\"", "\"}]") : begin_message("{\"type\":\"message\",\"body\":\"", "\"}");

  long kb_before = memory_kb_of(pids);
  double open_s = open_all();
  int opened = open_count;
  pump_for(settle);
  long kb_after = memory_kb_of(pids);
  int speaking = to_all && conns[sockets].state == OPEN, readers = open_count - speaking;
  if (readers < sockets * 0.99 || speaking != to_all) {
    fprintf(stderr, "loadgen: only %d of %d sockets are open\n", open_count, conn_count);
    return 1;
  }
  char *rest = NULL;
  for (const char *one = strtok_r(strdup(mode), ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
    lost = 0;
    if (!strcmp(one, "flood")) flood(&conns[sockets], readers);
    else if (!strcmp(one, "steady")) steady(&conns[sockets], readers);
    else if (!strcmp(one, "pairs-flood")) { pairs_flood = 1; answer_each_other(); }
    else if (in_pairs) talk_steadily();
    else if (!strcmp(one, "chat")) chat();
    print_found(opened, open_s, (double)(kb_after - kb_before) / opened);
  }
  return 0;
}
