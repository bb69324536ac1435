package import TenonModel
package import TenonStore
package import TenonWorkflow

/// How a definition is saved.
package struct SaveOptions: Sendable {
    /// Check everything, store nothing.
    package var isDryRun = false
    /// Warnings are errors.
    package var isStrict = false
    /// A definition of the same project and name is updated instead of being in the way.
    package var updatesByName = false

    package init(isDryRun: Bool = false, isStrict: Bool = false, updatesByName: Bool = false) {
        self.isDryRun = isDryRun
        self.isStrict = isStrict
        self.updatesByName = updatesByName
    }
}

/// How an execution is started.
package struct ExecuteOptions: Sendable {
    package var idempotencyKey: IdempotencyKey?
    /// Instead of the definition's.
    package var durability: Durability?

    package init(idempotencyKey: IdempotencyKey? = nil, durability: Durability? = nil) {
        self.idempotencyKey = idempotencyKey
        self.durability = durability
    }
}

/// Which executions a list shows; nil is any.
package struct ExecutionFilter: Sendable {
    package var kind: ExecutionKind?
    package var project: ProjectID?
    /// A workflow's or pipeline's id.
    package var definitionID: String?
    package var status: String?
    /// At most `Limits.pageSize`.
    package var limit = 50
    /// Where the page before has ended.
    package var cursor: String?

    package init() {}
}

/// Some executions, youngest first.
package struct ExecutionPage: Sendable {
    package var executions: [ExecutionRecord]
    /// Nil: there are no more.
    package var nextCursor: String?
}
