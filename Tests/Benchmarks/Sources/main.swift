import Foundation
import TenonModel

// Prints one JSON line for each figure. Release builds only: anything else measures the compiler.
let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
let scratch = FileManager.default.temporaryDirectory.appending(path: "tenon-bench-\(UUID().uuidString)").path
try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: scratch) }
let wanted = CommandLine.arguments.dropFirst()

func isWanted(_ suite: String) -> Bool { wanted.isEmpty || wanted.contains(suite) }

let counter = products.appending(path: "stage/counter/lib/linux-x86_64/counter.so").path
let torrent = products.appending(path: "stage/torrent/lib/linux-x86_64/torrent.so").path
let package = products.appending(path: "bench/counter-1.0.0.tenon").path
let cell = products.appending(path: "tenon-cell").path
let tenon = products.appending(path: "tenon").path

if isWanted("definitions") { try DefinitionBenchmarks().run() }
if isWanted("calls") { try CallBenchmarks(counter: counter, cell: cell, directory: scratch).run() }
if isWanted("batches") { try BatchBenchmarks(torrent: torrent, cell: cell, directory: scratch).run() }
if isWanted("steps") { try StepBenchmarks(cell: cell, package: package, directory: scratch).run() }
if isWanted("host") { try HostBenchmarks(tenon: tenon, directory: scratch).run() }
let files = products.appending(path: "stage/files/lib/linux-x86_64/files.so").path
if isWanted("memory") { try MemoryBenchmarks(files: files, cell: cell, directory: scratch).run() }
if isWanted("pipelines") || wanted.contains(where: { $0.hasPrefix("pipeline.") }) {
    let packages = ["files", "sqlite"].map {
        products.appending(path: "connectors/\($0)-1.0.0.tenon").path
    }
    try PipelineBenchmarks.run(cell: cell, packages: packages, directory: scratch)
}
