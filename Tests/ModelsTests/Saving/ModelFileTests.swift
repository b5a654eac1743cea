import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// Models through files and back.
@Suite struct ModelFileTests {
    static let endings = ["npz", "safetensors", "model"]

    func roundTrip<Model: SavableModel>(_ model: Model, _ ending: String) throws -> Model {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.\(ending)").path()
            try model.save(to: path)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            #expect(names == ["m.\(ending)"], "nothing but the file is left")
            let first = try Data(contentsOf: folder.appending(path: names[0]))
            try model.save(to: path)
            #expect(try Data(contentsOf: folder.appending(path: names[0])) == first, "same model, same bytes")
            return try Model(contentsOf: path)
        }
    }

    @Test(arguments: endings) func everyModelComesBackWithTheSameBits(ending: String) throws {
        let line = try roundTrip(SavedModels.line, ending)
        #expect(
            line.coefficients == SavedModels.line.coefficients && line.intercept == SavedModels.line.intercept
        )
        #expect(line.featureNames == ["a", "b", "ü"] && line.hasIntercept)
        for penalty in [Penalty.none, .l2(0.3)] {
            let logistic = try SavedModels.logistic(penalty)
            #expect(try roundTrip(logistic, ending) == logistic)
        }
        let byRule = try SavedModels.logisticByRule()
        #expect(try roundTrip(byRule, ending) == byRule)
        let softmax = try SavedModels.softmax()
        #expect(try roundTrip(softmax, ending) == softmax)
        let single = try SavedModels.softmaxFloat()
        #expect(single.scaler.limit == 3)
        #expect(try roundTrip(single, ending) == single)
        let network = try SavedModels.everyLayer(as: Float.self)
        #expect(try roundTrip(network, ending) == network)
        let wide = try SavedModels.everyLayer(as: Double.self)
        #expect(try roundTrip(wide, ending) == wide)
        let regressor = try SavedModels.regressor(as: Double.self)
        #expect(regressor.targetScaler != nil)
        #expect(try roundTrip(regressor, ending) == regressor)
        #expect(try roundTrip(SavedModels.regressor(as: Float.self), ending).targetNames == ["u", "v"])
        let untrained = MLP<Float>(sizes: [4, 3])
        #expect(try roundTrip(untrained, ending) == untrained)
    }

    @Test func aLeastSquaresFitComesBackToo() throws {
        let features = SavedModels.pairs.matrix(as: Double.self)
        let model = try LinearRegression().fit(features, (0..<60).map { sin(Double($0)) })
        let fit = try #require(model.leastSquares)
        let copy = try roundTrip(model, "npz")
        #expect(copy.leastSquares?.summary.description == fit.summary.description)
        #expect(copy.predict(features) == model.predict(features))
    }

    @Test(arguments: ["npz", "safetensors"]) func filesOfAnyKindAreToldApart(ending: String) throws {
        let models: [SavedModel] = [
            .linear(SavedModels.line), .logistic(try SavedModels.logistic()),
            .softmax(try SavedModels.softmax()), .softmaxFloat(try SavedModels.softmaxFloat()),
            .mlp(try SavedModels.network()), .mlpDouble(MLP(sizes: [3, 2])),
            .regressor(try SavedModels.regressor(as: Float.self)),
            .regressorDouble(try SavedModels.regressor(as: Double.self)),
        ]
        let notes = ModelNotes(
            featureNames: ["x"], exampleShape: [8, 8], nominalRange: 0...16, targetName: "digit",
            remarks: ["made by": "a \"test\"\n"])
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.\(ending)").path()
            for model in models {
                try ModelFile(model, notes: notes).save(to: path)
                let file = try ModelFile(contentsOf: path)
                #expect(file.notes == notes)
                #expect(file.model.kind == model.kind && file.model.featureCount == model.featureCount)
                // The case tells the type of the numbers, too.
                #expect(
                    "\(file.model)".prefix(while: { $0 != "(" }) == "\(model)".prefix(while: { $0 != "(" }))
                #expect((file.model.classifier == nil) == (model.classifier == nil))
            }
            let network = try SavedModels.network()
            try network.save(to: path)
            let classifier = try #require(try ModelFile(contentsOf: path).model.classifier)
            #expect(
                classifier.predictions(for: SavedModels.digits)
                    == network.predictions(for: SavedModels.digits))
        }
    }

    @Test func anotherKindOrTypeIsRefused() throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.npz").path()
            try SavedModels.line.save(to: path)
            #expect(
                throws: ModelFileError(
                    file: path,
                    reason: .otherKind(
                        found: "a linear model", wanted: "a multilayer perceptron for classes"))
            ) {
                try MLP<Float>(contentsOf: path)
            }
            try MLP<Double>(sizes: [2, 2]).save(to: path)
            #expect(
                throws: ModelFileError(
                    file: path,
                    reason: .otherType(
                        found: "float64", wanted: "a multilayer perceptron for classes of float32"))
            ) {
                try MLP<Float>(contentsOf: path)
            }
        }
    }

    @Test func parametersThatAreNotFiniteAreNeitherWrittenNorRead() throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.npz").path()
            try SavedModels.line.save(to: path)
            let good = try Data(contentsOf: folder.appending(path: "m.npz"))
            let bad = LinearModel(coefficients: [1, .nan], intercept: 0)
            #expect(throws: ModelFileError(file: path, reason: .notFinite(array: "coefficients"))) {
                try bad.save(to: path)
            }
            #expect(try Data(contentsOf: folder.appending(path: "m.npz")) == good)
            try edit(path) { _, arrays in
                arrays["intercept"] = NumericArray([Double.infinity], shape: [])
            }
            #expect(throws: ModelFileError(file: path, reason: .notFinite(array: "intercept"))) {
                try LinearModel(contentsOf: path)
            }
        }
    }

    static let coding = FeatureCoding(terms: [
        .init(column: "region", levels: ["east", "north"], reference: "east"),
        .init(column: "size", mean: 1.5), .init(column: "c"),
    ])

    /// The coding of columns makes a file of version 2; without one, earlier releases can read the file.
    @Test(arguments: endings) func codingsComeBack(ending: String) throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.\(ending)").path()
            let names = Self.coding.featureNames
            #expect(names == ["region[north]", "size", "c"])
            let model = LinearModel(coefficients: [1, 2, 3], intercept: 0, featureNames: names)
            try ModelFile(.linear(model), notes: ModelNotes(featureNames: names, coding: Self.coding))
                .save(to: path)
            let copy = try ModelFile(contentsOf: path)
            #expect(copy.notes.coding == Self.coding)
            let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            #expect(text.contains(#""version":2"#) || text.contains(#"\"version\":2"#))
            try ModelFile(.linear(model)).save(to: path)
            let plain = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            #expect(plain.contains(#""version":1"#) || plain.contains(#"\"version\":1"#))
        }
    }

    @Test(arguments: [
        FeatureCoding(terms: [.init(column: "a")]),
        FeatureCoding(terms: [.init(column: "a"), .init(column: "a"), .init(column: "c")]),
        FeatureCoding(terms: [
            .init(column: "a", levels: ["x", "y"], reference: "z"), .init(column: "b"),
        ]),
        FeatureCoding(terms: [
            .init(column: "a", levels: ["x", "x"], reference: "x"), .init(column: "b"),
            .init(column: "c"), .init(column: "d"),
        ]),
    ])
    func codingsThatDoNotFitAreRefused(coding: FeatureCoding) throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.npz").path()
            try ModelFile(.linear(SavedModels.line), notes: ModelNotes(coding: coding)).save(to: path)
            let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
            guard case .inconsistent = error?.reason else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    /// What is no model at all is told as such, whatever it is.
    @Test(arguments: ["a,b\n1,2\n", "x", "{}", "\u{8}\u{3}model"]) func otherFilesAreNoModels(text: String)
        throws
    {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.onnx").path()
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
            #expect(error?.description.contains("is no model: ONNX files are for other programs") == true)
            try text.write(toFile: "\(path).txt", atomically: true, encoding: .utf8)
            let other = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: "\(path).txt") }
            #expect(other?.description.contains("neither an npz nor a safetensors file") == true)
        }
    }

    /// Rewrites an npz model file with other metadata or arrays.
    func edit(
        _ path: String, _ change: (inout [String: Any], inout [String: NumericArray]) throws -> Void
    ) throws {
        let archive = try NPZArchive(path: path)
        var arrays = Dictionary(
            uniqueKeysWithValues: try archive.names.map { ($0, try archive.array(named: $0)) })
        let json = Data(try arrays["metadata"]!.values(as: UInt8.self))
        var metadata = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        try change(&metadata, &arrays)
        arrays["metadata"] = NumericArray(
            [UInt8](try JSONSerialization.data(withJSONObject: metadata, options: .sortedKeys)))
        try NPZArchive.write(arrays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: path)
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: ModelFileError.Reason?
        var change: @Sendable (inout [String: Any], inout [String: NumericArray]) -> Void
    }

    static let damages: [Damage] = [
        Damage(testDescription: "newer version", expected: .newerVersion(4)) { json, _ in json["version"] = 4
        },
        Damage(testDescription: "version 0", expected: .noSuchVersion(0)) { json, _ in json["version"] = 0 },
        Damage(testDescription: "unknown kind", expected: .unknownKind("tree")) { json, _ in
            json["kind"] = "tree"
        },
        Damage(
            testDescription: "another format",
            expected: .notAModel("its format is \"descent training checkpoint\"")
        ) { json, _ in json["format"] = "descent training checkpoint" },
        Damage(
            testDescription: "no version",
            expected: .notAModel("of its metadata, version is missing")
        ) { json, _ in json["version"] = nil },
        Damage(testDescription: "no metadata", expected: .notAModel("its metadata are not bytes")) { _, _ in
        },
        Damage(testDescription: "missing array", expected: .inconsistent("it has no array \"dense1.bias\"")) {
            $1["dense1.bias"] = nil
        },
        Damage(
            testDescription: "wrong shape",
            expected: .inconsistent(
                """
                its array "dense1.weights" has the shape [16, 64] and the type float32, not [64, 16] and float32
                """)
        ) { $1["dense1.weights"] = $1["dense1.weights"]!.reshaped([16, 64]) },
        Damage(testDescription: "wrong type") {
            $1["dense2.bias"] = NumericArray([Double](repeating: 0, count: 10))
        },
        Damage(testDescription: "unknown layer") { json, _ in
            json["layers"] = [["type": "convolution"]]
        },
        Damage(testDescription: "unknown activation") { json, _ in
            json["layers"] = [
                ["type": "dense", "outputs": 10, "bias": true], ["type": "activation", "function": "magic"],
            ]
        },
        Damage(
            testDescription: "more layers than numbers",
            expected: .inconsistent("its layers take 137438953408 numbers, and it has 1651")
        ) { json, _ in
            json["layers"] = [["type": "dense", "outputs": Int(Int32.max), "bias": true]]
        },
        Damage(testDescription: "no layers") { json, _ in json["layers"] = [Any]() },
        Damage(testDescription: "negative outputs") { json, _ in
            json["layers"] = [["type": "dense", "outputs": -1, "bias": true]]
        },
        Damage(testDescription: "too few classes") { json, _ in json["classNames"] = ["a"] },
        Damage(testDescription: "a class twice") { json, _ in
            json["classNames"] = Array(repeating: "a", count: 10)
        },
        Damage(testDescription: "impossible scalar") { json, _ in json["scalar"] = "int8" },
        Damage(testDescription: "impossible limit") { json, _ in
            json["scaler"] = ["limit": -1, "constantColumns": [Int]()] as [String: Any]
        },
        Damage(testDescription: "impossible column") { json, _ in
            json["scaler"] = ["constantColumns": [64]]
        },
        Damage(testDescription: "no inputs") { json, _ in json["inputs"] = 0 },
        Damage(testDescription: "impossible loss") { json, _ in
            json["loss"] = ["crossEntropy": ["labelSmoothing": 2]]
        },
    ]

    @Test(arguments: damages) func whatDoesNotFitIsRefused(_ damage: Damage) throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.npz").path()
            try SavedModels.network().save(to: path)
            try edit(path, damage.change)
            if damage.testDescription == "no metadata" {
                let archive = try NPZArchive(path: path)
                var arrays = try archive.names.map { ($0, try archive.array(named: $0)) }
                arrays[arrays.firstIndex { $0.0 == "metadata" }!].1 = NumericArray([1.0])
                try NPZArchive.write(arrays.map { ($0.0, $0.1) }, to: path)
            }
            let error = #expect(throws: ModelFileError.self) { try MLP<Float>(contentsOf: path) }
            let any = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
            #expect(error == any)
            if let expected = damage.expected { #expect(error?.reason == expected) }
            #expect(error?.description.hasPrefix(path) == true)
        }
    }

    /// Cut short anywhere or changed in any byte, a file is refused or, where nothing reads the byte, the same model.
    @Test(arguments: ["npz", "safetensors"]) func damagedFilesAreRefused(ending: String) throws {
        try SavedModels.withFolder { folder in
            let file = folder.appending(path: "m.\(ending)")
            let model = try SavedModels.logisticByRule()
            try model.save(to: file.path())
            let good = try Data(contentsOf: file)
            for length in stride(from: 0, to: good.count, by: 3) {
                try good.prefix(length).write(to: file)
                let error = #expect(throws: ModelFileError.self) {
                    try LogisticClassifier(contentsOf: file.path())
                }
                #expect(error?.description.hasPrefix(file.path()) == true)
                guard case .damaged(_, let byteCount)? = error?.reason else {
                    // Too short to be told from a file of another kind.
                    #expect(length < 9, "\(length): \(error as Any)")
                    continue
                }
                #expect(byteCount == length)
                #expect(error!.description.contains("The file has \(length) byte"))
            }
            var refused = 0
            let flips: [UInt8] = [0x01, 0x20, 0x80, 0xFF]
            for index in good.indices {
                var bytes = good
                bytes[index] ^= flips[index % flips.count]
                try bytes.write(to: file)
                do {
                    #expect(try LogisticClassifier(contentsOf: file.path()) == model, "byte \(index)")
                } catch {
                    #expect(error is ModelFileError)
                    refused += 1
                }
            }
            #expect(refused > good.count * 4 / 5)
        }
        #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: "/nowhere/m.npz") }
    }

    /// Files of safetensors without a checksum, as earlier releases wrote them, are read; a wrong one is refused.
    @Test func safetensorsHaveAChecksum() throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "m.safetensors").path()
            try SavedModels.line.save(to: path)
            let file = try SafetensorsFile(path: path)
            let tensors = try file.names.map {
                SafetensorsFile.Tensor(name: $0, array: try file.array(named: $0))
            }
            var metadata = file.metadata
            #expect(metadata["descent-crc32"]?.count == 8)
            metadata["descent-crc32"] = nil
            try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
            #expect(try LinearModel(contentsOf: path).coefficients == SavedModels.line.coefficients)
            metadata["descent-crc32"] = "0000abcd"
            try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
            let error = #expect(throws: ModelFileError.self) { try LinearModel(contentsOf: path) }
            #expect(error?.description.contains("should be 0x0000abcd") == true)
        }
    }

    /// What only a later version can say has that version; all else has the first that will do.
    @Test func versionsAreTheFirstThatCanSayIt() throws {
        try SavedModels.withFolder { folder in
            func version(_ model: some SavableModel) throws -> Int {
                let path = folder.appending(path: "m.npz").path()
                try model.save(to: path)
                let json = try NPZArchive(path: path).array(named: "metadata").values(as: UInt8.self)
                return try CheckpointCoding.decode(ModelMetadata.Header.self, from: json).version
            }
            let (solved, byRule) = (try SavedModels.logistic(), try SavedModels.logisticByRule())
            #expect(try version(solved) == 1)
            #expect(try version(SavedModels.line) == 1)
            #expect(try version(byRule) == 3)
        }
    }

    @Test func otherFilesAreNoModels() throws {
        try SavedModels.withFolder { folder in
            let path = folder.appending(path: "x.npz").path()
            try NPZArchive.write([("x", NumericArray([1.0]))], to: path)
            #expect(
                throws: ModelFileError(file: path, reason: .notAModel("it has no array \"metadata\""))
            ) {
                try ModelFile(contentsOf: path)
            }
            let other = folder.appending(path: "x.safetensors").path()
            try SafetensorsFile(tensors: [.init(name: "x", array: NumericArray([1.0]))]).write(to: other)
            let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: other) }
            #expect(error?.description.contains("without \"descent\"") == true)
            try Data("hello".utf8).write(to: folder.appending(path: "x.npz"))
            #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
        }
    }
}
