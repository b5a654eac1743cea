// How features are stored: as one of the three types that the gathering kernels know, in C order, every value finite.

extension Dataset {
    /// The features in a type that can be gathered from, checked.
    static func storable(_ features: NumericArray, source: String) throws(DatasetError) -> NumericArray {
        switch features.elementType {
        case .uint8:
            return features.inCOrder()
        case .bool:
            // One byte a value, 0 or 1: the same bytes as UInt8.
            let bytes = features.inCOrder()
            return NumericArray(
                storage: bytes.storage, offset: bytes.offset, shape: bytes.shape, elementType: .uint8)
        case .float32, .float64:
            let features = features.inCOrder()
            try checkFinite(features, source: source)
            return features
        case .float16:
            let wide = NumericArray(exact(features, as: Float.self)!, shape: features.shape)
            try checkFinite(wide, source: source)
            return wide
        case .int8, .int16, .int32, .int64, .uint16, .uint32, .uint64:
            if let bytes = exact(features, as: UInt8.self) {
                return NumericArray(bytes, shape: features.shape)
            }
            if let floats = exact(features, as: Float.self) {
                return NumericArray(floats, shape: features.shape)
            }
            // Every 64-bit integer has a nearest Double.
            return NumericArray(try! features.values(as: Double.self, .nearest), shape: features.shape)
        case .complex64, .complex128:
            throw DatasetError(source, .complexFeatures(features.elementType))
        }
    }

    private static func exact<Element: NumericElement>(
        _ features: NumericArray, as type: Element.Type
    ) -> [Element]? {
        try? features.values(as: type, .exact)
    }

    private static func checkFinite(_ features: NumericArray, source: String) throws(DatasetError) {
        let found: (index: Int, value: String)? = features.withUnsafeBytes { bytes in
            if features.elementType == .float32 {
                firstUnusable(bytes.assumingMemoryBound(to: Float.self), limit: .greatestFiniteMagnitude)
            } else {
                // Differences of values below 2¹⁰⁰⁰ cannot overflow.
                firstUnusable(bytes.assumingMemoryBound(to: Double.self), limit: 0x1p1000)
            }
        }
        guard let found else { return }
        let columns = features.count / features.shape[0]
        throw DatasetError(
            source,
            .valueNotUsable(row: found.index / columns, column: found.index % columns, value: found.value))
    }

    /// The first value that is not at most `limit` in magnitude; NaN never is.
    @inline(__always)
    private static func firstUnusable<Value: BinaryFloatingPoint>(
        _ values: UnsafeBufferPointer<Value>, limit: Value
    ) -> (index: Int, value: String)? {
        // Stretch by stretch without an early exit, so that the comparison is done by whole vectors.
        var start = 0
        while start < values.count {
            let end = min(start + 4096, values.count)
            var usable = true
            for index in start..<end { usable = (values[index].magnitude <= limit) && usable }
            if !usable {
                let index = (start..<end).first { !(values[$0].magnitude <= limit) }!
                return (index, "\(values[index])")
            }
            start = end
        }
        return nil
    }
}
