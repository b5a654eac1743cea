import CBundledData

/// The handwritten digits that come with the library: 1,797 pictures of 8 × 8, ten classes.
///
/// The test part of *Optical Recognition of Handwritten Digits* (E. Alpaydin, C. Kaynak, UCI Machine Learning
/// Repository, 1998, doi:10.24432/C50P49, CC BY 4.0), as scikit-learn's `load_digits` gives it: each value counts the
/// dark pixels, 0…16, in a 4 × 4 block of a 32 × 32 picture.
public enum Digits {
    /// The digits, in their original order; no file is read.
    public static func load() -> Dataset {
        let bytes = UnsafeRawBufferPointer(start: descent_digits_npz_bytes(), count: descent_digits_npz_size)
        do {
            let archive = try NPZArchive(staticBytes: bytes, name: "the bundled digits")
            return try Dataset(
                features: archive.array(named: "x"), labels: archive.array(named: "y"), nominalRange: 0...16,
                name: "Digits", source: "bundled", sha256: SHA256.hexadecimal(of: bytes))
        } catch {
            preconditionFailure("the bundled digits are damaged: \(error)")
        }
    }
}
