#pragma once
#include <stdint.h>

// What Glibc does not hand to Swift because it stands behind _GNU_SOURCE or is a macro. All descriptors close on exec.

/// Blocks the signals in this thread (and those it starts) and gives a descriptor that reads them; -1 on failure.
int podium_signal_descriptor(const int *_Nonnull signals, int count);
/// The next signal from such a descriptor, 0 if none waits.
int podium_next_signal(int descriptor);
/// A monotonic timer that fires every interval; -1 on failure.
int podium_timer_descriptor(int64_t interval_nanoseconds);
/// A counter that any thread may raise and that polls as readable; -1 on failure.
int podium_wake_descriptor(void);
/// Raises such a counter.
void podium_wake(int descriptor);
/// Empties a timer or a counter.
void podium_drain(int descriptor);
/// A file that lives in memory (else in /tmp, without a name); -1 on failure.
int podium_memory_file(void);
/// Sets a terminal's size; 0 on success.
int podium_set_size(int descriptor, int columns, int rows);
/// A terminal's size; 0 on success.
int podium_get_size(int descriptor, int *_Nonnull columns, int *_Nonnull rows);
/// Opens a new pseudo-terminal of a size; 0 on success.
int podium_open_pty(int columns, int rows, int *_Nonnull master, int *_Nonnull slave);
/// Starts a program whose controlling terminal is a slave side; gives its process id, or -1.
int podium_spawn_on_pty(const char *_Nonnull path, char *_Nullable const *_Nonnull arguments,
                        char *_Nullable const *_Nonnull environment, int slave);
/// Starts a program with nothing to read and nowhere to write, waits, gives its exit status or -1.
int podium_run_quietly(const char *_Nonnull program, char *_Nullable const *_Nonnull arguments);
