/// What the header of an npy file says: type, byte order, order of the axes and shape.
///
/// Source: NumPy, "NPY format" (numpy/lib/format.py), versions 1.0, 2.0 and 3.0.
struct NPYHeader {
    /// The first six bytes of every npy file.
    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    /// NumPy's greatest number of axes.
    static let greatestRank = 64
    /// Headers of numeric arrays have some hundred bytes; more than this is an attack or damage.
    static let greatestLength = 1 << 16

    var elementType: ElementType
    var isBigEndian = false
    var fortranOrder: Bool
    var shape: [Int]

    init(_ array: NumericArray) {
        elementType = array.elementType
        fortranOrder = array.fortranOrder
        shape = array.shape
    }

    /// Reads the header, and no byte further.
    init(from reader: some ByteReader) throws(DataFileError) {
        let start = try reader.read(min(8, reader.remaining))
        guard start.starts(with: Self.magic) else {
            throw reader.error(.malformed("is no npy data: it does not begin with \\x93NUMPY"))
        }
        guard start.count == 8 else { throw reader.error(.truncated(needed: 8, available: start.count)) }
        let version = (start[6], start[7])
        let lengthBytes: [UInt8]
        switch version {
        case (1, 0): lengthBytes = try reader.read(2)
        case (2, 0), (3, 0): lengthBytes = try reader.read(4)
        default: throw reader.error(.unsupportedVersion("npy \(version.0).\(version.1)"))
        }
        let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= reader.remaining else {
            throw reader.error(.truncated(needed: length, available: reader.remaining))
        }
        guard length <= Self.greatestLength else {
            throw reader.error(.malformed("its npy header of \(length) bytes is longer than any array needs"))
        }
        let text = try reader.read(length)
        if version.0 < 3 {
            // Latin-1: every byte is a character.
            if text.contains(where: { $0 >= 128 }) {
                throw reader.error(.malformed("its npy header has a character outside of ASCII"))
            }
        } else if String(validating: text, as: UTF8.self) == nil {
            throw reader.error(.malformed("its npy header is not valid UTF-8"))
        }
        do throws(NPYHeaderParser.Failure) {
            var parser = NPYHeaderParser(text)
            self = try parser.header()
        } catch {
            throw reader.error(error.reason)
        }
    }

    init(elementType: ElementType, isBigEndian: Bool, fortranOrder: Bool, shape: [Int]) {
        self.elementType = elementType
        self.isBigEndian = isBigEndian
        self.fortranOrder = fortranOrder
        self.shape = shape
    }

    /// The header as NumPy writes it, byte for byte.
    var encoded: [UInt8] {
        let lengths = shape.map { String($0) }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text =
            "{'descr': '\(elementType.npyDescription)', "
            + "'fortran_order': \(fortranOrder ? "True" : "False"), 'shape': (\(lengths)), }"
        // NumPy leaves room to lengthen the axis that grows when values are appended.
        if let growing = fortranOrder ? shape.last : shape.first {
            text += String(repeating: " ", count: 21 - String(growing).utf8.count)
        }
        let prefix = Self.magic.count + 4
        let padding = 64 - (prefix + text.utf8.count + 1) % 64
        text += String(repeating: " ", count: padding) + "\n"
        // 64 axes of 20 characters are far from the 65,536 bytes that would need version 2.0.
        var bytes = Self.magic + [1, 0]
        bytes.appendLittleEndian(UInt16(text.utf8.count))
        return bytes + Array(text.utf8)
    }
}
