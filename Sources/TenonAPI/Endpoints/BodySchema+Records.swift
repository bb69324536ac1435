extension BodySchema {
    static let connectorRecord = BodySchema(
        "Connector",
        [
            .required("id", "string", "Its id."),
            .required("name", "string", "What people call it."),
            .required("description", "string", "What it connects to."),
            .required("type", "string", "source, target, bidirectional or action."),
            .required("configuration", "object", "What all its deployments share; secrets as ********."),
            .nullable("package", "string", "The package and range that it uses."),
            .nullable("packageVersion", "string", "The version that a deployment would get now."),
            .required("status", "string", "draft until it has a package, then active."),
            .list("warnings", of: definitionWarning, "What was noticed when it was saved."),
        ] + versioned)

    static let packageRecord = BodySchema(
        "Package",
        [
            .required("name", "string", "Its name."),
            .required("version", "string", "Its version."),
            .required("title", "string", "What people call it."),
            .required("description", "string", "What it connects to."),
            .required("type", "string", "source, target, bidirectional or action."),
            .required("runtime", "string", "What runs it."),
            .required("abi", "string", "The version of the ABI that it needs."),
            .required("capabilities", "array", "What its library offers."),
            .required("digest", "string", "SHA-256 of the package."),
            .required("libraryDigest", "string", "SHA-256 of the library for this machine."),
            .required("size", "integer", "Bytes of the package."),
            .required("signed", "boolean", "Whether it has a signature that was checked."),
            .nullable("signer", "string", "Whose signature that is."),
            .required("inHost", "boolean", "Whether it may run inside the host process."),
            .required("installedAt", "string", "When it was installed."),
            .required("installedBy", "string", "By whom."),
        ])

    static let instanceRecord = BodySchema(
        "Instance",
        [
            .required("id", "string", "Its id."),
            .required("connectorId", "string", "The connector that was deployed."),
            .required("projectId", "string", "The project that has it."),
            .required("integrationId", "string", "How the project's definitions address it."),
            .required("status", "string", "Whether calls reach it: ready, or what it is instead."),
            .required("reason", "string", "Why it is not ready, or the check that failed."),
            .required("package", "object", "Name, version, digest and pinned range of its package."),
            .required("isolation", "string", "cell or in-host."),
            .required("configuration", "object", "Its configuration; secrets as ********."),
            .required("checks", "array", "What its last check found."),
            .required("protections", "array", "The limits and protections in force."),
            .required("createdAt", "string", "When it was deployed."),
            .required("updatedAt", "string", "When it was deployed last or changed."),
        ])

    static let workflowRecord = BodySchema(
        "Workflow",
        [.optional("id", "string", "Its id; none where nothing was stored.")] + workflow.fields
            + saved)

    static let pipelineRecord = BodySchema(
        "Pipeline",
        [.optional("id", "string", "Its id; none where nothing was stored.")] + pipeline.fields
            + saved)

    static let definitionWarning = BodySchema(
        "Warning",
        [
            .required("code", "string", "A stable code."),
            .required("message", "string", "What was noticed, for people."),
            .optional("pointer", "string", "Where, as a JSON Pointer."),
        ])

    /// The next ticks of a definition's trigger, where its answers show them.
    static let schedule = BodySchema(
        "Schedule",
        [
            .required("triggerId", "string", "The trigger."),
            .required("type", "string", "schedule; the other types are not fired yet."),
            .nullable("schedule", "string", "The cron expression or interval."),
            .nullable("timezone", "string", "The zone in which it is read."),
            .required("status", "string", "active, paused, ended, disabled or not-fired."),
            .required("nextTicks", "array", "The next five ticks, with the offset of the trigger's zone."),
        ])

    private static let versioned: [Field] = [
        .required("version", "integer", "Counts from 1; each save is a new one."),
        .required("createdAt", "string", "When its first version was saved."),
        .required("updatedAt", "string", "When this version was saved."),
    ]

    /// What answers add to a definition.
    private static let saved: [Field] =
        [
            .required("status", "string", "active."),
            .list("warnings", of: definitionWarning, "What was noticed."),
            .list("schedules", of: schedule, "Its triggers with their next ticks; not in lists."),
        ] + versioned
}
