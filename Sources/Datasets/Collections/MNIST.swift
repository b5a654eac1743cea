import CBundledData
import Glibc

/// The MNIST handwritten digits, and data sets filed like them: 28 × 28 pictures of bytes, ten classes.
///
/// ```swift
/// let (train, test) = try MNIST.load()
/// print(train.source)      // the file that was found, or "bundled sample"
/// ```
///
/// Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*; CC BY-SA 3.0.
public enum MNIST {
    /// Loads the training and the test set.
    ///
    /// With a path, that file is read; one that is not there is an error. Without, the first of these that exists:
    /// `$DESCENT_DATA/mnist.npz`; `descent/mnist.npz` in the user's cache folder, `$XDG_CACHE_HOME` or `~/.cache`; the
    /// bundled sample, the first 5,000 training and the first 1,000 test pictures. `source` says which it was. Nothing
    /// is ever downloaded.
    ///
    /// Any npz file with the arrays `x_train`, `y_train`, `x_test` and `y_test` will do, such as Fashion-MNIST once it
    /// is converted. Training and test set share one list of classes, that of both. Pictures of bytes of which one is
    /// above 127 have the nominal range 0…255; of other data nothing is assumed.
    ///
    /// - Throws: `DatasetError`, with the file, the array and what is wrong.
    public static func load(_ path: String? = nil) throws(DatasetError) -> (train: Dataset, test: Dataset) {
        guard let path = path ?? location(environment: environmentVariable) else {
            return try bundledSample()
        }
        let source = fullPath(path)
        let (file, archive) = try reading(source) { () throws(DataFileError) in
            let file = try ByteSource(path: path)
            return (file, try NPZArchive(file))
        }
        try checkNames(of: archive, source: source)
        // The digest, about a third of the time of decoding, is computed beside it.
        let (arrays, digest) = Parallel.both(
            { Result { () throws(DataFileError) in try archive.arrays(named: arrayNames) } },
            { Result { () throws(DataFileError) in try sha256(of: file) } })
        return try split(
            reading(source, arrays.get), name: name(of: path), source: source,
            sha256: reading(source, digest.get))
    }

    /// The sample that comes with the library: the first 5,000 training and the first 1,000 test pictures.
    public static func bundledSample() throws(DatasetError) -> (train: Dataset, test: Dataset) {
        let source = "bundled sample"
        let bytes = UnsafeRawBufferPointer(
            start: descent_mnist_sample_npz_bytes(), count: descent_mnist_sample_npz_size)
        let arrays = try reading(source) { () throws(DataFileError) in
            try NPZArchive(staticBytes: bytes, name: source).arrays(named: arrayNames)
        }
        return try split(arrays, name: "MNIST sample", source: source, sha256: SHA256.hexadecimal(of: bytes))
    }

    /// The file to load where none is named: the first that exists.
    static func location(environment: (String) -> String?) -> String? {
        // An empty variable counts as unset, as the XDG specification has it.
        func folder(_ variable: String) -> String? { environment(variable).flatMap { $0.isEmpty ? nil : $0 } }
        let cache = folder("XDG_CACHE_HOME") ?? folder("HOME").map { $0 + "/.cache" }
        let candidates = [folder("DESCENT_DATA"), cache.map { $0 + "/descent" }].compactMap { $0 }
        return candidates.map { $0 + "/mnist.npz" }.first { access($0, F_OK) == 0 }
    }

    private static let arrayNames = ["x_train", "y_train", "x_test", "y_test"]

    private static func checkNames(of archive: NPZArchive, source: String) throws(DatasetError) {
        let missing = arrayNames.filter { !archive.names.contains($0) }
        if !missing.isEmpty { throw DatasetError(source, .missingArrays(missing, found: archive.names)) }
    }

    /// The two data sets of the arrays that `arrayNames` names.
    private static func split(
        _ arrays: [NumericArray], name: String, source: String, sha256: String
    ) throws(DatasetError) -> (train: Dataset, test: Dataset) {
        guard arrays[0].shape.dropFirst() == arrays[2].shape.dropFirst() else {
            throw DatasetError(source, .shapeMismatch(training: arrays[0].shape, test: arrays[2].shape))
        }
        let labels = try ClassLabels.integers(arrays[1], source: "\(source): y_train")
        let testLabels = try ClassLabels.integers(arrays[3], source: "\(source): y_test")
        let classNames = ClassLabels.classNames(of: labels + testLabels)
        let range = nominalRange(ofPictures: arrays[0])
        func dataset(_ part: String, _ features: NumericArray, _ labels: NumericArray) throws(DatasetError)
            -> Dataset
        {
            do throws(DatasetError) {
                return try Dataset(
                    features: features, labels: labels, classNames: classNames, nominalRange: range,
                    name: name,
                    source: source, sha256: sha256)
            } catch {
                throw DatasetError("\(source): x_\(part), y_\(part)", error.reason)
            }
        }
        return (try dataset("train", arrays[0], arrays[1]), try dataset("test", arrays[2], arrays[3]))
    }

    /// 0…255 for bytes in pictures, if they go beyond 127; tables of bytes and pictures of few levels have ranges of
    /// their own, which are not known here.
    package static func nominalRange(ofPictures pictures: NumericArray) -> ClosedRange<Double>? {
        guard pictures.elementType == .uint8, pictures.shape.count >= 3 else { return nil }
        let isWide = pictures.withUnsafeBytes { bytes in
            var all: UInt8 = 0
            for byte in bytes { all |= byte }
            return all > 127
        }
        return isWide ? 0...255 : nil
    }

    /// A data set's error in place of a file's.
    private static func reading<Result>(
        _ source: String, _ body: () throws(DataFileError) -> Result
    ) throws(DatasetError) -> Result {
        do throws(DataFileError) { return try body() } catch { throw DatasetError(source, .file(error)) }
    }

    private static func sha256(of file: ByteSource) throws(DataFileError) -> String {
        var digest = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        for start in stride(from: 0, to: file.count, by: buffer.count) {
            let part = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<min(buffer.count, file.count - start)])
            try file.read(at: start, into: part)
            digest.update(UnsafeRawBufferPointer(part))
        }
        return digest.finish()
    }

    private static func environmentVariable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func fullPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// "MNIST" for a file of that name, and for others the file's name.
    private static func name(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.hasSuffix(".npz") ? String(file.dropLast(4)) : file
        return stem == "mnist" ? "MNIST" : stem
    }
}
