import Foundation
import TenonModel

/// What the host itself takes: time to its first answer, memory when idle.
struct HostBenchmarks {
    let tenon: String
    let directory: String

    func run() throws {
        var starts: [Double] = []
        var memory = 0.0
        for round in 0..<5 {
            let process = Process()
            process.executableURL = URL(filePath: tenon)
            process.arguments = ["serve", "--data", directory + "/idle", "--listen", "127.0.0.1:0"]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            let start = SystemTime().monotonicNanoseconds()
            try process.run()
            // The host prints where it listens once it answers.
            _ = output.fileHandleForReading.availableData
            starts.append(Double(SystemTime().monotonicNanoseconds() - start) / 1e6)
            if round == 4 {
                Thread.sleep(forTimeInterval: 2)
                memory = try ProcessMemory.proportionalMegabytes(of: process.processIdentifier)
            }
            process.terminate()
            process.waitUntilExit()
        }
        let value = median(starts)
        Figure(name: "host.start", value: value, unit: "ms", goal: ("<= 150 ms", value <= 150)).print()
        Figure(name: "host.idle-memory", value: memory, unit: "MB PSS", goal: ("<= 60 MB", memory <= 60))
            .print()
    }
}
