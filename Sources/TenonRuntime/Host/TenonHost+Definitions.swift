internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonStore

/// A checked definition on its way into the store.
struct DefinitionDraft {
    var kind: ExecutionKind
    var id: String?
    var projectID: ProjectID
    var name: String
    var document: JSON
    var warnings: [DefinitionWarning]
}

extension TenonHost {
    /// The body as it is stored: without what the host adds itself, so that what it answered can be sent
    /// back, and with what it fills in.
    func definitionDocument(_ body: JSON, _ kind: ExecutionKind) -> JSON {
        guard let given = body.object else { return body }
        var object: JSONObject = [:]
        for key in ["projectId", "name"] { object[key] = given[key] }
        object["description"] = given["description"] ?? ""
        for (key, value) in given where !DefinitionRecord.addedKeys.contains(key) { object[key] = value }
        object["steps"] = StepFindings.removed(from: object["steps"])
        for key in DefinitionRecord.filledKeys(kind) where object[key] == nil { object[key] = [] }
        return .object(object)
    }

    func save(_ draft: DefinitionDraft, _ options: SaveOptions) throws(TenonError) -> DefinitionRow {
        if options.isStrict, !draft.warnings.isEmpty {
            throw TenonError(
                .definitionWarnings, "The \(draft.kind.rawValue) has warnings, which strict saving refuses.",
                fields: draft.warnings.map {
                    FieldError(pointer: $0.pointer, message: $0.message, code: ErrorCode($0.code, 422))
                })
        }
        if let id = draft.id, let problem = UserGivenText.problem(with: id) {
            throw TenonError(.definitionIDInvalid, "The id of a \(draft.kind.rawValue) \(problem).")
        }
        var id = draft.id
        if id == nil, options.updatesByName {
            id = try definitions.named(draft.name, draft.kind, project: draft.projectID)?.id
        }
        let row = DefinitionRow(
            kind: draft.kind, id: id ?? newID(), projectID: draft.projectID, name: draft.name,
            document: JSONWriter.bytes(draft.document), savedAt: configuration.time.now())
        return options.isDryRun ? row : try saveWithTriggers(row, draft.document)
    }

    func storedDocument(_ row: DefinitionRow) throws(TenonError) -> JSON {
        do {
            return try JSONParser.parse(row.document)
        } catch {
            throw TenonError(
                .storeCorrupt, "The \(row.kind.rawValue) \(row.id) is damaged in the database: \(error).")
        }
    }

    func isDeployed(_ project: ProjectID, _ integration: IntegrationID) -> Bool {
        do {
            _ = try directory.end(project, integration)
            return true
        } catch {
            // Any other problem is one of the instance, which its status tells.
            return error.code.rawValue != "integration.not-deployed"
        }
    }
}
