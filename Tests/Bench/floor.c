/* The least that reading an inventory costs: libyaml's bare event loop over the file.
   Prints the seconds of reading and parsing, without the start of the process: of CPU, then of the wall clock; and
   the number of events. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yaml.h>

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int fail(const char *what, const char *detail) {
  fprintf(stderr, "yaml-floor: %s: %s\n", what, detail);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 2) return fail("usage", "yaml-floor INVENTORY.yaml");
  double cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
  FILE *file = fopen(argv[1], "rb");
  if (!file) return fail("cannot open", argv[1]);
  if (fseek(file, 0, SEEK_END) != 0) return fail("cannot seek", argv[1]);
  long size = ftell(file);
  rewind(file);
  unsigned char *bytes = size > 0 ? malloc((size_t)size) : NULL;
  if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size)
    return fail("cannot read", argv[1]);
  fclose(file);

  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return fail("no memory", argv[1]);
  yaml_parser_set_input_string(&parser, bytes, (size_t)size);
  long events = 0;
  for (int done = 0; !done;) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) return fail("not YAML", argv[1]);
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    events++;
  }
  yaml_parser_delete(&parser);
  free(bytes);
  printf("%.6f %.6f %ld\n", now(CLOCK_PROCESS_CPUTIME_ID) - cpu, now(CLOCK_MONOTONIC) - wall, events);
  return 0;
}
