import Foundation
import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

@Suite struct GraphTableTests {
    @Test(arguments: GraphCase.table.indices)
    func `a graph does what its row says`(row: Int) throws {
        let graph = GraphCase.table[row]
        let (ran, skipped, outcome) = try graph.run()
        #expect(ran == graph.ran, "\(graph.rule): \(graph.graph)")
        #expect(skipped == graph.skipped, "\(graph.rule): \(graph.graph)")
        #expect(outcome == graph.outcome, "\(graph.rule): \(graph.graph)")
    }

    @Test func `the table has at least 30 graphs and stands in the docs as it is`() throws {
        #expect(GraphCase.table.count >= 30)
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = root.appending(path: "Sources/TenonDocs/Workflows/graphs.md")
        let rows = GraphCase.table.enumerated().map { $1.line(number: $0 + 1) }
        if ProcessInfo.processInfo.environment["TENON_WRITE_DOCS"] != nil {
            let head = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n| 1 |")[0]
            try (head + "\n" + rows.joined(separator: "\n") + "\n").write(
                to: page, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(
            text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| #") }.map(String.init)
                == rows)
    }
}

extension GraphCase {
    func line(number: Int) -> String {
        "| \(number) | \(rule) | `\(graph)` | \(given) | \(ran) | \(skipped) | \(outcome) |"
    }

    /// Runs the graph: what began in which order, what was skipped, and how it ended.
    func run() throws -> (ran: String, skipped: String, outcome: String) {
        let givens = given.split(separator: ",").map { $0.split(separator: " ").map(String.init) }
        let failing = Set(givens.filter { $0.last == "fails" }.map { $0[0] })
        let untrue = Set(givens.filter { $0.last == "false" }.map { $0[0] })
        var context: JSONObject = ["yes": true, "no": false]
        var words = graph.split(separator: " ").map(String.init)
        var more: JSONObject = [:]
        if words.first == "dag" {
            words.removeFirst()
            more["mode"] = "dag"
        }
        let steps = words.map { word in
            let step = GraphNotation.step(word)
            let name = step["name"]?.string ?? ""
            context["holds\(name)"] = failing.contains(name) ? "neither" : .bool(!untrue.contains(name))
            return step
        }
        var simulation = try Simulation(.workflow(steps, more), context: .object(context))
        var waves: [[String]] = [[]]
        try simulation.start()
        simulation.collectWave(into: &waves)
        while !simulation.calls.isEmpty {
            waves.append([])
            for call in simulation.calls {
                let name = simulation.machine.workflow.steps[call.step].name
                if failing.contains(name) { try simulation.fail(name) } else { try simulation.succeed(name) }
            }
            simulation.collectWave(into: &waves)
        }
        let skipped = simulation.machine.steps.indices.filter {
            simulation.machine.steps[$0].status == .skipped
        }
        let ran = waves.filter { !$0.isEmpty }.map { $0.joined(separator: "+") }.joined(separator: " ")
        return (
            ran, skipped.map { simulation.machine.workflow.steps[$0].name }.joined(separator: " "),
            simulation.machine.status.rawValue
        )
    }
}

extension Simulation {
    /// Adds the steps that have begun; a condition, which takes no time, stands alone.
    fileprivate mutating func collectWave(into waves: inout [[String]]) {
        for index in machine.takeChangedSteps() {
            let step = machine.workflow.steps[index]
            guard machine.steps[index].startedAt != nil, !waves.contains(where: { $0.contains(step.name) })
            else {
                continue
            }
            if step.type == .condition {
                waves += [[step.name], []]
            } else {
                waves[waves.count - 1].append(step.name)
            }
        }
    }
}

/// Reads one step of a graph's notation.
private enum GraphNotation {
    static func step(_ word: String) -> JSON {
        var rest = Substring(word)
        var object: JSONObject = ["name": .string(String(rest.prefix { $0 != "@" }))]
        let name = object["name"]?.string ?? ""
        object["type"] = "api-call"
        object["parameters"] = ["integrationId": "i", "action": "echo"]
        rest = rest.dropFirst(name.count + 1)
        object["order"] = .int(Int64(take(&rest)) ?? 0)
        while let mark = rest.first {
            rest = rest.dropFirst()
            switch mark {
            case "<":
                object["dependencies"] = .array(take(&rest).split(separator: ",").map { .string(String($0)) })
            case "!":
                var text = take(&rest)
                if text.hasPrefix("{") { text = String(text.dropFirst().dropLast()) }
                object["runIf"] = .string(text)
            case "~": object["continueOnError"] = true
            case ",": object["enabled"] = .bool(take(&rest) != "off")
            case "?":
                let yes = take(&rest)
                rest = rest.dropFirst()
                let no = take(&rest)
                object["type"] = "condition"
                var parameters: JSONObject = ["condition": .string("context.holds\(name)")]
                if yes != "-" { parameters["trueStep"] = .string(yes) }
                if no != "-" { parameters["falseStep"] = .string(no) }
                object["parameters"] = .object(parameters)
            default: break
            }
        }
        return .object(object)
    }

    private static func take(_ rest: inout Substring) -> String {
        let isList = rest.contains(",") && !rest.contains("off")
        let text = rest.prefix { !"<!~?:".contains($0) && (isList || $0 != ",") }
        rest = rest.dropFirst(text.count)
        return String(text)
    }
}
