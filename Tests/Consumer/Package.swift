// swift-tools-version: 6.2
import PackageDescription

// A package of somebody else's, as far as Descent can tell: it depends on the library by its path and asks for
// nothing but `import Descent`. `make test` builds and runs it.
// The target Pages is the program of the documentation's code; most of it is written by `make pages`.
let package = Package(
    name: "consumer",
    dependencies: [
        .package(name: "descent", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "Consumer", dependencies: [.product(name: "Descent", package: "descent")]),
        .executableTarget(
            name: "Pages", dependencies: [.product(name: "Descent", package: "descent")]),
    ]
)
