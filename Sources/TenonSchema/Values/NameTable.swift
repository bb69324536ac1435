internal import TenonJSON

/// Nodes by the names of properties.
struct NameTable: Sendable {
    let names: [String]
    /// All nodes in the order of their names.
    let all: [Int]
    private let nodes: [KeyBytes: Int]

    var isEmpty: Bool { names.isEmpty }

    init() { self.init([]) }

    init(_ members: [(name: String, node: Int)]) {
        names = members.map(\.name)
        all = members.map(\.node)
        nodes = Dictionary(members.map { (KeyBytes($0.name), $0.node) }) { first, _ in first }
    }

    subscript(name: String) -> Int? { nodes.isEmpty ? nil : nodes[KeyBytes(name)] }
}
