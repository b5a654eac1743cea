import FoundationEssentials
import Testing

@testable import DescentDatasets

@Suite struct MNISTTests {
    @Test func theBundledSample() throws {
        let (train, test) = try MNIST.bundledSample()
        #expect(train.count == 5000 && test.count == 1000)
        for part in [train, test] {
            #expect(part.exampleShape == [28, 28] && part.featureCount == 784)
            #expect(part.features.elementType == .uint8)
            #expect(part.classNames == (0...9).map(String.init))
            #expect(part.nominalRange == 0...255)
            #expect(part.source == "bundled sample" && part.name == "MNIST sample")
            #expect(part.sha256?.count == 64)
        }
        // The first labels of the files at yann.lecun.com.
        #expect(train.labels.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
        #expect(test.labels.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
        // The brightness of the first training picture, and its size.
        let first = try train.features.values(as: Int.self).prefix(784)
        #expect(first.reduce(0, +) == 27_525 && first.max() == 255)
    }

    @Test func theDigits() throws {
        let digits = Digits.load()
        #expect(digits.count == 1797 && digits.exampleShape == [8, 8] && digits.nominalRange == 0...16)
        #expect(digits.labels.prefix(10) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        // The first row as scikit-learn's load_digits has it, and the classes' sizes.
        #expect(try values(digits).prefix(8) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(
            (0..<10).map { code in digits.labels.count { $0 == Int32(code) } }
                == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
        let parts = digits.split(validation: 0.25)
        #expect(parts.train.count == 1347 && parts.validation.count == 450)
    }

    @Test func aNamedFileIsReadWhoeverMadeIt() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/fashion.npz"
            try writeArchive(to: path)
            let (train, test) = try MNIST.load(path)
            #expect(train.count == 3 && test.count == 2)
            #expect(train.exampleShape == [2, 2])
            // The test set has a class that the training set lacks: both count it.
            #expect(train.classNames == ["1", "4", "9"] && test.classNames == train.classNames)
            #expect(train.labels == [2, 0, 0] && test.labels == [1, 0])
            #expect(train.nominalRange == 0...255)
            #expect(train.name == "fashion")
            #expect(train.source.hasPrefix("/") && train.source.hasSuffix("/fashion.npz"))
            let bytes = try contents(of: path)
            #expect(train.sha256 == bytes.withUnsafeBytes { SHA256.hexadecimal(of: $0) })
        }
    }

    @Test func placesAreTriedInOrder() throws {
        try withTemporaryFolder { folder in
            for name in ["data", "cache/descent", "home/.cache/descent"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            var environment = ["DESCENT_DATA": folder + "/data", "HOME": folder + "/home"]
            #expect(MNIST.location { environment[$0] } == nil)
            try write([0], to: folder + "/home/.cache/descent/mnist.npz")
            #expect(MNIST.location { environment[$0] } == folder + "/home/.cache/descent/mnist.npz")
            environment["XDG_CACHE_HOME"] = folder + "/cache"
            #expect(MNIST.location { environment[$0] } == nil)
            try write([0], to: folder + "/cache/descent/mnist.npz")
            #expect(MNIST.location { environment[$0] } == folder + "/cache/descent/mnist.npz")
            try write([0], to: folder + "/data/mnist.npz")
            #expect(MNIST.location { environment[$0] } == folder + "/data/mnist.npz")
            environment = ["DESCENT_DATA": "", "XDG_CACHE_HOME": "", "HOME": ""]
            #expect(MNIST.location { environment[$0] } == nil)
        }
    }

    // MARK: What is refused

    private func error(_ path: String) -> DatasetError? {
        do throws(DatasetError) {
            _ = try MNIST.load(path)
            return nil
        } catch { return error }
    }

    @Test func aNamedFileThatIsNotThereIsAnError() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/absent.npz"
            #expect(error(path)?.reason == .file(DataFileError(file: path, reason: .unreadable(code: 2))))
            #expect(error(path)?.description == "\(path): cannot be read: No such file or directory")
        }
    }

    @Test func filesThatAreNoNPZ() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/text.npz"
            try write(Array("not a zip archive".utf8), to: path)
            guard case .file(let failure) = error(path)?.reason else {
                Issue.record("no error of the file's reader")
                return
            }
            #expect(failure.file == path)
        }
    }

    @Test func archivesThatDoNotFit() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/data.npz"
            try writeArchive(to: path, leavingOut: ["y_test", "x_test"])
            #expect(
                error(path)?.reason == .missingArrays(["x_test", "y_test"], found: ["x_train", "y_train"]))
            try writeArchive(to: path, testShape: [2, 4])
            #expect(error(path)?.reason == .shapeMismatch(training: [3, 2, 2], test: [2, 4]))
            try writeArchive(to: path, trainLabels: [1, 2])
            #expect(error(path)?.reason == .countMismatch(features: 3, labels: 2))
            #expect(error(path)?.source.hasSuffix("data.npz: x_train, y_train") == true)
        }
    }

    private func writeArchive(
        to path: String, leavingOut left: [String] = [], testShape: [Int] = [2, 2, 2],
        trainLabels: [Int64] = [9, 1, 1]
    ) throws {
        let arrays: [(name: String, array: NumericArray)] = [
            ("x_train", NumericArray((0..<12).map { UInt8($0 * 20) }, shape: [3, 2, 2])),
            ("y_train", NumericArray(trainLabels)),
            ("x_test", NumericArray((0..<8).map { UInt8($0) }, shape: testShape)),
            ("y_test", NumericArray([4, 1] as [Int64])),
        ]
        try NPZArchive.write(arrays.filter { !left.contains($0.name) }, to: path)
    }
}
