package import TenonJSON
package import TenonModel
internal import TenonStore

/// A secret as everybody may see it: without its value.
package struct SecretRecord: Sendable, Equatable {
    package let name: String
    package let project: ProjectID
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    init(_ row: SecretRow) {
        name = row.name
        project = row.project
        createdAt = row.createdAt
        updatedAt = row.updatedAt
    }

    package var json: JSON {
        [
            "name": .string(name), "projectId": .string(project.rawValue),
            "createdAt": .string(createdAt.iso8601), "updatedAt": .string(updatedAt.iso8601),
        ]
    }
}
