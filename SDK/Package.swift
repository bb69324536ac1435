// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "SDK",
    products: [
        .library(name: "CTenon", targets: ["CTenon"]),
        .library(name: "TenonBatches", targets: ["TenonBatches"]),
        .library(name: "TenonConnectorKit", targets: ["TenonConnectorKit"]),
    ],
    targets: [
        .target(
            name: "CTenon", path: "C", exclude: ["exports.map"], sources: ["layout_v1.c"],
            publicHeadersPath: "include"),
        .target(
            name: "TenonBatches", dependencies: ["CTenon"], path: "Swift/TenonBatches",
            swiftSettings: settings),
        .target(
            name: "TenonConnectorKit", dependencies: ["CTenon", "TenonBatches"],
            path: "Swift/TenonConnectorKit", swiftSettings: settings),
        .testTarget(
            name: "TenonBatchesTests", dependencies: ["TenonBatches"], path: "Tests/TenonBatchesTests",
            swiftSettings: settings),
        .testTarget(
            name: "TenonConnectorKitTests", dependencies: ["TenonConnectorKit", "TenonBatches", "CTenon"],
            path: "Tests/TenonConnectorKitTests", swiftSettings: settings),
    ]
)
