#pragma once
#include <stdint.h>

// ncursesw behind plain functions: one screen a process, drawn into a file instead of the terminal.

/// What one place shows.
typedef struct {
  uint32_t scalar;
  /// A number from `podium_screen_pair`, 0 for the terminal's own colours.
  int32_t pair;
  /// Bits: 1 bold, 2 underline, 4 reverse; 8 says that the scalar takes two columns.
  uint32_t attributes;
} podium_cell;

/// What terminfo knows: 0 fine, 1 unknown terminal, 2 one that cannot place its cursor.
int podium_terminfo_probe(const char *_Nonnull term, int *_Nonnull colors);
/// Sets the character type of the locale: the user's, else C.UTF-8; 1 if it is UTF-8.
int podium_use_utf8(void);
/// Opens the screen, with colours if wanted: bytes go to `output`. 0 on success.
int podium_screen_open(const char *_Nonnull term, int output, int columns, int rows, int colored);
/// The number of a pair of colours, -1 being the terminal's own; 0 where there is no colour or no room.
int podium_screen_pair(int foreground, int background);
/// Whether a number stays with its pair: ncurses gives those of a small palette to others when it has no more.
int podium_screen_keeps_pairs(void);
/// Puts cells; those that a wide one covers are not passed.
void podium_screen_put(int row, int column, const podium_cell *_Nonnull cells, int count);
/// Where the cursor rests; negative hides it.
void podium_screen_cursor(int column, int row);
/// Writes what changed to the output.
void podium_screen_refresh(void);
/// The same, with the cursor left where it comes to stand; another refresh follows.
void podium_screen_refresh_part(void);
/// Changes the size.
void podium_screen_resize(int columns, int rows);
/// Makes the next refresh draw everything.
void podium_screen_redraw(void);
/// Writes what gives the terminal back; a refresh takes it again.
void podium_screen_leave(void);

/// Remembers a terminal's settings, and the bytes that give it back, for crashes; installs the handlers.
void podium_guard_install(int terminal, const char *_Nonnull reset, int length);
/// Puts the settings back as they were; 0 on success.
int podium_guard_restore(void);
/// Sets the terminal to deliver each key as it comes; 0 on success.
int podium_guard_raw(void);
/// Takes the crash handlers away.
void podium_guard_remove(void);
/// Copies a string capability without its padding; gives its length.
int podium_capability(const char *_Nonnull name, char *_Nonnull buffer, int capacity);
