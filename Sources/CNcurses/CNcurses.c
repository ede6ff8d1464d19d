#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"
#include <ncursesw/curses.h>
#include <ncursesw/term.h>
// term.h calls capabilities by short names, among them these two.
#undef columns
#undef lines
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

int podium_terminfo_probe(const char *term, int *colors) {
  int error = 0;
  if (setupterm(term, STDOUT_FILENO, &error) != OK) return 1;
  int found = tigetnum("colors");
  *colors = found < 0 ? 0 : found;
  char *place = tigetstr("cup");
  int result = place == NULL || place == (char *)-1 ? 2 : 0;
  del_curterm(cur_term);
  return result;
}

int podium_use_utf8(void) {
  if (setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
  if (setlocale(LC_CTYPE, "C.UTF-8") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
  setlocale(LC_CTYPE, "C");
  return 0;
}

int podium_screen_open(const char *term, int output, int columns, int rows, int colored) {
  // Stale sizes in the environment would win over the real one.
  unsetenv("LINES");
  unsetenv("COLUMNS");
  FILE *out = fdopen(output, "w");
  if (!out || !newterm(term, out, stdin)) return -1;
  typeahead(-1);
  nonl();
  scrollok(stdscr, FALSE);
  if (colored && has_colors()) {
    start_color();
    use_default_colors();
  }
  resizeterm(rows, columns);
  return 0;
}

int podium_screen_pair(int foreground, int background) {
  // Without the check alloc_pair crashes on a terminal without colour.
  if ((foreground < 0 && background < 0) || !has_colors()) return 0;
  int pair = alloc_pair(foreground, background);
  return pair < 0 ? 0 : pair;
}

int podium_screen_keeps_pairs(void) { return !has_colors() || COLOR_PAIRS >= 4096; }

// What this libc takes glyphs for, asked once each: 0 not asked, 1 or 2 columns, 3 neither.
static unsigned char widths[0x10000];

static int width_of(uint32_t scalar) {
  if (scalar >= sizeof widths) return wcwidth((wchar_t)scalar);
  if (!widths[scalar]) {
    int width = wcwidth((wchar_t)scalar);
    widths[scalar] = width == 1 || width == 2 ? (unsigned char)width : 3;
  }
  return widths[scalar];
}

// setcchar costs more than all else that is done with a cell, and neighbours mostly differ in their glyph alone.
static void put_look(cchar_t *place, const podium_cell *cell) {
  attr_t attributes = A_NORMAL;
  if (cell->attributes & 1) attributes |= A_BOLD;
  if (cell->attributes & 2) attributes |= A_UNDERLINE;
  if (cell->attributes & 4) attributes |= A_REVERSE;
  int pair = cell->pair;
  setcchar(place, L"?", attributes, 0, &pair);
}

void podium_screen_put(int row, int column, const podium_cell *cells, int count) {
  static cchar_t line[1024];
  cchar_t look;
  const podium_cell *last = NULL;
  while (count > 0) {
    int part = 0, width = 0, columns_taken = 0;
    for (; part < count && width < 1020; part++) {
      const podium_cell *cell = &cells[part];
      int columns = cell->attributes & 8 ? 2 : 1;
      if (!last || last->pair != cell->pair || (last->attributes & 7) != (cell->attributes & 7)) put_look(&look, cell);
      last = cell;
      line[width] = look;
      // A glyph that this libc takes for something else would shift the rest of the row.
      if (width_of(cell->scalar) == columns) line[width].chars[0] = (wchar_t)cell->scalar;
      else if (columns == 2) line[++width] = look;
      width++;
      columns_taken += columns;
    }
    mvadd_wchnstr(row, column, line, width);
    column += columns_taken;
    cells += part;
    count -= part;
  }
}

void podium_screen_cursor(int column, int row) {
  curs_set(column >= 0 && row >= 0 ? 1 : 0);
  if (column >= 0 && row >= 0) move(row, column);
}

void podium_screen_refresh(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

void podium_screen_refresh_part(void) {
  leaveok(stdscr, TRUE);
  podium_screen_refresh();
  leaveok(stdscr, FALSE);
}

void podium_screen_resize(int columns, int rows) {
  resizeterm(rows, columns);
  // Blank, so that what is put next may go out in parts.
  werase(stdscr);
  clearok(curscr, TRUE);
}

void podium_screen_redraw(void) {
  werase(stdscr);
  clearok(curscr, TRUE);
}

void podium_screen_leave(void) { endwin(); }

int podium_capability(const char *name, char *buffer, int capacity) {
  char *text = tigetstr(name);
  if (text == NULL || text == (char *)-1) return 0;
  int length = 0;
  for (; *text && length < capacity; text++) {
    if (text[0] == '$' && text[1] == '<') {
      char *end = strchr(text, '>');
      if (end) {
        text = end;
        continue;
      }
    }
    buffer[length++] = *text;
  }
  return length;
}

// Crashes. The handler only writes, sets the terminal and hands on: all of it is safe inside a signal.
static const int crashes[] = {SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE};
#define CRASHES (sizeof crashes / sizeof *crashes)
static struct sigaction former[CRASHES];
static struct termios settings;
static int guarded = -1;
static char reset_bytes[512];
static int reset_length;
static char handler_stack[65536];

static void crashed(int signal_number) {
  if (guarded >= 0) {
    ssize_t ignored = write(guarded, reset_bytes, (size_t)reset_length);
    (void)ignored;
    tcsetattr(guarded, TCSANOW, &settings);
  }
  for (unsigned i = 0; i < CRASHES; i++)
    if (crashes[i] == signal_number) sigaction(signal_number, &former[i], NULL);
  raise(signal_number);
}

void podium_guard_install(int terminal, const char *reset, int length) {
  tcgetattr(terminal, &settings);
  guarded = terminal;
  reset_length = length < (int)sizeof reset_bytes ? length : (int)sizeof reset_bytes;
  memcpy(reset_bytes, reset, (size_t)reset_length);
  // A stack of its own, as a stack overflow leaves no other; only the main thread has it.
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  stack_t present;
  if (sigaltstack(NULL, &present) == 0 && present.ss_flags & SS_DISABLE) sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (unsigned i = 0; i < CRASHES; i++) sigaction(crashes[i], &action, &former[i]);
}

int podium_guard_restore(void) { return guarded < 0 ? -1 : tcsetattr(guarded, TCSANOW, &settings); }

int podium_guard_raw(void) {
  if (guarded < 0) return -1;
  struct termios raw = settings;
  // ISIG stays: Ctrl-C and Ctrl-Z come as signals, even while nobody reads. Ctrl-S, Ctrl-Q and Ctrl-V are keys.
  raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT);
  raw.c_oflag &= ~(tcflag_t)OPOST;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  return tcsetattr(guarded, TCSANOW, &raw);
}

void podium_guard_remove(void) {
  for (unsigned i = 0; i < CRASHES && guarded >= 0; i++) sigaction(crashes[i], &former[i], NULL);
  guarded = -1;
}
