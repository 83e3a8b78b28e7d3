// swift-tools-version: 6.2
import PackageDescription

/// Debug builds keep their checks but optimise the numerics. Otherwise the golden sweeps would take some fifty
/// times as long.
let numerics: [SwiftSetting] = [
    .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
]

let package = Package(
    name: "kdsweep",
    // Exact versions: the same clone gives the same program, and so the same bytes.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        // Installed with ZeroMQ, which uses it for encryption.
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libzmq3-dev"])]),
        .target(name: "Host"),
        .target(
            name: "Sweep",
            dependencies: ["CSodium", .product(name: "Yams", package: "Yams")]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .target(
            name: "LinearAlgebra", dependencies: ["CElementwise", "COpenBLAS"],
            swiftSettings: numerics),
        .target(
            name: "CElementwise",
            cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
        .target(
            name: "Distillation", dependencies: ["CElementwise", "LinearAlgebra", "Sweep"],
            swiftSettings: numerics),
        .target(
            name: "Scheduling",
            dependencies: [.product(name: "HeapModule", package: "swift-collections")]),
        .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .target(name: "ZeroMQ", dependencies: ["CZeroMQ"]),
        .target(
            name: "Cluster",
            dependencies: [
                "Host", "Sweep", "Scheduling", "ZeroMQ",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Protocol/messages.proto"]),
        .target(
            name: "Results",
            dependencies: [
                "Figures", "Host", "Sweep",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(name: "Figures", dependencies: ["Host", "Sweep"]),
        // The page is embedded in the executable, which may be installed without any files beside it.
        .target(
            name: "Dashboard",
            dependencies: [
                "Figures", "Host",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            resources: [.embedInCode("Page")]),
        .executableTarget(
            name: "kdsweep",
            dependencies: [
                "Cluster", "Dashboard", "Distillation", "Figures", "Host", "LinearAlgebra",
                "Results", "Sweep",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            // Coordinator and workers compare their build ids to find out whether they are of one build.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--build-id=sha1"])]),
        .executableTarget(
            name: "Benchmark",
            dependencies: [
                "Cluster", "COpenBLAS", "Distillation", "LinearAlgebra", "Results", "Scheduling",
                "Seeded", "Sweep", "ZeroMQ",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["README.md"]),
        .testTarget(
            name: "SweepTests", dependencies: ["Seeded", "Sweep"], resources: [.copy("Fixtures")]),
        .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
        .testTarget(
            name: "DistillationTests",
            dependencies: ["CElementwise", "Distillation", "LinearAlgebra", "Seeded", "Sweep"],
            resources: [.copy("Fixtures")]),
        .target(name: "Seeded", path: "Tests/Seeded"),
        .target(name: "Waiting", path: "Tests/Waiting"),
        .executableTarget(name: "Crowd", path: "Tests/Crowd"),
        .executableTarget(
            name: "Exhibit", dependencies: ["Dashboard", "Figures"], path: "Tests/Exhibit"),
        .testTarget(name: "SchedulingTests", dependencies: ["Scheduling", "Seeded"]),
        .testTarget(name: "BenchmarkTests", dependencies: ["Benchmark", "Scheduling"]),
        .testTarget(name: "ZeroMQTests", dependencies: ["ZeroMQ"]),
        .testTarget(
            name: "ClusterTests",
            dependencies: ["Cluster", "Host", "Scheduling", "Seeded", "Sweep", "Waiting"]),
        .testTarget(name: "HostTests", dependencies: ["Host"]),
        .testTarget(
            name: "ResultsTests", dependencies: ["Host", "Results", "Seeded", "Sweep"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "FiguresTests", dependencies: ["Figures", "Results", "Seeded", "Sweep"]),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard", "Figures", .product(name: "FlyingFox", package: "FlyingFox"),
            ]),
        .testTarget(
            name: "kdsweepTests",
            dependencies: [
                "kdsweep", "Cluster", "Crowd", "Dashboard", "Distillation", "Exhibit",
                "Host", "LinearAlgebra", "Results", "Seeded", "Sweep", "Waiting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Snapshots"], resources: [.copy("Fixtures")]),
    ],
    swiftLanguageModes: [.v6]
)

// Continuous integration accepts no warning; a user's newer compiler may have new ones.
if Context.environment["CI"] != nil {
    for target in package.targets where target.type != .system {
        target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
    }
}
