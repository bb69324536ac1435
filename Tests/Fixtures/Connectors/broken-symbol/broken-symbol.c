/* A library that is no connector: the symbol is misspelt. */
#include "tenon_simple.h"

TENON_EXPORT const tenon_entry_t *tenon_conector(void);

TENON_EXPORT const tenon_entry_t *tenon_conector(void) { return NULL; }
