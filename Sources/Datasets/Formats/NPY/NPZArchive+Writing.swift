extension NPZArchive {
    /// Writes named arrays as an archive that NumPy's `load` reads bit for bit.
    ///
    /// The file appears under its name only when it is complete. The same arrays give the same bytes.
    /// - Parameters:
    ///   - arrays: The arrays and their names, without `.npy`.
    ///   - path: Where to write.
    ///   - compression: Stored by default, so that the arrays can be mapped.
    ///   - replacing: Whether a file of that name may be replaced.
    /// - Throws: `DataFileError` naming the file, the member and why it could not be written.
    public static func write(
        _ arrays: [(name: String, array: NumericArray)], to path: String,
        compression: DataCompression = .stored, replacing: Bool = true
    ) throws(DataFileError) {
        try write(
            arrays, to: path, compression: compression, replacing: replacing, zip64Limit: 0xFFFF_FFFF)
    }

    static func write(
        _ arrays: [(name: String, array: NumericArray)], to path: String, compression: DataCompression,
        replacing: Bool, zip64Limit: Int
    ) throws(DataFileError) {
        try AtomicFile.write(to: path, replacing: replacing) { file throws(DataFileError) in
            let writer = ZipWriter(file, path: path, zip64Limit: zip64Limit)
            for (name, array) in arrays {
                let storage = ByteStorage(NPYHeader(array).encoded)
                try array.withUnsafeBytes { values throws(DataFileError) in
                    try writer.add(
                        name + ".npy", compression: compression, pieces: [storage.bytes, values])
                }
                withExtendedLifetime(storage) {}
            }
            try writer.finish()
        }
    }
}
