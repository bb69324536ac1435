internal import Dispatch
internal import Synchronization
package import TenonJSON
package import TenonModel
internal import TenonSchema
internal import TenonStore
package import TenonWorkflow

extension TenonHost {
    /// Starts an execution of the newest version; returns when its beginning is recorded. The same
    /// idempotency key gives the same execution.
    package func executeWorkflow(_ id: WorkflowID, context: JSON, options: ExecuteOptions = ExecuteOptions())
        throws(TenonError) -> ExecutionID
    {
        try checkAccepting()
        let entry = try workflows.current(id)
        let definition = entry.workflow.definition
        try checkContext(context, of: definition)
        let contextText = context.text
        if let earlier = try execution(for: options.idempotencyKey, id.rawValue, contextText) {
            return earlier
        }
        let live = newExecution(entry, context: context, options)
        do {
            try live.begin()
        } catch {
            // Two requests with one key at the same moment: the other one was first.
            if let winner = try execution(for: options.idempotencyKey, id.rawValue, contextText) {
                return winner
            }
            throw error
        }
        return live.id
    }

    /// An execution of which nothing is recorded yet.
    func newExecution(_ entry: WorkflowLibrary.Entry, context: JSON, _ options: ExecuteOptions)
        -> LiveExecution
    {
        let definition = entry.workflow.definition
        let durability = options.durability ?? definition.durability
        let id = ExecutionID(newID())
        var creation = NewExecution(
            number: nextNumber(), id: id, definition: entry.row.key, projectID: definition.projectID,
            createdAt: configuration.time.now())
        creation.durability = durability.rawValue
        creation.context = context.text
        creation.idempotencyKey = options.idempotencyKey
        return LiveExecution(
            RunMachine(entry.workflow, executionID: id, context: context), number: creation.number,
            projectID: definition.projectID, durability: durability, creation: creation, engine: engine)
    }

    /// Throws `execution.context-invalid` where an execution with this context would not fit the workflow.
    func checkContext(_ context: JSON, of definition: WorkflowDefinition) throws(TenonError) {
        try check(context, definition.inputSchema)
    }

    private func check(_ context: JSON, _ schema: JSONSchema?) throws(TenonError) {
        guard context.object != nil else {
            throw TenonError(
                .contextInvalid, "The context must be an object.",
                fields: [FieldError(pointer: "/context", message: "must be an object")])
        }
        guard let schema else { return }
        let problems = schema.problems(in: context, at: JSONPointer(["context"]))
        guard !problems.isEmpty else { return }
        throw TenonError(
            .contextInvalid, "The context does not fit the workflow's inputSchema.", fields: problems)
    }

    func checkAccepting() throws(TenonError) {
        guard !isDraining.load(ordering: .relaxed) else {
            throw TenonError(
                .hostDraining, "The host is shutting down and takes no new work. Try again in a moment.")
        }
    }

    /// The execution that an earlier request with the same key has started, where the request was the same.
    func execution(for key: IdempotencyKey?, _ definitionID: String, _ context: String) throws(TenonError)
        -> ExecutionID?
    {
        guard let key, let id = try executions.executionID(for: key) else { return nil }
        guard let row = try executions.execution(id), row.definition.id == definitionID,
            row.context == context
        else {
            throw TenonError(
                .idempotencyConflict,
                "The idempotency key \"\(key.key)\" was used for another request. "
                    + "Use a new key for a new request.",
                context: ["executionId": id.rawValue])
        }
        return id
    }

    /// The execution as it is recorded, with its steps or stages, or as it stands where it records nothing on its
    /// way.
    package func execution(_ id: ExecutionID) throws(TenonError) -> ExecutionRecord {
        if let live = engine.run(id) as? LiveExecution, let record = live.unrecorded() { return record }
        if let (row, steps) = try executions.executionWithSteps(id) { return try record(row, steps) }
        throw TenonError(.executionNotFound, "There is no execution with the id \(id).")
    }

    private func record(_ row: ExecutionRow, _ steps: [JournalStep]) throws(TenonError) -> ExecutionRecord {
        guard row.definition.kind == .workflow else { return ExecutionRecord(row, steps: nil, warnings: []) }
        let machine = try Recovery.machine(row, steps, workflows, executions)
        return ExecutionRecord(
            row, steps: machine.steps.indices.map(machine.json(of:)), warnings: machine.warnings)
    }

    /// Youngest first, without steps.
    package func executions(_ filter: ExecutionFilter) throws(TenonError) -> ExecutionPage {
        var query = ExecutionQuery()
        query.kind = filter.kind
        query.project = filter.project
        query.definitionID = filter.definitionID
        query.status = filter.status
        let page = try ListPage(limit: filter.limit, cursor: filter.cursor)
        query.limit = page.fetchCount
        query.before = page.before
        let rows = try executions.list(query)
        return ExecutionPage(
            executions: rows.prefix(page.limit).map { ExecutionRecord($0, steps: nil, warnings: []) },
            nextCursor: page.nextCursor(rows, \.number))
    }

    /// Waits for the end of an execution. True: it is recorded as finished.
    package func whenFinished(_ id: ExecutionID, within limit: Duration) async -> Bool {
        guard let live = engine.run(id) else { return await isRecordedAsFinished(id) }
        return await live.finish.wait { [timers = engine.timers, finish = live.finish] waiter in
            timers.schedule(after: limit) { finish.abandon(waiter) }
        }
    }

    private func isRecordedAsFinished(_ id: ExecutionID) async -> Bool {
        await withCheckedContinuation { continuation in
            // Reading blocks, so not here on the cooperative pool.
            DispatchQueue.global().async { [executions] in
                // `try?`: one that cannot be read now is waited for, as if it still ran.
                let row = try? executions.execution(id)
                continuation.resume(returning: row?.progress.finishedAt != nil)
            }
        }
    }

    /// Asks an execution to stop; it ends `cancelled` within a second. Throws `execution.finished`,
    /// `execution.not-found`.
    package func cancel(_ id: ExecutionID) throws(TenonError) {
        try liveRun(id).cancel()
    }

    /// Decides about a step that is in doubt; throws `execution.not-resolvable` where it is not.
    package func resolve(_ id: ExecutionID, step name: String, _ resolution: Resolution) throws(TenonError) {
        guard let live = try liveRun(id) as? LiveExecution else {
            throw TenonError(.executionNotResolvable, "A pipeline has no steps that could be resolved.")
        }
        let step = live.run.withLock { run in
            run.machine.workflow.step(named: name).flatMap { step in
                run.machine.steps[step].status == .inDoubt ? step : nil
            }
        }
        guard let step else {
            throw TenonError(
                .executionNotResolvable,
                "The step \"\(name)\" of the execution \(id) is not in doubt. Look at the execution's steps.")
        }
        live.post(.event(.resolved(step: step, resolution)))
    }

    private func liveRun(_ id: ExecutionID) throws(TenonError) -> any LiveRun {
        if let live = engine.run(id) { return live }
        guard var row = try executions.execution(id) else {
            throw TenonError(.executionNotFound, "There is no execution with the id \(id).")
        }
        if row.progress.finishedAt == nil {
            // A trigger has recorded it and begins it in a moment, with the book still taken.
            triggerLoop.book.withLock { _ in }
            if let live = engine.run(id) { return live }
            row = try executions.execution(id) ?? row
        }
        throw TenonError(.executionFinished, "The execution \(id) has ended already: \(row.progress.status).")
    }
}
