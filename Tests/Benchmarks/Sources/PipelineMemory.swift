import Foundation
import Synchronization
import TenonJSON
import TenonModel

/// How much memory host and cells take together while a file passes that is far larger.
struct PipelineMemory {
    let host: PipelineHost
    /// A file of the comparison data, written so often that about 4 GB come together.
    let source: String
    private static let copies = 10

    func run() throws {
        let name = "large.csv"
        let byteCount = try makeLarge(host.output + "/" + name)
        defer { try? FileManager.default.removeItem(atPath: host.output + "/" + name) }
        let job = PipelineJob(
            name: "pipeline.memory", input: name, output: "large-out.csv",
            rowCount: 5_000_000 * Self.copies, source: "files")
        let pipeline = try host.save(job)
        let idle = try Self.megabytes()
        let peak = Mutex(0.0)
        let isDone = Atomic(false)
        let sampler = Thread {
            while !isDone.load(ordering: .acquiring) {
                // A cell may end while it is looked at.
                if let now = try? Self.megabytes() { peak.withLock { $0 = max($0, now) } }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        sampler.start()
        let seconds = try host.seconds(pipeline)
        isDone.store(true, ordering: .releasing)
        let above = peak.withLock { $0 } - idle
        Figure(
            name: "pipeline.memory", value: above, unit: "MB PSS above idle",
            goal: ("<= 256 MB for a file of 4 GB", above <= 256),
            notes: [
                "idle": .double(idle), "fileGB": .double(Double(byteCount) / 1e9),
                "recordsPerSecond": .double((Double(job.rowCount) / seconds).rounded()),
            ]
        ).print()
    }

    private static func megabytes() throws -> Double {
        let own = ProcessInfo.processInfo.processIdentifier
        return try ([own] + ProcessMemory.children(of: own))
            .reduce(0) { try $0 + ProcessMemory.proportionalMegabytes(of: $1) }
    }

    private func makeLarge(_ path: String) throws -> Int {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let output = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? output.close() }
        for copy in 0..<Self.copies {
            let input = try FileHandle(forReadingFrom: URL(filePath: source))
            defer { try? input.close() }
            var isFirst = true
            while var piece = try input.read(upToCount: 8 << 20), !piece.isEmpty {
                // Only the first copy brings the names of the columns.
                if isFirst, copy > 0, let end = piece.firstIndex(of: 0x0A) { piece = piece[(end + 1)...] }
                isFirst = false
                try output.write(contentsOf: piece)
            }
        }
        return Int(try output.offset())
    }
}
