// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "descent",
    products: [
        .library(name: "Descent", targets: ["Descent"]),
        .library(name: "DescentLinearAlgebra", targets: ["DescentLinearAlgebra"]),
        .executable(name: "descent", targets: ["DescentCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.0.2"),
    ],
    targets: [
        // C libraries.
        .systemLibrary(
            name: "CBLAS", path: "Modules/CBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .systemLibrary(
            name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]),
        // Loops that exist for several instruction sets, chosen at run time.
        .target(name: "CKernels", path: "Modules/CKernels"),
        // The bundled data sets, inside the binary, so that it can be moved.
        .target(
            name: "CBundledData", path: "Modules/CBundledData",
            exclude: ["mnist-sample.npz", "digits.npz", "README.md"]),

        // The rooms, in the order in which data passes through them.
        .target(
            name: "DescentLinearAlgebra",
            dependencies: ["CBLAS", "CKernels", .product(name: "RealModule", package: "swift-numerics")],
            path: "Sources/LinearAlgebra"),
        .target(
            name: "DescentDatasets",
            dependencies: ["CZlib", "CBundledData", "CKernels", "DescentLinearAlgebra"],
            path: "Sources/Datasets"),
        .target(
            name: "DescentOptimization",
            dependencies: [
                "CKernels", "DescentLinearAlgebra", "DescentDatasets",
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            path: "Sources/Optimization"),
        .target(
            name: "DescentModels",
            dependencies: [
                "CKernels", "DescentLinearAlgebra", "DescentDatasets", "DescentOptimization",
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            path: "Sources/Models"),
        .target(
            name: "DescentReports",
            dependencies: ["DescentLinearAlgebra", "DescentDatasets", "DescentOptimization"],
            path: "Sources/Reports"),
        .target(
            name: "Descent",
            dependencies: [
                "DescentLinearAlgebra", "DescentDatasets", "DescentOptimization", "DescentModels",
                "DescentReports",
            ],
            path: "Sources/Descent"),
        // What the documentation's experiments run: examples of the library's use.
        .target(
            name: "DescentExperiments",
            dependencies: [
                "Descent", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            path: "Sources/Experiments"),
        .executableTarget(
            name: "DescentCommand",
            dependencies: [
                "Descent", "DescentExperiments",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/CommandLine"),
        // What `make perf` runs.
        .executableTarget(
            name: "descent-perf",
            dependencies: [
                "Descent", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Benchmarks", exclude: ["Peers"]),

        // Counts what a test asks of the heap.
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(
            name: "LinearAlgebraTests", dependencies: ["CKernels", "DescentLinearAlgebra"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "DatasetsTests", dependencies: ["CKernels", "DescentDatasets", "CZlib"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "OptimizationTests",
            dependencies: ["AllocationCounter", "CKernels", "DescentOptimization", "DescentModels"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ModelsTests", dependencies: ["CKernels", "DescentModels"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ReportsTests", dependencies: ["DescentReports", "DescentDatasets"]),
        .testTarget(
            name: "BenchmarksTests",
            dependencies: [
                "descent-perf", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "ExperimentsTests", dependencies: ["DescentExperiments"]),
        .testTarget(
            name: "CommandLineTests", dependencies: ["DescentCommand"], exclude: ["Fixtures"]),

        // Reads the pages: links, pictures, commands, and the program that `make pages` makes of their code.
        .target(name: "PageChecks", path: "Tests/PageChecks"),
        .executableTarget(
            name: "page-tool", dependencies: ["PageChecks"], path: "Tests/PageTool",
            exclude: ["doc-comments.txt"]),
        .testTarget(
            name: "PagesTests", dependencies: ["PageChecks", "DescentCommand"], exclude: ["Fixtures"]),
    ]
)

// Only for building the site (`make docs`): whoever uses the library does not fetch the plugin. DESCENT_DOCS names the
// folder of a copy of `Sources/Descent` that has the pages of docs in its catalog.
if let folder = Context.environment["DESCENT_DOCS"] {
    package.targets.first { $0.name == "Descent" }?.path = folder
    package.dependencies.append(
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
