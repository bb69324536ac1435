import CFloors
import CTenon
import Foundation
import Logging
import Synchronization
import TenonConnectors
import TenonLoader
import TenonModel

/// What a call costs, in the host and through a cell.
struct CallBenchmarks {
    let counter: String
    let cell: String
    let directory: String
    private static let input = #"{"id":"design-000001","cost":12.5,"tags":["a","b"],"ok":true}"#

    func run() throws {
        try inHost()
        try roundTrip()
        try cellStart()
        try crashNoticed()
    }

    /// A plan for the counting fixture connector.
    private func plan(_ name: String, _ isolation: Isolation) -> LaunchPlan {
        LaunchPlan(
            instanceName: name, libraryPath: counter, isolation: isolation, cellPath: cell,
            runDirectory: directory)
    }

    private func connection(_ name: String, _ isolation: Isolation) throws -> any InstanceConnection {
        let connection = InstanceConnections.make(
            plan(name, isolation), services: HostServices(state: NoState(), log: { _ in }),
            time: SystemTime(),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        try connection.start()
        return connection
    }

    private func inHost() throws {
        let library = try ConnectorLibrary(path: counter)
        let host = HostTable.make(version: "bench", log: { _, _, _ in })
        let frame = CallFrame()
        frame.begin(CallFrame.Facts(callID: 0))
        let instance = try "{}".withTenonText {
            try ConnectorInstance(library, host: host, name: "bench", configuration: $0, frame: frame)
        }
        let iterations: UInt64 = 2_000_000
        var ours: [Double] = []
        var floors: [Double] = []
        for _ in 0..<5 {
            floors.append(floor_action_call(counter, "noop", Self.input, iterations))
            ours.append(try nanoseconds(per: iterations, instance, frame))
        }
        let value = median(ours)
        let floor = median(floors)
        Figure(
            name: "call.in-host", value: value, unit: "ns", beside: ("C caller with the same structs", floor),
            goal: ("<= 3x", value <= 3 * floor)
        ).print()
    }

    private func nanoseconds(per iterations: UInt64, _ instance: ConnectorInstance, _ frame: CallFrame) throws
        -> Double
    {
        try "noop".withTenonText { name in
            try Self.input.withTenonText { input in
                let start = SystemTime().monotonicNanoseconds()
                for number in 0..<iterations {
                    frame.begin(CallFrame.Facts(callID: number))
                    try instance.invoke(name: name, input: input, frame: frame)
                }
                return Double(SystemTime().monotonicNanoseconds() - start) / Double(iterations)
            }
        }
    }

    private func roundTrip() throws {
        let connection = try connection("round-trip", .cell)
        defer { connection.stop() }
        let request = ActionRequest(action: "noop", input: Array(Self.input.utf8))
        var medians: [Double] = []
        var floors: [Double] = []
        for _ in 0..<5 {
            floors.append(floor_socketpair_round_trip(64, 20_000))
            medians.append(median((0..<20_000).map { _ in Self.nanoseconds(of: request, connection) }))
        }
        let value = median(medians)
        let floor = median(floors)
        Figure(
            name: "call.cell-round-trip", value: value / 1000, unit: "us",
            beside: ("raw socketpair round trip of 64 B", floor / 1000), goal: ("<= 2x", value <= 2 * floor)
        ).print()
    }

    /// The call that the workflow engine makes.
    private static func nanoseconds(of request: ActionRequest, _ connection: any InstanceConnection) -> Double
    {
        let done = Atomic<Bool>(false)
        let semaphore = DispatchSemaphore(value: 0)
        let start = SystemTime().monotonicNanoseconds()
        connection.invoke(request) { _ in
            done.store(true, ordering: .releasing)
            semaphore.signal()
        }
        if !done.load(ordering: .acquiring) { semaphore.wait() }
        return Double(SystemTime().monotonicNanoseconds() - start)
    }

    /// From the end of a cell's process until its instance knows.
    private func crashNoticed() throws {
        var times: [Double] = []
        for _ in 0..<20 {
            let connection = try connection("crash", .cell)
            defer { connection.stop() }
            guard let process = (connection as? CellConnection)?.processID, process != 0 else { continue }
            let start = SystemTime().monotonicNanoseconds()
            kill(process, SIGKILL)
            while connection.status == .ready { usleep(50) }
            times.append(Double(SystemTime().monotonicNanoseconds() - start) / 1e6)
        }
        let value = median(times)
        Figure(
            name: "cell.crash-noticed", value: value, unit: "ms", goal: ("<= 10 ms", value <= 10)
        ).print()
    }

    private func cellStart() throws {
        var starts: [Double] = []
        for _ in 0..<20 {
            let start = SystemTime().monotonicNanoseconds()
            let connection = try connection("start", .cell)
            starts.append(Double(SystemTime().monotonicNanoseconds() - start) / 1e6)
            connection.stop()
        }
        let value = median(starts)
        Figure(
            name: "cell.ready", value: value, unit: "ms",
            goal: ("<= 10 ms: spawn, load, configure, open", value <= 10)
        ).print()
        let connection = try connection("memory", .cell)
        defer { connection.stop() }
        let megabytes = try ProcessMemory.proportionalMegabytes(ofChildNamed: "tenon-cell")
        Figure(
            name: "cell.memory", value: megabytes, unit: "MB PSS", goal: ("<= 10 MB", megabytes <= 10)
        ).print()
    }
}

/// No values, as for a connector that keeps none.
struct NoState: StateStorage {
    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]? { nil }
    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure) {}
    func remove(instance: String, key: String) throws(CallFailure) {}
}

extension String {
    /// Calls `body` with this text in the form of the ABI.
    func withTenonText<Result>(_ body: (tenon_str_t) throws -> Result) rethrows -> Result {
        var text = self
        return try text.withUTF8 { bytes in
            try bytes.withMemoryRebound(to: CChar.self) {
                try body(tenon_str_t(data: $0.baseAddress, size: UInt64($0.count)))
            }
        }
    }
}
