internal import Synchronization
internal import TenonJSON
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

/// Compiled workflows, shared by their executions. Versions never change, so what is kept never gets stale;
/// which version is current is told by whoever saves.
final class WorkflowLibrary: Sendable {
    private static let capacity = 1000

    struct Entry: Sendable {
        var row: DefinitionRow
        var workflow: CompiledWorkflow
    }

    private struct Shelf {
        var entries: [DefinitionVersionKey: Entry] = [:]
        var current: [String: Entry] = [:]
    }

    private let definitions: DefinitionStore
    private let shelf = Mutex(Shelf())

    init(definitions: DefinitionStore) { self.definitions = definitions }

    /// Throws `workflow.not-found`.
    func current(_ id: WorkflowID) throws(TenonError) -> Entry {
        if let entry = shelf.withLock({ $0.current[id.rawValue] }) { return entry }
        guard let row = try definitions.current(.workflow, id: id.rawValue) else {
            throw TenonError(
                .workflowNotFound, "There is no workflow with the id \(id). List them to see their ids.")
        }
        return try keep(row, isCurrent: true)
    }

    func version(_ key: DefinitionVersionKey) throws(TenonError) -> Entry {
        if let entry = shelf.withLock({ $0.entries[key] }) { return entry }
        guard let row = try definitions.version(key) else {
            throw TenonError(.workflowNotFound, "Version \(key.version) of the workflow \(key.id) is gone.")
        }
        return try keep(row, isCurrent: false)
    }

    /// A version has been saved.
    func saved(_ row: DefinitionRow, _ workflow: CompiledWorkflow) {
        keep(Entry(row: row, workflow: workflow), isCurrent: true)
    }

    private func keep(_ row: DefinitionRow, isCurrent: Bool) throws(TenonError) -> Entry {
        let document: JSON
        do {
            document = try JSONParser.parse(row.document)
        } catch {
            throw TenonError(.storeCorrupt, "The workflow \(row.id) is damaged in the database: \(error).")
        }
        let workflow = try CompiledWorkflow(WorkflowDefinition.parse(document, isStored: true).definition)
        let entry = Entry(row: row, workflow: workflow)
        keep(entry, isCurrent: isCurrent)
        return entry
    }

    private func keep(_ entry: Entry, isCurrent: Bool) {
        shelf.withLock { shelf in
            if shelf.entries.count >= Self.capacity { shelf.entries = [:] }
            if shelf.current.count >= Self.capacity { shelf.current = [:] }
            shelf.entries[entry.row.key] = entry
            // A slow reader never puts an older version in place of a newer one.
            guard isCurrent, entry.row.version >= shelf.current[entry.row.id]?.row.version ?? 0 else {
                return
            }
            shelf.current[entry.row.id] = entry
        }
    }
}
