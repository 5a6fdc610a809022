// libFuzzer's own loop, for programs that have a `main` (https://llvm.org/docs/LibFuzzer.html).
#ifndef BRIDGEWARD_FUZZER_H
#define BRIDGEWARD_FUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
  int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

#endif
