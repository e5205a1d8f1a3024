// What loadgen measures with: the clock, a histogram of times, CPU and memory of processes.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

// ---- how long it took: octaves of 64 steps, so within 1.6 % ----
static uint64_t histogram[64 * 64], samples, longest;
static void add_sample(uint64_t ns) {
  if (ns > longest) longest = ns;
  samples++;
  if (ns < 64) { histogram[ns]++; return; }
  int octave = 63 - __builtin_clzll(ns);
  histogram[(octave - 5) * 64 + ((ns >> (octave - 6)) & 63)]++;
}
static double quantile_ms(double q) {
  uint64_t wanted = (uint64_t)(q * samples), seen = 0;
  for (int i = 0; i < 64 * 64 && samples; i++) {
    if ((seen += histogram[i]) <= wanted) continue;
    int octave = i / 64 + 5;
    return (i < 64 ? (uint64_t)i : (1ull << octave) + ((uint64_t)(i % 64) << (octave - 6))) / 1e6;
  }
  return longest / 1e6;
}

// ---- processes, named by their ids with commas: seconds of CPU, and memory that is theirs (Pss) ----
static double cpu_of(const char *pids) {
  double sum = 0;
  char list[strlen(pids) + 1], file[64], text[2048];
  strcpy(list, pids);
  for (char *p = strtok(list, ","); p; p = strtok(NULL, ",")) {
    snprintf(file, sizeof file, "/proc/%s/stat", p);
    FILE *h = fopen(file, "r");
    if (!h) continue;
    text[fread(text, 1, sizeof text - 1, h)] = 0;
    fclose(h);
    unsigned long user, system;
    char *after = strrchr(text, ')');
    if (after && sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2)
      sum += (user + system) / (double)sysconf(_SC_CLK_TCK);
  }
  return sum;
}
static long memory_kb_of(const char *pids) {
  long sum = 0, kb;
  char list[strlen(pids) + 1], file[64], line[256];
  strcpy(list, pids);
  for (char *p = strtok(list, ","); p; p = strtok(NULL, ",")) {
    snprintf(file, sizeof file, "/proc/%s/smaps_rollup", p);
    FILE *h = fopen(file, "r");
    if (!h) continue;
    while (fgets(line, sizeof line, h)) if (sscanf(line, "Pss: %ld", &kb) == 1) sum += kb;
    fclose(h);
  }
  return sum;
}
static double own_cpu_s(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}
