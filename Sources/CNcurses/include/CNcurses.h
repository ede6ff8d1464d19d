#pragma once
#include <stdint.h>

// ncursesw behind plain functions: one screen a process, drawn into a file instead of the terminal.

/// What one place shows; a colour of -1 is the terminal's own.
typedef struct {
  uint32_t scalar;
  int32_t foreground;
  int32_t background;
  /// Bits: 1 bold, 2 underline, 4 reverse; 8 says that the scalar takes two columns.
  uint32_t attributes;
} podium_cell;

/// What terminfo knows: 0 fine, 1 unknown terminal, 2 one that cannot place its cursor.
int podium_terminfo_probe(const char *_Nonnull term, int *_Nonnull colors);
/// Sets the character type of the locale: the user's, else C.UTF-8; 1 if it is UTF-8.
int podium_use_utf8(void);
/// Opens the screen, with colours if wanted: bytes go to `output`. 0 on success.
int podium_screen_open(const char *_Nonnull term, int output, int columns, int rows, int colored);
/// Colours that the screen takes at most, 0 without colour.
int podium_screen_colors(void);
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
