import DescentDatasets
import Testing

@testable import DescentModels

/// Folds: every example scored on once, nothing on both sides.
@Suite struct FoldingTests {
    static let classes: [Int32] = (0..<103).map { Int32($0 % 7 == 0 ? 2 : $0 % 3 == 0 ? 1 : 0) }

    /// Checks what holds for all folds and returns the sizes of the validation parts.
    func check(_ folds: [Fold], count: Int, repeats: Int) -> [Int] {
        let perRepeat = folds.count / repeats
        for start in stride(from: 0, to: folds.count, by: perRepeat) {
            let held = folds[start..<start + perRepeat].flatMap(\.validation)
            #expect(held.sorted() == Array(0..<Int32(count)))
        }
        for fold in folds {
            #expect((fold.training + fold.validation).sorted() == Array(0..<Int32(count)))
        }
        return folds.map(\.validation.count)
    }

    @Test(arguments: [(10, 2, 1), (10, 3, 1), (103, 5, 4), (7, 7, 2)])
    func kFoldsPartition(count: Int, k: Int, repeats: Int) throws {
        let folds = try Folding.kFold(k, repeats: repeats).folds(exampleCount: count, seed: 3)
        #expect(folds.count == k * repeats)
        let sizes = check(folds, count: count, repeats: repeats)
        #expect(sizes.max()! - sizes.min()! <= 1)
        if repeats > 1 { #expect(folds[0] != folds[k]) }
    }

    @Test(arguments: [2, 3, 5, 10])
    func stratifiedFoldsKeepShares(k: Int) throws {
        let folds = try Folding.stratified(k, repeats: 2).folds(
            exampleCount: 103, strata: Self.classes, seed: 1)
        let sizes = check(folds, count: 103, repeats: 2)
        #expect(sizes.max()! - sizes.min()! <= 1)
        for label in 0..<3 as Range<Int32> {
            let counts = folds.map { $0.validation.count { Self.classes[Int($0)] == label } }
            #expect(counts.max()! - counts.min()! <= 1, "class \(label): \(counts)")
        }
    }

    @Test func groupsStayTogether() throws {
        let groups = (0..<60).map { [0, 0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 6][$0 % 12] }
        let folds = try Folding.grouped(3, groups: groups, repeats: 2).folds(exampleCount: 60, seed: 2)
        let sizes = check(folds, count: 60, repeats: 2)
        for fold in folds {
            let held = Set(fold.validation.map { groups[Int($0)] })
            #expect(fold.training.allSatisfy { !held.contains(groups[Int($0)]) })
        }
        // 20, 10, 10, 5, 5, 5, 5 make three parts of 20.
        #expect(sizes == Array(repeating: 20, count: 6))
    }

    @Test func leavingOneOut() throws {
        let folds = try Folding.leaveOneOut.folds(exampleCount: 5)
        #expect(folds.map(\.validation) == [[0], [1], [2], [3], [4]])
        _ = check(folds, count: 5, repeats: 1)
    }

    @Test func theSeedDecides() throws {
        let scheme = Folding.kFold(4)
        let one = try scheme.folds(exampleCount: 40, seed: 1)
        #expect(try scheme.folds(exampleCount: 40, seed: 1) == one)
        #expect(try scheme.folds(exampleCount: 40, seed: 2) != one)
        // Not in the order of the file, which may be sorted by class.
        #expect(one[0].training != one[0].training.sorted())
    }

    @Test func whatCannotBeDividedIsRefused() {
        #expect(throws: SelectionError.tooFewExamples(count: 3, folds: 4)) {
            try Folding.kFold(4).folds(exampleCount: 3)
        }
        #expect(throws: SelectionError.noClasses) {
            try Folding.stratified(2).folds(exampleCount: 4)
        }
        #expect(throws: SelectionError.classesTooSmall(largest: 2, folds: 3)) {
            try Folding.stratified(3).folds(exampleCount: 4, strata: [0, 0, 1, 1])
        }
        #expect(throws: SelectionError.tooFewGroups(count: 2, folds: 3)) {
            try Folding.grouped(3, groups: [1, 1, 2, 2]).folds(exampleCount: 4)
        }
        #expect(throws: SelectionError.tooFewExamples(count: 1, folds: 2)) {
            try Folding.leaveOneOut.folds(exampleCount: 1)
        }
    }
}
