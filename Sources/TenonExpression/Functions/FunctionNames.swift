internal import TenonModel

extension Expression {
    /// The names of all functions and of what looks like one, for documentation.
    package static var functionNames: [String] { Set(FunctionTable.names).sorted { $0.utf8Precedes($1) } }
}
