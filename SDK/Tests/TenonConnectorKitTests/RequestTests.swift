import TenonConnectorKit
import Testing

struct RequestTests {
    @Test func `a request for reading is taken apart`() throws {
        let json = try JSONValue(
            parsing: """
                {"stream": "s", "columns": [{"name": "a", "as": "text"}, {"name": "b"}], "limit": 5, "batchBytes": 9,
                 "filter": {"all": [{"column": "a", "operator": "in", "value": ["x", 1]}]}, "partition": {"n": 1}}
                """)
        let request = ReadRequest(json, checkpoint: [1])
        #expect(
            request.stream == "s" && request.limit == 5 && request.batchBytes == 9
                && request.checkpoint == [1])
        #expect(request.columns == [RequestedColumn("a", isText: true), RequestedColumn("b")])
        #expect(request.filter == [Comparison("a", "in", ["x", 1])])
        #expect(request.partition == ["n": 1])
        #expect(ReadRequest("{}", checkpoint: []).columns == nil)
    }

    @Test func `a filter in an unknown form is no filter`() throws {
        for filter in [#"{"any": []}"#, #"{"all": [{"column": "a"}]}"#, #"{"all": [1]}"#, "7"] {
            let json = try JSONValue(parsing: "{\"filter\": \(filter)}")
            let request = ReadRequest(json, checkpoint: [])
            #expect(request.filter == nil && request.hasUnknownFilter)
        }
        for json in ["{}", #"{"filter": null}"#, #"{"filter": {"all": []}}"#] {
            #expect(!ReadRequest(try JSONValue(parsing: json), checkpoint: []).hasUnknownFilter)
        }
    }

    @Test func `columns without a name and a limit that is no integer are unknown`() throws {
        let json = try JSONValue(parsing: #"{"columns": [{"name": "a"}, {"as": "text"}], "limit": "5"}"#)
        let request = ReadRequest(json, checkpoint: [])
        #expect(request.columns == nil && request.hasUnknownColumns)
        #expect(request.limit == nil && request.hasUnknownLimit)
    }

    @Test func `the limit behind an unknown filter is not taken either`() throws {
        let json = try JSONValue(parsing: #"{"filter": {"any": []}, "limit": 5}"#)
        let request = ReadRequest(json, checkpoint: [])
        #expect(request.limit == nil && request.hasUnknownLimit)
    }

    @Test func `an unknown mode of writing is refused with its place`() throws {
        let error = #expect(throws: ConnectorError.self) {
            try WriteRequest(["mode": "merge"], schema: BatchSchema([]))
        }
        #expect(error?.status == .invalidArgument && error?.fieldPath == "/mode")
        #expect(try WriteRequest([:], schema: BatchSchema([])).mode == .append)
    }

    @Test func `an older host is told nothing that it does not know`() throws {
        let host = FakeHost()
        host.recordsSize = 48
        try host.withRecords { pointer in
            Result { () throws in
                let records = Records(pointer)
                try records.skipped(5)
                #expect(!records.takesRejects)
                #expect(throws: ConnectorError.self) {
                    try records.reject(.badData, "bad", record: UnsafeRawBufferPointer(start: nil, count: 0))
                }
            }
        }.get()
        #expect(host.skipped == [] && host.rejected == [])
        host.recordsSize = MemoryLayout<tenon_records_t>.size
        try host.withRecords { pointer in
            Result { () throws in
                let records = Records(pointer)
                try records.skipped(0)
                try records.skipped(5)
                try Array("x,y".utf8).withUnsafeBytes { try records.reject(.badData, "bad", record: $0) }
            }
        }.get()
        #expect(host.skipped == [5] && host.rejected == ["-13 bad x,y"])
    }

    @Test func `a cancelled call wakes who waits, and says so`() {
        let host = FakeHost()
        host.isCancelled = true
        let woken = Woken()
        host.withCall { pointer in
            let call = Call(pointer)
            #expect(throws: ConnectorError.self) { try call.checkCancelled() }
            let answer = try? call.withCancellation({ woken.count += 1 }) { () throws(ConnectorError) in 7 }
            #expect(answer == 7)
        }
        #expect(woken.count == 1)
    }

    private final class Woken: @unchecked Sendable {
        // Unchecked: the fake host wakes on the same thread.
        var count = 0
    }
}
