/// Tables of triggers: how far each has come, what became of each tick, and the ticks that wait for an
/// execution before theirs.
///
/// Moments are microseconds since 1970. What a trigger is stands in the definition that it belongs to.
enum TriggerSchema {
    static let statements = [
        """
        CREATE TABLE trigger_state (
            id TEXT PRIMARY KEY, schedule TEXT NOT NULL, handled_at INTEGER NOT NULL,
            is_paused INTEGER NOT NULL, epoch INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE trigger_ledger (
            number INTEGER PRIMARY KEY, trigger_id TEXT NOT NULL, tick INTEGER NOT NULL,
            tick_count INTEGER NOT NULL, is_summary INTEGER NOT NULL AS (tick_count > 1) STORED,
            kind TEXT NOT NULL, definition_id TEXT NOT NULL, project_id TEXT NOT NULL, outcome TEXT NOT NULL,
            reason TEXT, detail TEXT, execution_id TEXT, origin TEXT NOT NULL, first_tick INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL, UNIQUE (trigger_id, tick, is_summary)
        ) STRICT
        """,
        "CREATE INDEX trigger_ledger_by_definition ON trigger_ledger (definition_id)",
        "CREATE INDEX trigger_ledger_by_project ON trigger_ledger (project_id)",
        """
        CREATE INDEX trigger_ledger_by_execution ON trigger_ledger (execution_id)
            WHERE execution_id IS NOT NULL
        """,
        """
        CREATE TABLE trigger_queue (
            trigger_id TEXT NOT NULL, tick INTEGER NOT NULL, origin TEXT NOT NULL,
            PRIMARY KEY (trigger_id, tick)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// Pages of the ledger in the order of ticks, from wherever one begins, and up to where the rows of each
    /// trigger were removed.
    static let byTick = [
        "DROP INDEX trigger_ledger_by_trigger",
        "DROP INDEX trigger_ledger_by_definition",
        "DROP INDEX trigger_ledger_by_project",
        "DROP INDEX trigger_ledger_by_outcome",
        "CREATE INDEX trigger_ledger_by_trigger ON trigger_ledger (trigger_id, outcome, tick)",
        "CREATE INDEX trigger_ledger_by_definition ON trigger_ledger (definition_id, outcome, tick)",
        "CREATE INDEX trigger_ledger_by_project ON trigger_ledger (project_id, outcome, tick)",
        "CREATE INDEX trigger_ledger_by_outcome ON trigger_ledger (outcome, tick)",
        "CREATE INDEX trigger_ledger_of_many ON trigger_ledger (tick) WHERE tick_count > 1",
        """
        CREATE TABLE trigger_pruned (trigger_id TEXT PRIMARY KEY, tick INTEGER NOT NULL)
            STRICT, WITHOUT ROWID
        """,
    ]

    /// Pages of the ledger in their order without sorting, and what each trigger did last without looking for
    /// it. The rows of an index with the same key are in the order of their numbers.
    static let pages = [
        "DROP INDEX trigger_ledger_by_definition",
        "DROP INDEX trigger_ledger_by_project",
        "CREATE INDEX trigger_ledger_by_trigger ON trigger_ledger (trigger_id, outcome)",
        "CREATE INDEX trigger_ledger_by_definition ON trigger_ledger (definition_id, outcome)",
        "CREATE INDEX trigger_ledger_by_project ON trigger_ledger (project_id, outcome)",
        "CREATE INDEX trigger_ledger_by_outcome ON trigger_ledger (outcome)",
        "ALTER TABLE trigger_state ADD COLUMN last_tick INTEGER",
        "ALTER TABLE trigger_state ADD COLUMN last_execution TEXT",
        """
        UPDATE trigger_state SET (last_tick, last_execution) = (
            SELECT tick, execution_id FROM trigger_ledger
            WHERE trigger_id = trigger_state.id AND outcome = 'fired' ORDER BY number DESC LIMIT 1)
        """,
    ]
}
