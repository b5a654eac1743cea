import Foundation
import Testing

@Suite struct ConvertCommandTests {
    private func bytes(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: path)))
    }

    private func convert(_ arguments: String...) throws {
        let outcome = try Command.run(["convert"] + arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
    }

    /// Round every format and back to NumPy's own bytes.
    @Test func goesThroughEveryFormat() throws {
        try withTemporaryFolder { folder in
            let original = dataFixture("image.npy")
            try convert(original, "\(folder)/image.npz")
            try convert("\(folder)/image.npz", "\(folder)/image.idx")
            try convert("\(folder)/image.idx", "\(folder)/image.gz")
            try convert("\(folder)/image.gz", "\(folder)/image.npz", "--compress", "--force")
            try convert("\(folder)/image.npz", "\(folder)/image.npy")
            #expect(try bytes("\(folder)/image.npy") == bytes(original))
            // CSV keeps the values; the type and the further axes are gone.
            try convert("\(folder)/image.npy", "\(folder)/image.csv")
            let rows = try String(contentsOfFile: "\(folder)/image.csv", encoding: .utf8).split(
                separator: "\n")
            #expect(rows.count == 4)
            #expect(rows[0].split(separator: ",").count == 784)
            try convert("\(folder)/image.csv", "\(folder)/flat.npy", "--dtype", "uint8")
            #expect(try bytes("\(folder)/flat.npy").suffix(3136) == bytes(original).suffix(3136))
        }
    }

    private static func idx(_ shape: [UInt8], _ values: [UInt8]) -> [UInt8] {
        [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, $0] } + values
    }

    @Test func findsTheFilesOfMNISTInAFolder() throws {
        try withTemporaryFolder { folder in
            let files: [(String, [UInt8])] = [
                ("t10k-labels-idx1-ubyte", Self.idx([1], [7])),
                ("t10k-images-idx3-ubyte", Self.idx([1, 1, 2], [1, 2])),
                ("train-labels-idx1-ubyte", Self.idx([2], [3, 4])),
                ("train-images-idx3-ubyte", Self.idx([2, 1, 2], [5, 6, 7, 8])),
                ("README", Array("not this".utf8)),
            ]
            for (name, contents) in files {
                try Data(contents).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            try convert(folder, "\(folder)/all.npz")
            let outcome = try Command.run("inspect", "\(folder)/all.npz")
            #expect(
                outcome.output.hasSuffix(
                    """
                    name     type   shape      min  max
                    x_train  uint8  2 × 1 × 2    5    8
                    y_train  uint8  2            3    4
                    x_test   uint8  1 × 1 × 2    1    2
                    y_test   uint8  1            7    7

                    """))
        }
    }

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist"),
            "needs Debian's package dataset-fashion-mnist"))
    func makesAnArchiveOfFashionMNIST() throws {
        try withTemporaryFolder { folder in
            try convert("/usr/share/datasets/fashion-mnist", "\(folder)/fashion.npz")
            let outcome = try Command.run("inspect", "\(folder)/fashion.npz")
            #expect(outcome.output.contains("x_train  uint8  60000 × 28 × 28    0  255"))
            #expect(outcome.output.contains("y_test   uint8  10000              0    9"))
        }
    }

    @Test func columnsBecomeVectorsOrOneMatrix() throws {
        try withTemporaryFolder { folder in
            let csv = "\(folder)/t.csv"
            try Data("a,b\n1,2\n3,4.5\n".utf8).write(to: URL(filePath: csv))
            try convert(csv, "\(folder)/t.npz")
            #expect(try Command.run("inspect", "\(folder)/t.npz").output.contains("\na     float64  2"))
            try convert("\(folder)/t.npz", "\(folder)/back.csv")
            #expect(
                try String(contentsOfFile: "\(folder)/back.csv", encoding: .utf8) == "a,b\n1.0,2.0\n3.0,4.5\n"
            )
            try convert(csv, "\(folder)/m.npz", "--matrix")
            #expect(try Command.run("inspect", "\(folder)/m.npz").output.contains("\nt     float64  2 × 2"))
            try convert(csv, "\(folder)/m.npy")
            #expect(
                try Command.run("inspect", "\(folder)/m.npy", "--values").output.hasSuffix(
                    "1.0 2.0\n3.0 4.5\n"))
            // Text stays text between text formats, and has no place elsewhere.
            try Data("a,who\n1,\"x, y\"\nNA,z\n".utf8).write(to: URL(filePath: csv))
            try convert(csv, "\(folder)/t.tsv")
            #expect(
                try String(contentsOfFile: "\(folder)/t.tsv", encoding: .utf8) == "a\twho\n1\tx, y\nNA\tz\n")
            let refused = try Command.run("convert", csv, "\(folder)/text.npz")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("who"))
        }
    }

    @Test func namesAndChoosesArrays() throws {
        try withTemporaryFolder { folder in
            try convert("first=\(dataFixture("matrix.npy"))", dataFixture("int16.npy"), "\(folder)/two.npz")
            let outcome = try Command.run("inspect", "\(folder)/two.npz")
            #expect(outcome.output.contains("\nfirst  int32"))
            #expect(outcome.output.contains("\nint16  int16"))
            let several = try Command.run("convert", "\(folder)/two.npz", "\(folder)/one.npy")
            #expect(several.status == 1)
            #expect(several.errors.contains("first, int16"))
            try convert("\(folder)/two.npz", "\(folder)/one.npy", "--array", "int16")
            #expect(try bytes("\(folder)/one.npy") == bytes(dataFixture("int16.npy")))
            let unknown = try Command.run("convert", "\(folder)/two.npz", "\(folder)/b.npy", "--array", "c")
            #expect(unknown.status == 1)
            #expect(unknown.errors.contains("first, int16"))
            let twice = try Command.run(
                "convert", dataFixture("int16.npy"), dataFixture("int16.npy"), "\(folder)/b.npz")
            #expect(twice.status == 1)
        }
    }

    @Test func convertsTypesOrNamesTheValue() throws {
        try withTemporaryFolder { folder in
            try convert(dataFixture("int16.npy"), "\(folder)/a.npy", "--dtype", "float32")
            #expect(try Command.run("inspect", "\(folder)/a.npy").output.contains("float32  6      -32768.0"))
            let refused = try Command.run(
                "convert", dataFixture("int16.npy"), "\(folder)/b.npy", "--dtype", "int8")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("int16: value 0 is -32768"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/b.npy"))
        }
    }

    @Test func leavesWhatIsThere() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.npy"
            try Data("mine".utf8).write(to: URL(filePath: path))
            let refused = try Command.run("convert", dataFixture("int16.npy"), path)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("--force"))
            #expect(try bytes(path) == Array("mine".utf8))
            try convert(dataFixture("int16.npy"), path, "--force")
            #expect(try bytes(path) == bytes(dataFixture("int16.npy")))
            // In place.
            try convert(path, path, "--force")
            #expect(try bytes(path) == bytes(dataFixture("int16.npy")))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.npy"])
        }
    }

    @Test func wrongUsageIs64() throws {
        #expect(try Command.run("convert", "a.npy").status == 64)
        #expect(try Command.run("convert", "a.npy", "b.xyz").status == 64)
        #expect(try Command.run("convert", "a.npy", "b.npy", "--dtype", "float80").status == 64)
        #expect(try Command.run("convert", "no-such-file", "b.npy").status == 1)
    }
}
