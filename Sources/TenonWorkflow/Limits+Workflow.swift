package import TenonModel

extension Limits {
    /// Levels of a value that a step takes or gives.
    package static let valueDepth = 128
    package static let warningsPerExecution = 100
    package static let mistakesPerDefinition = 100
    package static let attemptsPerStep = 100
    package static let longestTimeout: Duration = .seconds(366 * 86_400)
    /// A connector's wish to be called later is heeded up to here.
    package static let longestRetryAfter: Duration = .seconds(86_400)
}
