import Foundation
import TenonConnectorKit
import Testing

/// The sample connector, through its C tables as a host uses them.
@Suite(.serialized)
struct ConnectorEntryTests {
    private let host = FakeHost()
    private let entry = tenonConnector()

    private func table<Table>(_ id: String, _: Table.Type) throws -> Table {
        let pointer = try #require(lent(id) { entry.pointee.capability($0) })
        return pointer.assumingMemoryBound(to: Table.self).pointee
    }

    private func instance(_ configuration: String) throws -> OpaquePointer {
        var instance: OpaquePointer?
        let made = host.withHost { host in
            self.host.withCall { call in lent("name") { entry.pointee.create(host, $0, call, &instance) } }
        }
        #expect(made == TENON_OK)
        let life = try table(TENON_INSTANCE_V1, tenon_instance_v1_t.self)
        let configured = host.withCall { call in lent(configuration) { life.configure(instance, call, $0) } }
        if configured == TENON_OK { #expect(host.withCall { life.open(instance, $0) } == TENON_OK) }
        return try #require(instance)
    }

    private func destroy(_ instance: OpaquePointer) throws {
        let life = try table(TENON_INSTANCE_V1, tenon_instance_v1_t.self)
        #expect(host.withCall { life.close(instance, $0) } == TENON_OK)
        life.destroy(instance)
    }

    @Test func `a connector offers what it conforms to, and the entry is always the same`() {
        #expect(entry == tenonConnector())
        #expect(entry.pointee.magic == TENON_MAGIC && entry.pointee.threading == TENON_THREADING_PER_HANDLE)
        for id in [TENON_INSTANCE_V1, TENON_SOURCE_V1, TENON_ACTION_V1] {
            #expect(lent(id) { entry.pointee.capability($0) } != nil)
        }
        for id in [TENON_TARGET_V1, "tenon.source/2", ""] {
            #expect(lent(id) { entry.pointee.capability($0) } == nil)
        }
    }

    @Test func `an action takes and gives JSON`() throws {
        let instance = try instance(#"{"greeting": "Hello"}"#)
        let actions = try table(TENON_ACTION_V1, tenon_action_v1_t.self)
        let status = host.withCall { call in
            host.withOutput { output in
                lent("greet") { name in
                    lent(#"{"name": "Ada \"A\""}"#) { actions.invoke(instance, call, name, $0, output) }
                }
            }
        }
        #expect(status == TENON_OK)
        #expect(host.documents == [#"{"text":"Hello, Ada \"A\""}"#])
        try destroy(instance)
    }

    @Test func `an error arrives with all that it says`() throws {
        let instance = try instance("{}")
        #expect(host.failure?.status == TENON_INVALID_ARGUMENT)
        #expect(host.failure?.fieldPath == "/greeting")
        let actions = try table(TENON_ACTION_V1, tenon_action_v1_t.self)
        // Not configured: the failed configuration left nothing.
        let status = host.withCall { call in
            host.withOutput { output in
                lent("greet") { name in lent("{}") { actions.invoke(instance, call, name, $0, output) } }
            }
        }
        #expect(status == TENON_INVALID_STATE)
        #expect(host.failure?.effect == TENON_EFFECT_NOT_APPLIED)
        try destroy(instance)
    }

    @Test func `what is no JSON is refused with its place`() throws {
        let instance = try instance("{")
        #expect(host.failure?.status == TENON_INVALID_ARGUMENT)
        #expect(host.failure?.message.contains("byte 1") == true)
        try destroy(instance)
    }

    @Test func `a reader hands out batches and goes on at a checkpoint`() throws {
        let instance = try instance(#"{"greeting": "", "count": 25000}"#)
        let source = try table(TENON_SOURCE_V1, tenon_source_v1_t.self)
        #expect(host.withCall { call in host.withItems { source.discover(instance, call, $0) } } == TENON_OK)
        let described = try JSONValue(parsing: host.documents.first ?? "")
        #expect(described["stream"] == "numbers")
        #expect(described["columns"]?.array?.first == ["name": "n", "type": "int64", "nullable": false])

        #expect(try read(instance, source, at: "") == 25_000)
        #expect(host.checkpoints == ["10000", "20000", "25000"])
        #expect(host.documents.last == #"{"columns":false,"filter":"none","limit":false}"#)
        #expect(try read(instance, source, at: "20000") == 5000)
        try destroy(instance)
    }

    private func read(_ instance: OpaquePointer, _ source: tenon_source_v1_t, at position: String) throws
        -> Int
    {
        host.rowCounts = []
        var reader: OpaquePointer?
        let bytes = Array(position.utf8)
        let opened = host.withCall { call in
            host.withOutput { honoured in
                bytes.withUnsafeBufferPointer { bytes in
                    let position = tenon_bytes_t(data: bytes.baseAddress, size: UInt64(bytes.count))
                    return lent(#"{"stream": "numbers"}"#) {
                        source.open_reader(instance, call, $0, position, honoured, &reader)
                    }
                }
            }
        }
        #expect(opened == TENON_OK)
        var status = TENON_OK
        while status == TENON_OK {
            status = host.withCall { call in host.withRecords { source.next(reader, call, $0) } }
        }
        #expect(status == TENON_END)
        source.close_reader(reader)
        return host.rowCounts.reduce(0, +)
    }

    @Test func `the sample of the README is the one that is tested here`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let sample = try String(contentsOf: folder.appending(path: "HelloConnector.swift"), encoding: .utf8)
        let readme = try String(contentsOf: folder.appending(path: "../../README.md"), encoding: .utf8)
        #expect(readme.contains("<!-- sample: HelloConnector.swift -->\n```swift\n\(sample)```\n"))
    }
}
