#include <sqlite3.h>

/* Makes a connection safe for a file from a stranger. `sqlite3_db_config` is variadic, which Swift cannot call. */
static inline int tenon_sqlite_defend(sqlite3 *connection) {
    int defensive = sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    int untrusted = sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
    return defensive != SQLITE_OK ? defensive : untrusted;
}
