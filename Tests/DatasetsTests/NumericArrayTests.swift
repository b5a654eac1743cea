import Testing

@testable import DescentDatasets

@Suite struct NumericArrayTests {
    private func error<Element: NumericElement>(
        _ array: NumericArray, as type: Element.Type, _ conversion: NumericConversion = .exact
    ) -> NumericConversionError? {
        do throws(NumericConversionError) {
            _ = try array.values(as: type, conversion)
            return nil
        } catch { return error }
    }

    @Test func convertsIntegers() throws {
        let array = NumericArray([1, 255, -1, .min, .max] as [Int64])
        #expect(try array.values(as: Int.self) == [1, 255, -1, .min, .max])
        #expect(error(array, as: Int8.self)?.index == 1)
        #expect(error(array, as: UInt64.self)?.index == 2)
        #expect(error(array, as: UInt64.self)?.value == "-1")
        #expect(error(array, as: Double.self)?.index == 4, "2⁶³ − 1 is no Double")
        #expect(try array.values(as: Double.self, .nearest) == [1, 255, -1, -0x1p63, 0x1p63])
        #expect(error(NumericArray([UInt64.max]), as: Int.self)?.index == 0)
        #expect(try NumericArray([-128, 127] as [Int8]).values(as: Float.self) == [-128, 127])
        #expect(error(NumericArray([3, -128] as [Int8]), as: UInt8.self)?.value == "-128")
        #expect(error(NumericArray([0, 1, 2] as [UInt8]), as: Bool.self)?.index == 2)
        #expect(try NumericArray([true, false]).values(as: Float.self) == [1, 0])
    }

    @Test func convertsFloatingPoint() throws {
        let array = NumericArray([0.5, -0.0, .infinity, 0.1])
        #expect(error(array, as: Float.self)?.index == 3)
        let nearest = try array.values(as: Float.self, .nearest)
        #expect(nearest == [0.5, 0, .infinity, 0.1])
        #expect(nearest[1].sign == .minus)
        #expect(error(array, as: Int.self)?.index == 0)
        #expect(error(array, as: Int.self, .nearest)?.index == 2)
        #expect(try NumericArray([0.5, 1.5, -2.5]).values(as: Int.self, .nearest) == [0, 2, -2])
        #expect(
            error(NumericArray([1e300]), as: Float.self, .nearest)?.index == 0, "it must not become infinite")
        #expect(try NumericArray([Double.nan]).values(as: Float.self)[0].isNaN)
        #expect(error(NumericArray([Double.nan]), as: Int.self, .nearest)?.index == 0)
        #expect(try NumericArray([65504, -2] as [Float]).values(as: Float16.self) == [65504, -2])
        #expect(error(NumericArray([65520] as [Float]), as: Float16.self, .nearest)?.index == 0)
    }

    @Test func valuesAreInCOrder() throws {
        let array = try NPYFile.read(path: fixture("numpy/fortran3.npy"))
        #expect(array.fortranOrder)
        #expect(try array.values(as: Int.self) == Array(0..<24))
        #expect(array.inCOrder().reshaped([6, 4]).shape == [6, 4])
    }

    @Test func complexValuesArePairs() throws {
        let array = try NPYFile.read(path: fixture("numpy/complex64.npy"))
        #expect(error(array, as: Float.self)?.index == nil)
        #expect(error(array, as: Float.self) != nil)
        let parts = try array.components(as: Float.self)
        #expect(parts.count == 2 * array.count)
        #expect(parts[5] == 0.1)
    }

    @Test func emptyAndSingle() throws {
        let empty = NumericArray([Double](), shape: [0, 3])
        #expect(empty.count == 0)
        #expect(try empty.values(as: Int.self) == [])
        let single = NumericArray([2.5], shape: [])
        #expect(single.shape == [])
        #expect(try single.values(as: Float.self) == [2.5])
    }

    @Test func shapesThatOverflowHaveNoCount() {
        #expect(NumericArray.elementCount(shape: [.max, 2]) == nil)
        #expect(NumericArray.elementCount(shape: [0, .max, 2]) == nil)
        #expect(NumericArray.elementCount(shape: [-1]) == nil)
        #expect(NumericArray.elementCount(shape: [0, 7]) == 0)
        #expect(NumericArray.elementCount(shape: []) == 1)
        #expect(NumericArray.byteCount(shape: [.max], elementType: .float64) == nil)
    }
}
