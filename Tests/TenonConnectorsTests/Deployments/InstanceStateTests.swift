@testable internal import TenonConnectors
internal import TenonModel
internal import TenonStore
internal import TenonTestKit
internal import Testing

@Suite struct InstanceStateTests {
    private let temporary = TemporaryDirectory()
    private let store: Store
    private let id = InstanceID("instance-1")

    init() throws {
        store = try Store.open(directory: temporary.file("data"), time: ManualTime())
        for id in ["instance-1", "instance-2"] { try insert(InstanceID(id)) }
    }

    private var state: InstanceState { InstanceState(store: store, id: id) }

    /// An instance with the rows that it refers to.
    private func insert(_ id: InstanceID) throws {
        let time = Timestamp(milliseconds: 0)
        try store.write { database in
            let digest = Digest("digest-\(id)")
            try PackageTable.insert(
                PackageRow(digest: digest, name: "\(id)", version: "1.0.0", manifest: "{}"), in: database)
            try ConnectorTable.insert(
                ConnectorRow(
                    id: ConnectorID("\(id)"), name: "c", description: "", type: "action", createdAt: time),
                in: database)
            var row = InstanceRow(
                id: id, connectorID: ConnectorID("\(id)"), projectID: ProjectID("p"),
                integrationID: IntegrationID("\(id)"))
            row.packageDigest = digest
            try InstanceTable.insert(row, in: database)
        }
    }

    private func status(_ body: () throws -> Void) -> CallStatus? {
        do {
            try body()
            return nil
        } catch {
            return (error as? CallFailure)?.status
        }
    }

    @Test func `a value is kept, replaced and removed`() throws {
        #expect(try state.get(instance: "", key: "a") == nil)
        try state.put(instance: "", key: "a", value: [1, 0, 255])
        #expect(try state.get(instance: "", key: "a") == [1, 0, 255])
        try state.put(instance: "", key: "a", value: [])
        #expect(try state.get(instance: "", key: "a") == [])
        try state.remove(instance: "", key: "a")
        try state.remove(instance: "", key: "a")
        #expect(try state.get(instance: "", key: "a") == nil)
    }

    @Test func `instances do not see each other's values, whatever they are called`() throws {
        try state.put(instance: "same", key: "a", value: [1])
        let other = InstanceState(store: store, id: InstanceID("instance-2"))
        #expect(try other.get(instance: "same", key: "a") == nil)
    }

    @Test func `values go with the instance`() throws {
        try state.put(instance: "", key: "a", value: [1])
        try store.write { try InstanceTable.remove(id, in: $0) }
        #expect(try store.read { try StateTable.count(of: id, in: $0) } == 0)
    }

    @Test func `keys and values have limits`() throws {
        #expect(status { try state.put(instance: "", key: "", value: []) } == .invalidArgument)
        let long = String(repeating: "k", count: 129)
        #expect(status { try state.put(instance: "", key: long, value: []) } == .invalidArgument)
        let large = [UInt8](repeating: 0, count: 65_537)
        #expect(status { try state.put(instance: "", key: "a", value: large) } == .invalidArgument)
        try store.write { database in
            for number in 0..<1000 { try StateTable.put(id, "key\(number)", [1], in: database) }
        }
        #expect(status { try state.put(instance: "", key: "one more", value: []) } == .resourceExhausted)
        try state.put(instance: "", key: "key7", value: [2])
        #expect(try state.get(instance: "", key: "key7") == [2])
    }
}
