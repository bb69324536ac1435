import Foundation
import TenonColumns
import TenonExpression
import TenonJSON
import TenonModel
import TenonSchedule
import TenonSchema
import TenonTime

/// What is done for every step, record, tick and request: expressions, schedules, schemas and JSON.
struct DefinitionBenchmarks {
    private static let scope = ObjectScope([
        "status": "active", "cost": 12.5, "count": 41, "design": ["id": "d-1", "tags": ["a", "b", "c"]],
    ])

    func run() throws {
        try evaluations()
        try compilations()
        try ticks()
        try schemas()
        try documents()
        try columns()
        try lines()
    }

    /// Seconds that one call takes: the median of five runs of at least 0.2 s each.
    func secondsPerCall(calls: Int = 200, _ body: () throws -> Void) rethrows -> Double {
        var figures: [Double] = []
        for _ in 0..<5 {
            var count = 0
            let start = SystemTime().monotonicNanoseconds()
            var elapsed: UInt64 = 0
            while elapsed < 200_000_000 {
                for _ in 0..<calls { try body() }
                count += calls
                elapsed = SystemTime().monotonicNanoseconds() - start
            }
            figures.append(Double(elapsed) / 1e9 / Double(count))
        }
        return median(figures)
    }

    private static let simple = [
        "status == 'active'", "count + 1 > 40", "cost * 1.2 < 20.0 && status != 'draft'", "design.id",
        "design.status == 'released'",
    ]

    private func evaluations() throws {
        for (index, text) in Self.simple.enumerated() {
            let expression = try Expression.compile(text)
            let seconds = try secondsPerCall { _ = try expression.evaluate(Self.scope) }
            Figure(
                name: "expression.evaluate.\(index + 1)", value: 1 / seconds, unit: "evaluations/s",
                goal: (">= 1 M/s on one core", seconds <= 1e-6), notes: ["expression": .string(text)]
            ).print()
        }
        let macro = try Expression.compile("design.tags.filter(t, t != 'b').map(t, t.upperAscii()).join('-')")
        let seconds = try secondsPerCall { _ = try macro.evaluate(Self.scope) }
        Figure(name: "expression.evaluate.macro", value: 1 / seconds, unit: "evaluations/s").print()
    }

    private func compilations() throws {
        let texts =
            Self.simple + [
                "design.tags.exists(t, t.startsWith('a')) && (cost > 10.0 || count in [1, 2, 3]) ? 'yes' : 'no'"
            ]
        var slowest = 0.0
        var slowestText = ""
        for text in texts {
            let seconds = try secondsPerCall { _ = try Expression.compile(text) }
            if seconds > slowest { (slowest, slowestText) = (seconds, text) }
        }
        Figure(
            name: "expression.compile.slowest", value: slowest * 1e6, unit: "us",
            goal: ("<= 50 us", slowest <= 50e-6), notes: ["expression": .string(slowestText)]
        ).print()
    }

    private struct NoTick: Error {}

    private func ticks() throws {
        let schedules: [JSON] = [
            ["schedule": "0 2 * * *", "timezone": "Europe/Berlin"], ["schedule": "*/5 * * * *"],
            ["schedule": "30 0 2 * * MON-FRI", "timezone": "America/New_York"],
            ["schedule": "0 0 29 2 *", "timezone": "Australia/Lord_Howe"],
            ["schedule": "0 12 L * 5#3", "timezone": "Asia/Kathmandu"],
            // Every 28 years, and with a gap in between that leaves most of them out.
            ["schedule": "0 0 */28 2 */7", "timezone": "Australia/Lord_Howe"],
            ["schedule": "30 2 29 2,3 */7", "timezone": "Europe/Berlin", "dst": ["gap": "skip"]],
        ]
        var slowest = 0.0
        var slowestText = ""
        for json in schedules {
            let schedule = try Schedule.parse(json, at: JSONPointer(), id: "bench")
            var moment = Timestamp(milliseconds: 1_767_225_600_000)
            let seconds = try secondsPerCall {
                guard let next = schedule.nextTick(after: moment) else { throw NoTick() }
                // Ticks of a hundred years, then again from the beginning.
                moment =
                    next.milliseconds > 4_900_000_000_000 ? Timestamp(milliseconds: 1_767_225_600_000) : next
            }
            if seconds > slowest { (slowest, slowestText) = (seconds, json.text) }
        }
        Figure(
            name: "schedule.next-tick.slowest", value: slowest * 1e6, unit: "us",
            goal: ("<= 5 us", slowest <= 5e-6), notes: ["schedule": .string(slowestText)]
        ).print()
    }

    private func schemas() throws {
        let schema = try JSONSchema([
            "type": "object", "required": ["id", "items"],
            "properties": [
                "id": ["type": "string", "pattern": "^[a-z]+-[0-9]+$"],
                "items": [
                    "type": "array",
                    "items": ["type": "object", "properties": ["n": ["type": "integer", "minimum": 0]]],
                ],
            ], "additionalProperties": false,
        ])
        let items = JSON.array((0..<20).map { ["n": .int($0)] })
        let value: JSON = ["id": "design-12", "items": items]
        let seconds = secondsPerCall { _ = schema.problems(in: value) }
        Figure(name: "schema.validate", value: seconds * 1e6, unit: "us", notes: ["items": 20]).print()
    }

    private func documents() throws {
        let record: JSON = [
            "id": "d-100045", "name": "Bracket, left", "status": "active", "cost": 12.5, "version": 7,
            "tags": ["a", "b"], "owner": ["name": "Ana", "mail": "ana@example.com"],
        ]
        let bytes = Array(JSON.array(Array(repeating: record, count: 5000)).text.utf8)
        var size = 0
        let seconds = try secondsPerCall(calls: 1) { size += try JSONParser.parse(bytes).array?.count ?? 0 }
        Figure(
            name: "json.parse", value: Double(bytes.count) / seconds / 1e6, unit: "MB/s",
            notes: ["documentMB": .double(Double(bytes.count) / 1e6), "read": .bool(size > 0)]
        ).print()
    }
}
