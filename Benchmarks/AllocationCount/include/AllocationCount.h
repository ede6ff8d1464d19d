#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdint.h>

/// Calls of malloc and its like since the program began, by all of its threads.
uint64_t allocation_count(void);
/// Bytes that they asked for.
uint64_t allocation_bytes(void);

#endif
