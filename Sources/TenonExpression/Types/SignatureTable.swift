/// The declared signatures of every operator and function, in one mode.
struct SignatureTable {
    static let strict = SignatureTable(shared + strictOnly)
    static let host = SignatureTable(shared + hostOnly)

    private let byName: [String: [TypeSignature]]

    /// Each text is the name, the parameters and the result: `charAt(string, int) -> string`. An operator
    /// stands for itself, the receiver of a method is its first parameter.
    private init(_ texts: [String]) {
        var byName: [String: [TypeSignature]] = [:]
        for text in texts {
            for line in text.split(separator: "\n") {
                let line = String(line)
                let head = line.hasPrefix("else ") ? line.dropFirst(5) : line[...]
                let name = String(head.prefix { $0 != "(" })
                guard let signature = TypeSignature(text: line) else { continue }
                byName[name, default: []].append(signature)
            }
        }
        self.byName = byName
    }

    /// The signatures of one name; none: nothing is known about it.
    func named(_ name: String) -> [TypeSignature] { byName[name] ?? [] }

    /// How many lines of the tables cannot be read; for the test that there are none.
    static var unreadableLines: [String] {
        (shared + strictOnly + hostOnly).flatMap { $0.split(separator: "\n").map(String.init) }
            .filter { TypeSignature(text: $0) == nil }
    }

    private static let shared = [
        operators, conversions, times, strings, lists, numbers, encodings, networks, optionals,
    ]
    private static let strictOnly = [strictOperators, strictFunctions]
    private static let hostOnly = [hostOperators, hostFunctions]
}
