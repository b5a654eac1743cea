/// A letter that tells a LAPACK routine what to do; not API.
public struct _LAPACKOption: Sendable {
    let letter: CChar

    private init(_ letter: Unicode.Scalar) { self.letter = CChar(letter.value) }

    static let lower = _LAPACKOption("L")
    static let upper = _LAPACKOption("U")
    static let right = _LAPACKOption("R")
    static let transposed = _LAPACKOption("T")
    static let none = _LAPACKOption("N")
    static let oneNorm = _LAPACKOption("1")
    static let infinityNorm = _LAPACKOption("I")
    static let thin = _LAPACKOption("S")
    static let vectors = _LAPACKOption("V")
}
