#include "list.h"
#include "text.h"
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static list_entry_t *append(list_t *list) {
  size_t bytes = (list->count + 1) * sizeof(*list->entries);
  list->entries = text_grow(list->entries, bytes);
  list_entry_t *entry = &list->entries[list->count++];
  memset(entry, 0, sizeof(*entry));
  return entry;
}

static void read_line(list_t *list, const char *line) {
  char name[LIST_NAME_MAX];
  if (line[0] == '#' || !text_word(&line, name, sizeof(name))) {
    return;
  }
  list_entry_t *entry = append(list);
  memcpy(entry->name, name, sizeof(name));
  line += strspn(line, " \t");
  snprintf(entry->reason, sizeof(entry->reason), "%s", line);
}

list_t list_read(const char *directory, const char *file) {
  char path[PATH_MAX];
  list_t list = {0};
  snprintf(path, sizeof(path), "%s/%s", directory, file);
  char *text = text_read_file(path);
  const char *at = text;
  while (at != NULL && *at != '\0') {
    char *line = text_line(&at);
    read_line(&list, line);
    free(line);
  }
  free(text);
  return list;
}

static int by_name(const void *a, const void *b) {
  const list_entry_t *left = a, *right = b;
  return strcmp(left->name, right->name);
}

list_t list_scenarios(const char *directory) {
  char path[PATH_MAX];
  list_t list = {0};
  snprintf(path, sizeof(path), "%s/scenarios", directory);
  DIR *dir = opendir(path);
  for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
    char *dot = strrchr(e->d_name, '.');
    if (dot != NULL && strcmp(dot, ".js") == 0) {
      *dot = '\0';
      snprintf(append(&list)->name, LIST_NAME_MAX, "%.127s", e->d_name);
    }
  }
  if (dir != NULL) {
    closedir(dir);
  }
  if (list.count > 0) {
    qsort(list.entries, list.count, sizeof(*list.entries), by_name);
  }
  return list;
}

const list_entry_t *list_find(const list_t *list, const char *name) {
  for (size_t i = 0; i < list->count; i++) {
    if (strcmp(list->entries[i].name, name) == 0) {
      return &list->entries[i];
    }
  }
  return NULL;
}

void list_free(list_t *list) {
  free(list->entries);
  *list = (list_t){0};
}
