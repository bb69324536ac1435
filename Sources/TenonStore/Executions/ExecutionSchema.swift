/// Tables of definitions (workflows and pipelines), executions, their steps, stages and checkpoints, and
/// large outputs.
///
/// Moments are microseconds since 1970. `format` is the format number of a journal row, `epoch` the start of
/// the host that wrote it.
enum ExecutionSchema {
    static let statements = definitions + executions

    /// What a pipeline needs to go on after a crash.
    static let resumption = [
        "ALTER TABLE pipeline_checkpoints ADD COLUMN source TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE pipeline_checkpoints ADD COLUMN counts TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE pipeline_checkpoints ADD COLUMN previous_sequence INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE pipeline_checkpoints ADD COLUMN previous_checkpoint BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE pipeline_checkpoints ADD COLUMN previous_counts TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE pipeline_checkpoints ADD COLUMN is_final INTEGER NOT NULL DEFAULT 0",
    ]

    private static let definitions = [
        """
        CREATE TABLE definitions (
            kind TEXT NOT NULL, id TEXT NOT NULL, project_id TEXT NOT NULL, name TEXT NOT NULL,
            version INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            PRIMARY KEY (kind, id), UNIQUE (kind, project_id, name)
        ) STRICT
        """,
        """
        CREATE TABLE definition_versions (
            kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
            created_at INTEGER NOT NULL, PRIMARY KEY (kind, id, version),
            FOREIGN KEY (kind, id) REFERENCES definitions (kind, id)
        ) STRICT
        """,
    ]

    private static let executions = [
        """
        CREATE TABLE executions (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            definition_id TEXT NOT NULL, definition_version INTEGER NOT NULL, project_id TEXT NOT NULL,
            durability TEXT NOT NULL,
            format INTEGER NOT NULL, epoch INTEGER NOT NULL, status TEXT NOT NULL, context TEXT NOT NULL,
            state TEXT, error TEXT, records_processed INTEGER, stages TEXT, created_at INTEGER NOT NULL,
            started_at INTEGER, finished_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX executions_by_definition ON executions (kind, definition_id)",
        "CREATE INDEX executions_by_project ON executions (project_id)",
        "CREATE INDEX executions_unfinished ON executions (epoch) WHERE finished_at IS NULL",
        """
        CREATE TABLE steps (
            execution INTEGER NOT NULL, step INTEGER NOT NULL, format INTEGER NOT NULL,
            epoch INTEGER NOT NULL, status TEXT NOT NULL, attempt INTEGER NOT NULL,
            effect TEXT, output TEXT, detail TEXT,
            started_at INTEGER, finished_at INTEGER, PRIMARY KEY (execution, step)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE pipeline_checkpoints (
            execution INTEGER PRIMARY KEY, format INTEGER NOT NULL, epoch INTEGER NOT NULL,
            request TEXT NOT NULL, schema TEXT NOT NULL, sequence INTEGER NOT NULL, checkpoint BLOB NOT NULL,
            recorded_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE idempotency_keys (
            scope TEXT NOT NULL, key TEXT NOT NULL, execution_id TEXT NOT NULL, created_at INTEGER NOT NULL,
            PRIMARY KEY (scope, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE blobs (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    ]
}
