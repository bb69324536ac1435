package import TenonModel

extension Limits {
    package static let triggersPerDefinition = 100
}
