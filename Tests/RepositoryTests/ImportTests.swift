import Testing

/// Who may import whom. Lower layers never import upward.
struct ImportTests {
    static let allowed: [String: Set<String>] = [
        "TenonModel": [],
        "TenonJSON": ["TenonBatches"],
        "TenonColumns": ["TenonModel", "TenonBatches", "CTenon"],
        "TenonTransport": ["TenonModel", "CTenon", "CPlatform"],
        "TenonPattern": ["TenonModel"],
        "TenonTime": ["TenonModel"],
        "TenonVersion": ["TenonModel"],
        "TenonExpression": [
            "TenonModel", "TenonJSON", "TenonColumns", "TenonPattern", "TenonTime", "TenonBatches",
        ],
        "TenonSchema": ["TenonModel", "TenonJSON", "TenonPattern", "TenonTime"],
        "TenonSchedule": ["TenonModel", "TenonJSON", "TenonTime"],
        "TenonAPI": ["TenonModel", "TenonJSON"],
        "TenonWorkflow": [
            "TenonModel", "TenonJSON", "TenonExpression", "TenonSchema", "TenonSchedule", "TenonBatches",
        ],
        "TenonPipeline": [
            "TenonModel", "TenonJSON", "TenonExpression", "TenonColumns", "TenonSchema", "TenonBatches",
            "TenonPattern", "TenonSchedule",
        ],
        "TenonLoader": ["TenonModel", "TenonJSON", "TenonColumns", "TenonBatches", "CTenon", "CPlatform"],
        "TenonStore": ["TenonModel", "TenonJSON"],
        "TenonConnectors": [
            "TenonModel", "TenonJSON", "TenonSchema", "TenonColumns", "TenonLoader", "TenonTransport",
            "TenonStore", "TenonVersion", "TenonPattern", "TenonBatches", "CTenon", "CPlatform", "CZlib",
            "CSQLite",
        ],
        "tenon-cell": ["TenonModel", "TenonColumns", "TenonLoader", "TenonTransport", "CTenon", "CPlatform"],
        "TenonRuntime": [
            "TenonModel", "TenonJSON", "TenonColumns", "TenonExpression", "TenonSchema", "TenonWorkflow",
            "TenonPipeline", "TenonStore", "TenonConnectors", "TenonSchedule", "TenonTime", "CPlatform",
        ],
        "TenonServer": ["TenonModel", "TenonJSON", "TenonAPI"],
        "TenonClient": ["TenonModel", "TenonJSON", "TenonAPI"],
    ]
    /// The composition root, and what exists for tests only.
    static let unrestricted: Set<String> = ["tenon", "TenonTestKit"]
    /// What a cell links, and the pure modules.
    static let withoutFoundation: Set<String> = [
        "TenonModel", "TenonJSON", "TenonColumns", "TenonTransport", "TenonLoader", "tenon-cell",
        "TenonExpression",
        "TenonWorkflow", "TenonPipeline", "TenonSchema", "TenonPattern", "TenonTime", "TenonVersion",
        "TenonSchedule",
    ]

    private static func imports(of file: Repository.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
            guard let position = words.firstIndex(of: "import"), position <= 1, words.count > position + 1,
                position == 0
                    || ["package", "public", "internal", "private", "fileprivate"].contains(words[0])
            else { return nil }
            return String(words.last ?? "")
        }
    }

    @Test func `every import of an own module stands in the table`() throws {
        for file in try Repository.files(in: ["Sources"], endings: [".swift"]) {
            let module = String(file.path.split(separator: "/")[1])
            guard !Self.unrestricted.contains(module) else { continue }
            let permitted = try #require(Self.allowed[module], "the module \(module) is not in the table")
            for name in Self.imports(of: file) where name.hasPrefix("Tenon") || name.hasPrefix("C") {
                guard name.hasPrefix("Tenon") || ["CTenon", "CPlatform", "CZlib", "CSQLite"].contains(name)
                else {
                    continue
                }
                #expect(permitted.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test func `what a cell links and what only decides does without Foundation`() throws {
        let folders = Self.withoutFoundation.map { "Sources/\($0)" } + ["SDK/Swift"]
        for file in try Repository.files(in: folders, endings: [".swift"]) {
            let names = Self.imports(of: file)
            #expect(!names.contains { $0.hasPrefix("Foundation") }, "\(file.path) imports Foundation")
        }
    }

    @Test func `connectors include nothing but the SDK, their own files and foreign libraries`() throws {
        for file in try Repository.files(
            in: ["Plugins", "Tests/Fixtures/Connectors"], endings: [".c", ".h"])
        {
            for line in file.lines where line.hasPrefix("#include") {
                #expect(!line.contains("Sources/") && !line.contains("CPlatform"), "\(file.path): \(line)")
                guard line.contains("\"") else { continue }
                #expect(!line.contains(".."), "\(file.path): \(line)")
            }
        }
    }
}
