import TenonColumns
import TenonModel
import TenonTestKit
import Testing

@testable import TenonConnectors

@Suite struct StreamTests {
    private func read(_ bench: CellBench, _ request: String, checkpoint: [UInt8] = []) throws -> [RecordEvent]
    {
        let reader = try bench.connection.openReader(
            ReadRequest(requestJSON: Array(request.utf8), checkpoint: checkpoint))
        defer { reader.close() }
        var events: [RecordEvent] = []
        while let some = try reader.next() { events += some }
        return events
    }

    private func rowCount(_ events: [RecordEvent]) -> Int {
        events.reduce(0) { total, event in
            if case .batch(let batch) = event { total + batch.rowCount } else { total }
        }
    }

    @Test(arguments: ["arrow", "ndjson"], [Isolation.cell, .host])
    func `all rows of a stream arrive`(kind: String, isolation: Isolation) throws {
        let configuration = #"{"rows":25000,"batchRows":1000,"kind":"\#(kind)"}"#
        try CellBench.run("counter", configuration: configuration, isolation: isolation) { bench in
            let events = try read(bench, #"{"stream":"numbers"}"#)
            #expect(rowCount(events) == 25000)
            guard case .schema(let schema)? = events.first else {
                Issue.record("the first event is not the schema")
                return
            }
            #expect(schema.names == ["id", "name", "value"])
        }
    }

    @Test func `a lane serves one stream after the other`() throws {
        try CellBench.run("counter", configuration: #"{"rows":3000,"batchRows":500}"#) { bench in
            for _ in 0..<5 {
                let events = try read(bench, #"{"stream":"numbers"}"#)
                #expect(rowCount(events) == 3000)
            }
        }
    }

    @Test func `a stream that is closed early does not keep the cell`() throws {
        try CellBench.run("misbehave") { bench in
            let reader = try bench.connection.openReader(
                ReadRequest(requestJSON: Array(#"{"stream":"endless"}"#.utf8)))
            _ = try reader.next()
            let before = bench.processID
            reader.close()
            #expect(bench.echoes("1"))
            #expect(bench.processID == before)
        }
    }

    @Test(arguments: [
        "bad-format", "bad-top-level", "bad-offsets", "bad-utf8", "bad-buffer-count", "bad-children",
        "bad-released", "mixed-kinds", "batch-before-schema", "schema-twice", "huge-checkpoint",
        "bad-row-count", "bad-late", "bad-reject", "bad-skip",
    ])
    func `a source that breaks the contract fails, and the cell goes on`(stream: String) throws {
        try CellBench.run("misbehave") { bench in
            let before = bench.processID
            #expect(throws: CallFailure.self) { try read(bench, #"{"stream":"\#(stream)"}"#) }
            #expect(bench.echoes("1"))
            #expect(bench.processID == before)
        }
    }

    @Test(arguments: [Isolation.cell, .host])
    func `what a source left out, rejected and has read arrives in order`(isolation: Isolation) throws {
        try CellBench.run("misbehave", isolation: isolation) { bench in
            let events = try read(bench, #"{"stream":"picky"}"#)
            let order = events.compactMap { event -> String? in
                switch event {
                case .schema(let schema): "late \(schema.fields[1].late?.name ?? "")"
                case .batch(let batch): "\(batch.rowCount) rows"
                case .checkpoint(let position): String(decoding: position, as: UTF8.self)
                case .rejected(let records): records.map { "\($0.row) \($0.reason): \($0.record)" }.joined()
                case .skipped(let count): "left out \(count)"
                case .progress: nil
                }
            }
            #expect(
                order == [
                    "late date32", "3 rows", "7 a.csv, line 9, column id: x,four", "left out 5", "nine",
                ])
            let steps = events.compactMap { event -> [UInt64]? in
                if case .progress(let done, let total) = event { [done, total] } else { nil }
            }
            #expect(steps == [[10, 20], [20, 20]])
        }
    }

    @Test func `a column of a type outside the contract is named`() throws {
        try CellBench.run("misbehave") { bench in
            do {
                _ = try read(bench, #"{"stream":"bad-format"}"#)
                Issue.record("nothing was thrown")
            } catch let failure as CallFailure {
                #expect(failure.message.contains("name"))
            }
        }
    }

    @Test func `a source that crashes midway fails its reader and the next one works`() throws {
        try CellBench.run("misbehave") { bench in
            do {
                _ = try read(bench, #"{"stream":"crash-midway"}"#)
                Issue.record("nothing was thrown")
            } catch let failure as CallFailure {
                #expect(failure.status == .unavailable)
                #expect(failure.errorClass == .transient)
            }
            let events = try read(bench, #"{"stream":"good"}"#)
            #expect(rowCount(events) == 3)
        }
    }

    @Test func `cancel wakes a reader whose source hangs`() throws {
        try CellBench.run("misbehave") { bench in
            let reader = try bench.connection.openReader(
                ReadRequest(requestJSON: Array(#"{"stream":"hang-midway"}"#.utf8)))
            _ = try reader.next()
            reader.cancel()
            #expect(throws: CallFailure.self) { while try reader.next() != nil {} }
            reader.close()
            #expect(bench.echoes("1"))
        }
    }

    @Test func `a handle that is closed cancels nothing of the next stream on its lane`() throws {
        try CellBench.run("misbehave") { bench in
            let first = try bench.connection.openReader(
                ReadRequest(requestJSON: Array(#"{"stream":"good"}"#.utf8)))
            while try first.next() != nil {}
            first.close()
            let second = try bench.connection.openReader(
                ReadRequest(requestJSON: Array(#"{"stream":"patient"}"#.utf8)))
            defer { second.close() }
            first.cancel()
            var events: [RecordEvent] = []
            while let some = try second.next() { events += some }
            #expect(rowCount(events) == 3)
        }
    }

    /// Their batches take room on the way, though their columns have no bytes.
    @Test(.timeLimit(.minutes(1)))
    func `columns of nothing but nulls do not fill the ring for ever`() throws {
        try CellBench.run("misbehave") { bench in
            let events = try read(bench, #"{"stream":"hollow"}"#)
            #expect(rowCount(events) == 300)
        }
    }

    @Test(arguments: [Isolation.cell, .host])
    func `a target takes batches and stores its sequence`(isolation: Isolation) throws {
        let directory = TemporaryDirectory()
        let configuration = #"{"rows":2000,"batchRows":500,"path":"\#(directory.path)"}"#
        try CellBench.run("counter", configuration: configuration, isolation: isolation) { bench in
            let request = Array(
                #"{"job":"j","stream":"s","mode":"append","keys":[],"createIfMissing":true}"#.utf8)
            let batches = try read(bench, #"{"stream":"numbers"}"#).compactMap { event in
                if case .batch(let batch) = event { batch } else { nil }
            }
            let schema = try #require(batches.first).schema
            let writer = try bench.connection.openWriter(WriteRequest(requestJSON: request, schema: schema))
            #expect(writer.committedSequence == 0)
            for batch in batches { _ = try writer.write(batch) }
            try writer.commit(1)
            writer.close()
            let again = try bench.connection.openWriter(WriteRequest(requestJSON: request, schema: schema))
            #expect(again.committedSequence == 1)
            again.close()
            let tally = try bench.invoke("tally", #"{"job":"j","stream":"s"}"#)
            #expect(tally.contains("2000"))
        }
    }

    @Test func `state is asked from the host inside a call`() throws {
        try CellBench.run("misbehave") { bench in
            _ = try bench.invoke("state", #"{"operation":"put","key":"k","value":"v"}"#)
            let value = try bench.invoke("state", #"{"operation":"get","key":"k"}"#)
            #expect(value.contains("v"))
            #expect(try bench.state.get(instance: "bench", key: "k") != nil)
        }
    }

    @Test func `lines of the log service arrive, and a flood of them is counted`() throws {
        try CellBench.run("misbehave") { bench in
            _ = try bench.invoke("log", #"{"level":2,"message":"look","fields":{"a":1}}"#)
            #expect(bench.waitUntil { bench.lines.contains { $0.message == "look" && $0.level == .warning } })
            _ = try bench.invoke("log", #"{"level":1,"message":"flood","count":20000}"#)
            #expect(bench.echoes("1"))
            #expect(bench.lines.count < 5000)
        }
    }
}
