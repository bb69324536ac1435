import TenonJSON

/// One comparison job: read designs, keep the active ones, rename four fields, write.
struct PipelineJob {
    var name: String
    var input: String
    var output: String
    var rowCount: Int
    var isLate = true
    /// The deployed folder that is read.
    var source = "source"
    /// The number of the database that is written; nil: the folder of files.
    var targetNumber: Int?
    var hasTransform = true
    var isolation = "cell"
    /// What a peer has written that did the same job.
    var peerOutput: String?

    func definition(project: String, source: String, target integration: String) -> JSON {
        var extract: JSONObject = ["stream": .string(input)]
        if !isLate { extract["late"] = false }
        var stages: [JSON] = [
            ["name": "Extract", "type": "extract", "order": 0, "parameters": .object(extract)]
        ]
        if hasTransform { stages.append(Self.transform) }
        stages.append([
            "name": "Load", "type": "load", "order": 2,
            "parameters": ["stream": .string(output), "mode": "overwrite", "createIfMissing": true],
        ])
        return [
            "projectId": .string(project), "name": .string(name), "sourceIntegrationId": .string(source),
            "targetIntegrationId": .string(integration), "stages": .array(stages), "durability": "relaxed",
        ]
    }

    private static let transform: JSON = [
        "name": "Active designs", "type": "transform", "order": 1,
        "transformations": [
            [
                "type": "filter",
                "condition": ["field": "status", "operator": "equals", "value": "active"],
            ],
            [
                "type": "map",
                "mapping": [
                    "designId": "id", "title": "name", "status": "status", "cost": "estimatedCost",
                    "department": "department", "modified": "updatedAt",
                ],
            ],
        ],
    ]
}
