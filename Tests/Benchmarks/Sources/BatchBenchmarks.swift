import CFloors
import Logging
import TenonColumns
import TenonConnectors
import TenonModel

/// How fast record batches come through the border of a cell, validated and in the host's own memory.
struct BatchBenchmarks {
    let torrent: String
    let cell: String
    let directory: String
    private static let batchCount = 4000

    func run() throws {
        let connection = InstanceConnections.make(
            LaunchPlan(
                instanceName: "batches", libraryPath: torrent, cellPath: cell, runDirectory: directory),
            services: HostServices(state: NoState(), log: { _ in }), time: SystemTime(),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        try connection.start()
        defer { connection.stop() }
        _ = try bytesPerSecond(connection, batchCount: 200)
        var rates: [Double] = []
        var floors: [Double] = []
        for _ in 0..<5 {
            floors.append(floor_memcpy(1 << 20, 10_000))
            rates.append(try bytesPerSecond(connection, batchCount: Self.batchCount))
        }
        let value = median(rates) / 1e9
        Figure(
            name: "batch.border", value: value, unit: "GB/s",
            beside: ("memcpy of 1 MB", median(floors) / 1e9),
            goal: (">= 5 GB/s", value >= 5)
        ).print()
    }

    private func bytesPerSecond(_ connection: any InstanceConnection, batchCount: Int) throws -> Double {
        let request = #"{"stream":"batches","limit":\#(batchCount)}"#
        let reader = try connection.openReader(ReadRequest(requestJSON: Array(request.utf8)))
        defer { reader.close() }
        var byteCount = 0
        let start = SystemTime().monotonicNanoseconds()
        while let events = try reader.next() {
            for case .batch(let batch) in events { byteCount += batch.byteCount }
        }
        return Double(byteCount) / (Double(SystemTime().monotonicNanoseconds() - start) / 1e9)
    }
}
