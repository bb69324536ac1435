/// Every schema that a schema consists of, and what `$dynamicRef` needs to know of them.
struct CompiledSchema: Sendable {
    /// The first is the schema itself.
    let nodes: [SchemaNode]
    /// Nodes by `$dynamicAnchor`, for each schema resource.
    let dynamicAnchors: [[String: Int]]
    let hasDynamicReferences: Bool

    /// Every node that a dynamic reference may lead to.
    func candidates(for reference: DynamicReference) -> [Int] {
        guard let anchor = reference.anchor else { return [reference.target] }
        return [reference.target] + dynamicAnchors.compactMap { $0[anchor] }
    }
}
