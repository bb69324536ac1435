/// Tables of packages, connectors, instances, their state, and the audit log.
enum ConnectorSchema {
    static let statements = [
        """
        CREATE TABLE packages (
            digest TEXT PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, manifest TEXT NOT NULL,
            library_path TEXT NOT NULL, library_digest TEXT NOT NULL, byte_count INTEGER NOT NULL,
            signer TEXT, installed_at INTEGER NOT NULL, installed_by TEXT NOT NULL, UNIQUE (name, version)
        ) STRICT
        """,
        """
        CREATE TABLE in_host (
            library_digest TEXT PRIMARY KEY, listed_at INTEGER NOT NULL, listed_by TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE connectors (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, type TEXT NOT NULL, package TEXT,
            configuration BLOB NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE instances (
            id TEXT PRIMARY KEY, connector_id TEXT NOT NULL REFERENCES connectors (id),
            project_id TEXT NOT NULL, integration_id TEXT NOT NULL, pin TEXT NOT NULL,
            package_digest TEXT NOT NULL REFERENCES packages (digest),
            isolation TEXT NOT NULL, configuration BLOB NOT NULL, checks TEXT NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, epoch INTEGER NOT NULL,
            UNIQUE (project_id, integration_id)
        ) STRICT
        """,
        """
        CREATE TABLE instance_state (
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE, key TEXT NOT NULL,
            value BLOB NOT NULL, PRIMARY KEY (instance_id, key)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
            subject TEXT NOT NULL, before_digest TEXT, after_digest TEXT, previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT
        """,
    ]
}
