package import TenonJSON
package import TenonModel
package import TenonSchedule

/// A pipeline as its author wrote it, checked.
package struct PipelineDefinition: Sendable {
    package let projectID: ProjectID
    package let name: String
    package let description: String
    package let sourceIntegrationID: IntegrationID
    package let targetIntegrationID: IntegrationID
    /// In the order in which they run: first the extract stage, last the load stage.
    package let stages: [StageDefinition]
    package let extract: ExtractParameters
    package let load: LoadParameters
    /// Those of `triggers` and the one that `schedule` stands for.
    package let triggers: [TriggerDefinition]
    package let durability: String?
    /// The names of the secrets in what the source and the target are asked for.
    package let secrets: [String]
}

/// What a stage does.
package enum StageType: String, Sendable, CaseIterable {
    case extract, transform, enrich, validate, load
}

/// What becomes of a record that a stage cannot work on.
package enum StageErrorPolicy: String, Sendable, CaseIterable {
    case fail
    case skip
    case deadLetter = "dead-letter"
    case retry
}

/// One stage of a pipeline as it was defined.
package struct StageDefinition: Sendable {
    package let name: String
    package let type: StageType
    package let order: Int
    package let transformations: [Transformation]
    package let parameters: JSONObject
    package let onError: StageErrorPolicy
    package let maxErrorPercent: Double?
    let pointer: JSONPointer
}

/// What is read from the source.
package struct ExtractParameters: Sendable, Equatable {
    package var stream: String?
    package var query: String?
    /// Rows or bytes a batch are the host's choice unless this says otherwise.
    package var batchRows: Int?
    /// Whether values that are only copied may stay text, unchecked.
    package var allowsLate = true

    package init(stream: String? = nil, query: String? = nil, batchRows: Int? = nil) {
        self.stream = stream
        self.query = query
        self.batchRows = batchRows
    }
}

/// What becomes of the rows that the target has already.
package enum LoadMode: String, Sendable, CaseIterable {
    case append, upsert, overwrite
}

/// How the target takes the records.
package struct LoadParameters: Sendable, Equatable {
    package var stream: String?
    package var mode = LoadMode.append
    package var keys: [String] = []
    package var createIfMissing = true

    package init(
        stream: String? = nil, mode: LoadMode = .append, keys: [String] = [], createIfMissing: Bool = true
    ) {
        self.stream = stream
        self.mode = mode
        self.keys = keys
        self.createIfMissing = createIfMissing
    }
}
