internal import GRDB
internal import TenonJSON

/// The CAD vault's database: designs with a status, a cost and specifications, the same at every run.
struct DesignVault: Sendable {
    let path: String
    private let database: DatabasePool

    /// Creates the file with `count` designs.
    init(path: String, count: Int) throws {
        self.path = path
        database = try DatabasePool(path: path)
        try database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = OFF")
            try database.inTransaction {
                try database.execute(sql: Self.table)
                let insertion = try database.makeStatement(
                    sql: "INSERT INTO designs VALUES (?, ?, ?, ?, ?, ?)")
                var generator = DesignGenerator()
                for number in 1...count { try insertion.execute(arguments: generator.design(number)) }
                return .commit
            }
        }
    }

    private static let table = """
        CREATE TABLE designs (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, estimatedCost REAL,
            specs TEXT NOT NULL, updatedAt TEXT NOT NULL)
        """
    private static let object = """
        json_object('id', id, 'name', name, 'status', status, 'estimatedCost', estimatedCost,
            'specs', json(specs), 'updatedAt', updatedAt)
        """

    /// JSON texts of the designs after `id`, in the order of their ids. Blocks.
    func designs(after id: String, limit: Int) throws -> [(id: String, json: String)] {
        try database.read { database in
            let sql = "SELECT id, \(Self.object) FROM designs WHERE id > ? ORDER BY id LIMIT ?"
            return try Row.fetchAll(database, sql: sql, arguments: [id, limit]).map { ($0[0], $0[1]) }
        }
    }

    /// The design that was changed last. Blocks.
    func latest() throws -> String? {
        try database.read { database in
            try String.fetchOne(
                database, sql: "SELECT \(Self.object) FROM designs ORDER BY updatedAt DESC, id DESC LIMIT 1")
        }
    }
}

/// Makes designs up: the same number always gives the same design.
private struct DesignGenerator {
    private static let parts = [
        "Bracket", "Gear housing", "Flügelrad", "Pump \"A\"", "支架", "Valve, 3-way", "Ro'tor", "Boîtier",
        "Shaft 🛠",
        "Cover plate",
    ]
    private static let statuses = ["active", "active", "active", "draft", "archived", "in review"]
    private static let materials = ["6061-T6", "PA12", "316L", "Ti-6Al-4V"]
    private var state: UInt64 = 42

    /// SplitMix64.
    private mutating func random(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }

    mutating func design(_ number: Int) -> StatementArguments {
        let digits = String(number)
        let id = "design-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        let cents = random(5_000_000)
        let cost: Double? = random(100) == 0 ? nil : Double(cents) / 100
        let specs: JSON = [
            "material": .string(Self.materials[random(Self.materials.count)]),
            "massGrams": .int(Int64(random(90_000))),
            "tolerancesMicrons": [.int(5), .int(Int64(random(50)))],
        ]
        let minute = number % 60
        let hour = number / 60 % 24
        let day = 1 + number / 1440 % 28
        let time = "2024-01-\(two(day))T\(two(hour)):\(two(minute)):00Z"
        let status = Self.statuses[random(Self.statuses.count)]
        return [id, "\(Self.parts[random(Self.parts.count)]) \(number)", status, cost, specs.text, time]
    }

    private func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
