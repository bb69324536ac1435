internal import Foundation

// Fuzzes one parser: tenon-fuzz TARGET FOLDER [libFuzzer options]. FOLDER keeps what the search has found; a file
// instead is run once, as what was found before.

/// libFuzzer's way in for programs that bring their own `main`.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

let arguments = CommandLine.arguments
guard arguments.count >= 3, let chosen = FuzzTarget.all.first(where: { $0.name == arguments[1] }) else {
    print("usage: tenon-fuzz TARGET FOLDER [-max_total_time=600 ...]")
    print("targets: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
    exit(2)
}
let target = chosen
if !isFile(arguments[2]) { try plantSeeds(of: target, in: arguments[2]) }

func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
}

/// A function of its own, so that nothing of it is alive, and taken for a leak, at the end.
func plantSeeds(of target: FuzzTarget, in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let files = target.seedFiles.compactMap { FileManager.default.contents(atPath: $0) }
    let made = target.madeSeeds().map { Data($0) }
    for (number, seed) in (target.seeds.map { Data($0.utf8) } + files + made).enumerated() {
        try seed.write(to: URL(filePath: "\(folder)/seed-\(number)"))
    }
}

var driverArguments: [UnsafeMutablePointer<CChar>?] =
    ([arguments[0]] + arguments.dropFirst(2)).map { strdup($0) } + [nil]
var count = CInt(driverArguments.count - 1)
driverArguments.withUnsafeMutableBufferPointer { buffer in
    // Not nil: the array has at least the program's name.
    var base = buffer.baseAddress!
    exit(
        runFuzzer(&count, &base) { bytes, length in
            target.run(bytes.map { Array(UnsafeBufferPointer(start: $0, count: length)) } ?? [])
            return 0
        })
}
