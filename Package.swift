// swift-tools-version: 6.2
import PackageDescription

/// Swift 6 mode with warnings as errors; every module gets these.
let base: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
/// Modules that may touch raw memory leave strict memory safety out; all others prove that they do not.
let safe: [SwiftSetting] = base + [.strictMemorySafety()]
let staticRuntime: [LinkerSetting] = [.unsafeFlags(["-static-stdlib"])]
/// What Foundation's static archive needs besides.
let staticFoundation: [LinkerSetting] =
    staticRuntime
    + [
        "CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections",
        "FoundationEssentials",
        "FoundationInternationalization",
    ].map { .linkedLibrary($0) }

let ctenon: Target.Dependency = .product(name: "CTenon", package: "SDK")
let kit: Target.Dependency = .product(name: "TenonConnectorKit", package: "SDK")
let batches: Target.Dependency = .product(name: "TenonBatches", package: "SDK")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let gsqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

func nio(_ names: String...) -> [Target.Dependency] { names.map { .product(name: $0, package: "swift-nio") } }

func module(_ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = safe) -> Target
{
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: settings)
}
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["TenonTestKit"], path: "Tests/\(name)Tests",
        exclude: exclude, swiftSettings: base)
}

let package = Package(
    name: "tenon",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "tenon", targets: ["tenon"]),
        .executable(name: "tenon-cell", targets: ["tenon-cell"]),
        .library(name: "files", type: .dynamic, targets: ["FilesConnector"]),
    ],
    dependencies: [
        .package(path: "SDK"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    ],
    targets: [
        // 0: values, no I/O
        .target(name: "CPlatform", path: "Sources/CPlatform"),
        .systemLibrary(name: "CZlib", path: "Sources/CZlib"),
        .systemLibrary(name: "CSQLite", path: "Sources/CSQLite"),
        module("TenonModel", []),
        module("TenonJSON", [], base),
        module("TenonColumns", ["TenonModel", batches], base),
        module("TenonPattern", ["TenonModel"], base),
        module("TenonTime", ["TenonModel"]),
        module("TenonVersion", ["TenonModel"]),
        // 1
        module("TenonTransport", ["TenonModel", ctenon, "CPlatform"], base),
        module(
            "TenonExpression",
            ["TenonModel", "TenonJSON", "TenonColumns", "TenonPattern", "TenonTime", batches, crypto]),
        module("TenonSchema", ["TenonModel", "TenonJSON", "TenonPattern", "TenonTime"]),
        module("TenonSchedule", ["TenonModel", "TenonJSON", "TenonTime"]),
        module("TenonAPI", ["TenonModel", "TenonJSON"]),
        // 2
        module(
            "TenonWorkflow",
            ["TenonModel", "TenonJSON", "TenonExpression", "TenonSchema", "TenonSchedule", batches]),
        module(
            "TenonPipeline",
            [
                "TenonModel", "TenonJSON", "TenonExpression", "TenonColumns", "TenonSchema", "TenonPattern",
                "TenonSchedule", batches,
            ]),
        module(
            "TenonLoader", ["TenonModel", "TenonJSON", "TenonColumns", "CPlatform", ctenon, batches], base),
        module("TenonStore", ["TenonModel", "TenonJSON", grdb, gsqlite], base),
        // 3
        module(
            "TenonConnectors",
            [
                "TenonModel", "TenonJSON", "TenonSchema", "TenonColumns", "TenonLoader", "TenonTransport",
                "TenonStore", "TenonVersion", "TenonPattern",
                "CPlatform", "CZlib", "CSQLite", batches, crypto, logging, gsqlite,
            ], base),
        .executableTarget(
            name: "tenon-cell",
            dependencies: [
                "TenonLoader", "TenonTransport", "TenonModel", "TenonColumns", "CPlatform", ctenon,
            ],
            path: "Sources/tenon-cell", swiftSettings: base, linkerSettings: staticRuntime),
        // 4
        module(
            "TenonRuntime",
            [
                "TenonModel", "TenonJSON", "TenonExpression", "TenonSchema", "TenonColumns", "TenonWorkflow",
                "TenonPipeline", "TenonStore", "TenonConnectors", "TenonSchedule", "TenonTime", "CPlatform",
                logging, crypto,
            ], base),
        // 5
        module(
            "TenonServer",
            ["TenonAPI", "TenonModel", "TenonJSON", hummingbird, httpTypes, logging, crypto]
                + nio("NIOCore", "NIOHTTP1", "NIOPosix")),
        module(
            "TenonClient",
            [
                "TenonAPI", "TenonModel", "TenonJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ] + nio("NIOCore", "NIOHTTP1", "NIOPosix")),
        // 6
        .executableTarget(
            name: "tenon",
            dependencies: [
                "TenonModel", "TenonJSON", "TenonAPI", "TenonClient", "TenonServer", "TenonRuntime",
                "TenonConnectors",
                "TenonStore", "TenonLoader", "TenonColumns", "TenonWorkflow", "TenonSchedule", "TenonTime",
                "TenonVersion", "TenonExpression", "TenonSchema", hummingbird, httpTypes, logging,
                grdb,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ] + nio("NIOCore", "NIOPosix"), path: "Sources/tenon", swiftSettings: base,
            linkerSettings: staticFoundation),
        // Connectors in Swift: shared objects that bring their own Swift runtime and show one symbol.
        .target(
            name: "FilesConnector", dependencies: [kit, batches, ctenon, "CZlib"],
            path: "Plugins/Files/Sources",
            swiftSettings: base,
            linkerSettings: [
                .unsafeFlags([
                    "-static-stdlib", "-Xlinker",
                    "--version-script=\(Context.packageDirectory)/SDK/C/exports.map",
                ])
            ]),
        .target(
            name: "CFloors", dependencies: [ctenon], path: "Tests/Benchmarks/Floors",
            linkerSettings: [.linkedLibrary("sqlite3"), .linkedLibrary("dl")]),
        .executableTarget(
            name: "tenon-bench",
            dependencies: [
                "CFloors", "TenonColumns", "TenonConnectors", "TenonExpression", "TenonJSON", "TenonLoader",
                "TenonModel", "TenonPipeline", "TenonRuntime", "TenonSchedule", "TenonSchema", "TenonTime",
                "TenonWorkflow", batches, ctenon, logging,
            ], path: "Tests/Benchmarks/Sources", swiftSettings: base),
        module("TenonTestKit", ["TenonModel", "TenonJSON"], base),
        // The runners of third-party suites, for the tests and for any folder of the same form.
        .target(
            name: "TenonConformance",
            dependencies: [
                "TenonExpression", "TenonSchema", "TenonSchedule", "TenonTime", "TenonVersion", "TenonJSON",
                "TenonModel",
            ], path: "Tests/Conformance/Runners", swiftSettings: base),
        .executableTarget(
            name: "tenon-conformance", dependencies: ["TenonConformance"],
            path: "Tests/Conformance/Command", swiftSettings: base),
        tests("Conformance", ["TenonConformance"], exclude: ["misses.md", "counts.md"]),
        tests("TenonModel", ["TenonModel"]),
        tests("TenonPattern", ["TenonPattern", "TenonModel"]),
        tests("TenonTime", ["TenonTime", "TenonModel"]),
        tests("TenonVersion", ["TenonVersion", "TenonModel"]),
        tests("TenonSchedule", ["TenonSchedule", "TenonTime", "TenonModel", "TenonJSON"]),
        tests("TenonJSON", ["TenonJSON"]),
        tests("TenonColumns", ["TenonColumns", "TenonModel", ctenon]),
        tests(
            "TenonServer",
            ["TenonServer", "TenonAPI", "TenonModel", "TenonJSON", hummingbird, httpTypes, logging]
                + nio("NIOEmbedded", "NIOCore")),
        tests(
            "EndToEnd",
            [
                "TenonAPI", "TenonClient", "TenonModel", "TenonJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ] + nio("NIOCore", "NIOHTTP1")),
        tests("TenonExpression", ["TenonExpression", "TenonColumns", "TenonModel", "TenonJSON", batches]),
        tests(
            "TenonWorkflow",
            ["TenonWorkflow", "TenonExpression", "TenonSchedule", "TenonModel", "TenonJSON"]),
        tests(
            "TenonPipeline", ["TenonPipeline", "TenonColumns", "TenonSchedule", "TenonJSON", "TenonModel"]),
        tests("TenonSchema", ["TenonSchema", "TenonModel", "TenonJSON"]),
        tests("TenonStore", ["TenonStore", "TenonModel", "TenonJSON", grdb, gsqlite]),
        tests(
            "TenonConnectors",
            [
                "TenonConnectors", "TenonStore", "TenonSchema", "TenonLoader", "TenonModel", "TenonJSON",
                "TenonVersion", grdb,
                gsqlite, logging,
            ]),
        tests("TenonTransport", ["TenonTransport", "TenonModel", "CPlatform"]),
        tests("TenonLoader", ["TenonLoader", "TenonColumns", "TenonModel", "CPlatform", ctenon]),
        tests(
            "TenonCell",
            [
                "TenonConnectors", "TenonTransport", "TenonLoader", "TenonColumns", "TenonModel", "CPlatform",
                logging,
            ]),
        tests("Plugin", ["TenonConnectors", "TenonColumns", "TenonJSON", "TenonModel", logging]),
        // Random tables and plans, here and in other tools.
        tests(
            "Differential", ["TenonPipeline", "TenonColumns", "TenonJSON", "TenonModel"],
            exclude: ["peers.py"]),
        tests("Repository", []),
        // A host that tests kill.
        .executableTarget(
            name: "tenon-crash-fixture",
            dependencies: [
                "TenonRuntime", "TenonConnectors", "TenonStore", "TenonWorkflow", "TenonModel", "TenonJSON",
                logging,
            ], path: "Tests/Fixtures/CrashHost", swiftSettings: base),
        tests(
            "TenonRuntime",
            [
                "TenonRuntime", "TenonStore", "TenonConnectors", "TenonColumns", "TenonPipeline",
                "TenonWorkflow", "TenonSchedule", "TenonTime",
                "TenonModel", "TenonJSON", grdb, logging,
            ]),
    ]
)

// The fuzzers need a compiler runtime that other builds do without: make fuzz.
if let runtime = Context.environment["TENON_FUZZER_RUNTIME"] {
    // They look into these modules as tests do, and link a connector that is a shared object otherwise.
    for target in package.targets where ["FilesConnector", "TenonConnectors"].contains(target.name) {
        target.swiftSettings = base + [.unsafeFlags(["-enable-testing"])]
        target.linkerSettings = nil
    }
    package.targets.append(
        .executableTarget(
            name: "tenon-fuzz",
            dependencies: [
                "TenonExpression", "TenonJSON", "TenonModel", "TenonPattern", "TenonSchedule", "TenonSchema",
                "TenonTime", "TenonVersion", "TenonWorkflow", "TenonPipeline", "TenonColumns",
                "TenonTransport", "TenonConnectors", "FilesConnector", "CPlatform", "CSQLite", batches, kit,
                .product(name: "Yams", package: "Yams"),
            ], path: "Tests/Fuzzing", swiftSettings: base,
            linkerSettings: [.unsafeFlags([runtime]), .linkedLibrary("stdc++")]))
}
