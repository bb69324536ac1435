import Foundation
import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import TenonTestKit
import Testing

/// Random plans over random tables give what DuckDB and Polars give.
///
/// Where Tenon means something else, peers.py says it in the peer's words:
///
/// - null and `notEquals`, `notIn`: true (peers: unknown, so left out). The specification wants it: a missing
///   field differs from all values.
/// - NaN compared: equals nothing, is neither less nor greater (peers: equals itself and is above all numbers).
///   So IEEE 754; a sensor's NaN is not above its limit.
/// - NaN and min, max: only where there is nothing else (DuckDB: the greatest). As when it is compared.
/// - NaN and -0.0 in groups: all NaNs are one group and -0.0 is 0.0, as in the peers; only the sign that is
///   shown differs. A group for each pattern of bits serves nobody.
/// - Sums of integers beyond 64 bits, of decimals beyond 38 digits: an error (DuckDB: 128 bits; Polars: wraps).
///   The specification: exact, or an error.
/// - Sum over nothing: null (Polars: 0). As SQL has it; nothing is not zero.
/// - avg of decimals: a decimal, half away from zero (peers: a double). Money does not go through doubles.
/// - first, last: of the values that are there (peers: also null). All aggregates skip nulls.
/// - Timestamps with a zone: the moment (peers: shown in the session's zone). Records carry moments.
@Suite struct PeerPlansTests {
    private static let caseCount = 2000

    private struct Case {
        let table: RandomTable
        let plan: RandomPlan
        let line: String

        init(_ number: Int) {
            var random = SeededGenerator(seed: UInt64(number))
            table = RandomTable(&random)
            plan = RandomPlan(table, &random)
            let columns = table.batch.schema.fields.map {
                "{\"name\":\"\($0.name)\",\"type\":\"\($0.type.name)\"}"
            }
            let rows = table.rows.map { row in
                "[" + row.map { $0.map(RandomPlan.quoted) ?? "null" }.joined(separator: ",") + "]"
            }
            line =
                "{\"columns\":[\(columns.joined(separator: ","))],\"rows\":[\(rows.joined(separator: ","))],"
                + "\"steps\":[\(plan.steps.joined(separator: ","))]}"
        }

        /// The records of the result, sorted; nil where an integer sum leaves its type.
        func run() throws -> [String]? {
            let definition = try PipelineDefinition.parse(JSONParser.parse(plan.definition)).definition
            let planned = try PipelinePlan(definition, source: table.batch.schema)
            var program = planned.makeProgram()
            do {
                let half = table.batch.rowCount / 2
                var results = try program.push(table.batch.slice(0..<half))
                results += try program.push(table.batch.slice(half..<table.batch.rowCount))
                results += try program.finish()
                return PeerPlansTests.sorted(
                    RandomTable.texts(of: results, joinsZeros: plan.hasAggregate))
            } catch {
                guard error.code == .batchOverflow else { throw error }
                return nil
            }
        }
    }

    private static func sorted(_ rows: [[String?]]) -> [String] {
        rows.map { row in row.map { $0.map { "'\($0)'" } ?? "null" }.joined(separator: " | ") }.sorted()
    }

    @Test(.enabled(if: PeerPlans.python != nil, "DuckDB and Polars are not installed; set PEERS"))
    func `plans give what the peers give`() throws {
        let python = try #require(PeerPlans.python)
        let cases = (0..<Self.caseCount).map { Case($0) }
        let answers = try PeerPlans.answers(to: cases.map(\.line), python: python)
        try #require(answers.count == cases.count)
        var mismatches = 0
        for (number, (item, answer)) in zip(cases, answers).enumerated() {
            let own = try item.run()
            for (peer, result) in answer {
                let theirs = result.rows.map(Self.sorted)
                if theirs == own, result.error == (own == nil ? "overflow" : nil) { continue }
                mismatches += 1
                if mismatches > 12 { continue }
                Issue.record(
                    """
                    case \(number), \(peer): \(result.error ?? "")
                    \(item.plan.steps.joined(separator: "\n"))
                    Tenon: \(own.map { "\($0.count) \($0.prefix(5))" } ?? "overflow")
                    \(peer): \(theirs.map { "\($0.count) \($0.prefix(5))" } ?? "")
                    """)
            }
        }
        #expect(mismatches == 0)
    }

    @Test func `the random plans use every operator, aggregation and type`() {
        let cases = (0..<Self.caseCount).map { Case($0) }
        let steps = cases.map { $0.plan.steps.joined() }.joined()
        for word in [
            "equals", "notEquals", "in", "notIn", "greaterThan", "greaterOrEqual", "lessThan", "lessOrEqual",
            "between", "exists", "isNull", "contains", "startsWith", "endsWith",
        ] + AggregateOperation.allCases.map(\.rawValue) {
            #expect(steps.contains("\"operator\":\"\(word)\"") || steps.contains("\"operation\":\"\(word)\""))
        }
        let types = Set(cases.flatMap { $0.table.batch.schema.fields.map(\.type) })
        #expect(types == Set(RandomTable.types))
        #expect(cases.contains { $0.table.batch.rowCount == 0 })
    }
}
