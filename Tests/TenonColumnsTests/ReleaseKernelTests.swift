import Foundation
import Testing

/// What the compiler made of the hot kernels, in the release build.
///
/// A generic that was not specialised asks the runtime for the metadata of its types and calls through witness
/// tables, for each value. So the machine code of a kernel calls none of the runtime's functions for that.
@Suite struct ReleaseKernelTests {
    /// Of the packages' own folder, where `swift build -c release` puts them.
    private static let binaries = ["tenon", "tenon-cell", "libfiles.so"].map { name in
        URL(filePath: #filePath).appending(path: "../../../.build/release/\(name)").standardizedFileURL.path
    }.filter { FileManager.default.fileExists(atPath: $0) }

    private static let found: [String] = {
        if binaries.isEmpty { print("No release build: its kernels are not looked at.") }
        return binaries
    }()

    /// Types whose methods loop over rows or bytes, as symbols spell them.
    private static let kernels = [
        "$s12TenonColumns": [
            "6ColumnC", "10GroupTableC", "9AggregateC", "8KeyTableC", "9BatchWireO", "11ColumnCheckO",
        ],
        "$s12TenonBatches": [
            "10NumberTextO", "8TimeTextO", "9UTF8CheckO", "8CSVIndex", "12ColumnWriterC", "8TextSinkV",
        ],
    ]

    private static let forbidden = [
        "swift_getGenericMetadata", "swift_getWitnessTable", "swift_getAssociatedTypeWitness",
        "swift_getAssociatedConformanceWitness", "swift_dynamicCast", "swift_conformsToProtocol",
    ]

    private struct Function {
        let name: String
        let start: UInt64
        let size: UInt64
    }

    @Test(.enabled(if: !found.isEmpty, "there is no release build"), arguments: found)
    func `kernels of the release build are specialised`(binary: String) throws {
        let functions = try Self.functions(binary)
        #expect(functions.count >= 10, "\(binary) has hardly any kernels: are their symbols stripped?")
        for function in functions {
            let code = try Self.output(
                "objdump",
                [
                    "-d", "--no-show-raw-insn", "--start-address=\(function.start)",
                    "--stop-address=\(function.start + function.size)", binary,
                ])
            for line in code.split(separator: "\n") where line.contains("call") {
                let isForbidden = Self.forbidden.contains { line.contains($0) }
                #expect(!isForbidden, "\(function.name) in \(binary): \(line)")
            }
        }
    }

    /// The functions of the kernels, the largest first; loops are never the smallest.
    private static func functions(_ binary: String) throws -> [Function] {
        let symbols = try output("nm", ["-S", "--defined-only", binary])
        let all = symbols.split(separator: "\n").compactMap { line -> Function? in
            let parts = line.split(separator: " ")
            guard parts.count == 4, parts[2].lowercased() == "t", isKernel(parts[3]),
                let start = UInt64(parts[0], radix: 16), let size = UInt64(parts[1], radix: 16)
            else { return nil }
            return Function(name: String(parts[3]), start: start, size: size)
        }
        return Array(all.filter { $0.size >= 128 }.sorted { $0.size > $1.size }.prefix(150))
    }

    /// Not their initialisers, metadata and outlined copies; nor generics that are only there for others to
    /// specialise.
    private static func isKernel(_ symbol: Substring) -> Bool {
        guard symbol.hasSuffix("F") || symbol.contains("Tg5") || symbol.contains("TG5") else { return false }
        if symbol.hasSuffix("lF") { return false }
        return kernels.contains { module, types in
            guard symbol.hasPrefix(module) else { return false }
            let rest = symbol.dropFirst(module.count)
            return types.contains { rest.hasPrefix($0) }
        }
    }

    private static func output(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
