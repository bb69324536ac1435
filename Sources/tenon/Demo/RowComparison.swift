internal import Foundation
internal import GRDB
internal import TenonClient
internal import TenonJSON

/// Compares the rows in the ERP with what the `sqlite3` command answers over the vault.
struct RowComparison {
    static let maxShown = 5

    let vaultPath: String
    let erpPath: String
    let table: String

    struct Outcome {
        var rowCount: Int
        var differenceCount: Int
        /// The first few, in words.
        var differences: [String]
    }

    /// Row by row, in the order of their ids. Blocks.
    func run() throws -> Outcome {
        let expected = try Self.sqlite3(
            vaultPath,
            "SELECT id AS erpDesignId, name AS erpDesignName, estimatedCost AS erpCost "
                + "FROM designs WHERE status = 'active' ORDER BY id")
        let arrived = try arrivedRows()
        var differences: [String] = []
        for index in 0..<max(expected.count, arrived.count) {
            let wanted: JSON? = index < expected.count ? expected[index] : nil
            let found: JSON? = index < arrived.count ? arrived[index] : nil
            if wanted != found {
                differences.append(
                    "row \(index + 1): \(found?.text ?? "nothing") instead of \(wanted?.text ?? "nothing")")
            }
        }
        return Outcome(
            rowCount: arrived.count, differenceCount: differences.count,
            differences: Array(differences.prefix(Self.maxShown)))
    }

    /// Changes one row, so that the comparison must notice.
    func corrupt() throws {
        try DatabaseQueue(path: erpPath).write { database in
            try database.execute(
                sql: """
                    UPDATE \(table) SET erpDesignName = erpDesignName || '?'
                    WHERE erpDesignId = (SELECT max(erpDesignId) FROM \(table))
                    """)
        }
    }

    private func arrivedRows() throws -> [JSON] {
        try DatabaseQueue(path: erpPath).read { database in
            let sql = "SELECT erpDesignId, erpDesignName, erpCost FROM \(table) ORDER BY erpDesignId"
            return try Row.fetchAll(database, sql: sql).map { row in
                .object(JSONObject(row.map { (key: $0, value: Self.json($1.storage)) }))
            }
        }
    }

    private static func json(_ value: DatabaseValue.Storage) -> JSON {
        switch value {
        case .null: .null
        case .int64(let number): .int(number)
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .blob(let data): .string("blob of \(data.count) bytes")
        }
    }

    /// What the `sqlite3` command answers. Blocks.
    static func sqlite3(_ database: String, _ query: String) throws -> [JSON] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-readonly", "-json", database, query]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailure(
                .failed, "The sqlite3 command did not answer (exit code \(process.terminationStatus)).",
                advice: "Install it, such as: apt-get install sqlite3")
        }
        let rows = bytes.isEmpty ? [] : try JSONParser.parse(Array(bytes)).array ?? []
        return rows.map(withNearestDoubles)
    }

    /// `sqlite3` writes more digits than a double has; they stand for the nearest one.
    private static func withNearestDoubles(_ row: JSON) -> JSON {
        .object(
            JSONObject(
                (row.object ?? [:]).map { key, value in
                    guard case .number(let text) = value, let number = Double(text) else {
                        return (key, value)
                    }
                    return (key: key, value: .double(number))
                }))
    }
}
