/// NumPy's npy format: one array in a file.
///
/// Versions 1.0, 2.0 and 3.0 are read; bool, integers of 8 to 64 bits, float16, float32, float64, complex64
/// and complex128 in either byte order and either order of the axes. Object arrays, structured types,
/// strings, dates and long doubles are refused by name, and so are a bool that is neither 0 nor 1 and bytes
/// after the array's end. Nothing in a file is ever evaluated. A large little-endian array stays in the file,
/// which is mapped into memory.
public enum NPYFile {
    /// Reads the array in a file, or for `-` in standard input.
    ///
    /// - Throws: `DataFileError` naming the file and what is wrong with it.
    public static func read(path: String) throws(DataFileError) -> NumericArray {
        try read(ByteSource(path: path))
    }

    static func read(_ source: ByteSource) throws(DataFileError) -> NumericArray {
        if source.count == 0 { throw source.error(.empty) }
        return try read(from: SourceReader(source))
    }

    static func read(from reader: some ByteReader) throws(DataFileError) -> NumericArray {
        let header = try NPYHeader(from: reader)
        return try reader.readArray(
            shape: header.shape, elementType: header.elementType, isBigEndian: header.isBigEndian,
            fortranOrder: header.fortranOrder)
    }

    /// Writes an array, byte for byte as NumPy would on a little-endian machine.
    ///
    /// The file appears under its name only when it is complete.
    ///
    /// - Parameters:
    ///   - array: What to write; it keeps its element type and its order.
    ///   - path: The file's name.
    ///   - replacing: Whether a file of that name may be replaced.
    /// - Throws: `DataFileError` naming the file and why it could not be written.
    public static func write(
        _ array: NumericArray, to path: String, replacing: Bool = true
    ) throws(DataFileError) {
        try AtomicFile.write(to: path, replacing: replacing) { file throws(DataFileError) in
            try file.write(NPYHeader(array).encoded)
            try array.withUnsafeBytes { bytes throws(DataFileError) in try file.write(bytes) }
        }
    }
}
