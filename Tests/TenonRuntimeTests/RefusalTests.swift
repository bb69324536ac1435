import GRDB
import TenonJSON
import TenonModel
import TenonStore
import Testing

@testable import TenonRuntime

/// What the engine keeps, and what it does where the database takes everything but one execution's rows.
@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
    @Test func `an execution whose rows are refused fails, and all others go on`() async throws {
        let host = try EngineHost(["there": InProcessConnection { _ in .now(.success([])) }])
        try host.host.store.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON steps WHEN NEW.status = 'completed'
                        AND NEW.execution = 1 BEGIN SELECT RAISE(ABORT, 'not this one'); END
                    """)
        }
        let workflow = try host.save([call("A", order: 0), call("B", order: 1)])
        let refused = try host.host.executeWorkflow(workflow, context: [:])
        var others: [ExecutionID] = []
        for _ in 0..<20 { others.append(try host.host.executeWorkflow(workflow, context: [:])) }
        #expect(await host.host.whenFinished(refused, within: .seconds(5)))
        let record = try host.host.execution(refused)
        #expect(record.status == "failed")
        #expect(record.error?["message"]?.string?.contains("not this one") == true)
        for other in others {
            #expect(await host.host.whenFinished(other, within: .seconds(5)))
            #expect(try host.host.execution(other).status == "completed")
        }
    }

    @Test func `steps that are over leave no timers behind`() async throws {
        let host = try EngineHost(["there": InProcessConnection { _ in .now(.success([])) }])
        let steps = (0..<20).map { call("step \($0)", order: $0, ["timeout": "1h"]) }
        let workflow = try host.save(steps, durability: "relaxed")
        for _ in 0..<50 {
            let id = try host.host.executeWorkflow(workflow, context: [:])
            #expect(await host.host.whenFinished(id, within: .seconds(5)))
            #expect(try host.host.execution(id).status == "completed")
        }
        #expect(host.host.engine.timers.count <= 200)
    }
}
