package import TenonJSON
package import TenonModel
package import TenonStore

/// A workflow or a pipeline in one of its versions, as the REST API shows it.
package struct DefinitionRecord: Sendable {
    package let row: DefinitionRow
    package let warnings: [DefinitionWarning]
    /// The document as it was saved.
    package let document: JSON

    package var name: String { row.name }
    package var version: Int64 { row.version }
    package var projectID: ProjectID { row.projectID }

    package init(row: DefinitionRow, document: JSON, warnings: [DefinitionWarning]) {
        self.row = row
        self.document = document
        self.warnings = warnings
    }

    package var json: JSON {
        var object: JSONObject = ["id": .string(row.id), "projectId": .string(row.projectID.rawValue)]
        for (key, value) in document.object ?? [:] { object[key] = value }
        object["status"] = "active"
        object["version"] = .int(row.version)
        object["createdAt"] = .string(row.createdAt.iso8601)
        object["updatedAt"] = .string(row.updatedAt.iso8601)
        object["warnings"] = .array(warnings.map(\.json))
        return .object(object)
    }

    /// Lists that are empty where a document leaves them out.
    static func filledKeys(_ kind: ExecutionKind) -> [String] {
        kind == .workflow ? ["triggers", "integrationIds"] : []
    }

    /// What answers add to a document; not part of what is stored, so that they can be sent back.
    package static let addedKeys: Set<String> = [
        "id", "status", "version", "createdAt", "updatedAt", "warnings", "schedules",
    ]
}

/// A saved workflow and what was noticed about it.
package struct WorkflowRecord: Sendable {
    package let definition: DefinitionRecord
    /// Nil where the workflow cannot be compiled any more.
    let findings: StepFindings?
    package var id: WorkflowID { WorkflowID(definition.row.id) }
    package var name: String { definition.name }
    package var version: Int64 { definition.version }
    package var warnings: [DefinitionWarning] { definition.warnings }
    package var json: JSON { findings?.added(to: definition.json) ?? definition.json }
}

/// A saved pipeline and what was noticed about it.
package struct PipelineRecord: Sendable {
    package let definition: DefinitionRecord
    package var id: PipelineID { PipelineID(definition.row.id) }
    package var name: String { definition.name }
    package var version: Int64 { definition.version }
    package var warnings: [DefinitionWarning] { definition.warnings }
    package var json: JSON { definition.json }
}
