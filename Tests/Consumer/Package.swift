// swift-tools-version: 6.2
import PackageDescription

// A package of somebody else's, as far as Descent can tell: it depends on the library by its path and asks for
// nothing but `import Descent`. `make test` builds and runs it.
let package = Package(
    name: "consumer",
    dependencies: [
        .package(name: "descent", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "Consumer", dependencies: [.product(name: "Descent", package: "descent")])
    ]
)
