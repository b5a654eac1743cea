extension RandomGenerator: Codable {
    private enum CodingKeys: String, CodingKey {
        case algorithm, state, increment
    }

    private static let algorithm = "PCG64-DXSM"

    /// Writes the exact state: the algorithm's name and two 128-bit numbers in hexadecimal.
    ///
    /// Strings, because JSON readers turn large numbers into doubles.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.algorithm, forKey: .algorithm)
        try container.encode(String(state, radix: 16), forKey: .state)
        try container.encode(String(increment, radix: 16), forKey: .increment)
    }

    /// Reads the state that `encode(to:)` wrote.
    ///
    /// Throws `DecodingError` where the algorithm is another one or the numbers are no state of it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let algorithm = try container.decode(String.self, forKey: .algorithm)
        guard algorithm == Self.algorithm else {
            throw DecodingError.dataCorruptedError(
                forKey: .algorithm, in: container,
                debugDescription: "the generator here is \(Self.algorithm), not \(algorithm)")
        }
        func number(_ key: CodingKeys) throws -> UInt128 {
            let text = try container.decode(String.self, forKey: key)
            guard let number = UInt128(text, radix: 16) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container,
                    debugDescription: "\"\(text)\" is not a 128-bit number in hexadecimal")
            }
            return number
        }
        guard let generator = try RandomGenerator(state: number(.state), increment: number(.increment)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .increment, in: container, debugDescription: "the increment must be odd")
        }
        self = generator
    }
}
