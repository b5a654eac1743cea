import Testing

@testable import DescentDatasets

/// A data set whose single feature is the row's number, with the given sizes of classes, classes mixed.
private func numbered(_ sizes: [Int]) throws -> Dataset {
    let labels = sizes.indices.flatMap { [Int32](repeating: Int32($0), count: sizes[$0]) }
    return try Dataset(
        features: NumericArray((0..<labels.count).map { Double($0) }), labels: NumericArray(labels),
        classNames: sizes.indices.map(String.init))
}

private func rows(_ dataset: Dataset) throws -> [Int] { try values(dataset).map { Int($0) } }

private func classSizes(_ dataset: Dataset) -> [Int] {
    (0..<dataset.classCount).map { code in dataset.labels.count { $0 == Int32(code) } }
}

@Suite struct SplitTests {
    @Test(arguments: [
        (1797, 0.25, 450), (10, 0.9, 9), (10, 0.3, 3), (100, 0.07, 7), (100, 0.29, 29), (10, 0.01, 1),
        (2, 0.99, 1),
        (3, 0.5, 2), (1000, 0.1001, 101),
    ])
    func sizesAreThoseDocumented(count: Int, fraction: Double, held: Int) throws {
        for stratified in [false, true] {
            let parts = try numbered([count]).split(validation: fraction, stratified: stratified)
            #expect(parts.validation.count == held && parts.train.count == count - held)
        }
    }

    @Test(arguments: [false, true], [UInt64(0), 1, 42])
    func partsAreDisjointCompleteAndDeterministic(stratified: Bool, seed: UInt64) throws {
        let dataset = try numbered([40, 25, 1, 0, 34])
        let parts = dataset.split(validation: 0.2, test: 0.3, stratified: stratified, seed: seed)
        let all = try [parts.train, parts.validation, parts.test].map(rows)
        #expect(all.map(\.count) == [50, 20, 30])
        #expect(all.flatMap { $0 }.sorted() == Array(0..<100))
        for part in [parts.train, parts.validation, parts.test] {
            #expect(try part.labels == rows(part).map { dataset.labels[$0] })
            #expect(part.classNames == dataset.classNames)
        }
        let again = dataset.split(validation: 0.2, test: 0.3, stratified: stratified, seed: seed)
        #expect(try [again.train, again.validation, again.test].map(rows) == all)
        let other = dataset.split(validation: 0.2, test: 0.3, stratified: stratified, seed: seed + 1)
        #expect(try rows(other.validation) != all[1])
        #expect(all[0] != all[0].sorted())
    }

    @Test(arguments: [
        [50, 50], [97, 3], [10, 20, 30, 40], [1, 1, 1, 97], [33, 33, 34], [7, 11, 13, 17, 19],
    ])
    func stratifiedPartsKeepProportions(sizes: [Int]) throws {
        let dataset = try numbered(sizes)
        let n = Double(dataset.count)
        for fraction in [0.1, 0.25, 1.0 / 3, 0.5, 0.8] {
            let (train, validation) = dataset.split(validation: fraction, stratified: true, seed: 3)
            for (size, (inTrain, inValidation)) in zip(sizes, zip(classSizes(train), classSizes(validation)))
            {
                let share = Double(size) * Double(validation.count) / n
                #expect(abs(Double(inValidation) - share) < 1, "\(size) of \(sizes), \(fraction)")
                #expect(inTrain + inValidation == size)
            }
            // Classes of one example stay in the training set unless the others, rounded up, cannot fill the other.
            let others = sizes.filter { $0 > 1 }.map { Double($0 * validation.count) / n }
            let room = others.reduce(0) { $0 + Int($1.rounded(.up)) }
            let moved = zip(sizes, classSizes(validation)).count { $0 == 1 && $1 == 1 }
            #expect(moved == max(0, validation.count - room), "\(sizes), \(fraction)")
        }
    }

    @Test func quotasAddUp() {
        #expect(Dataset.quotas(5, of: [10, 10]) == [3, 2])
        #expect(Dataset.quotas(1, of: [1, 1, 2]) == [0, 0, 1])
        #expect(
            Dataset.quotas(3, of: [1, 1, 2]) == [1, 0, 2] || Dataset.quotas(3, of: [1, 1, 2]) == [1, 1, 1])
        #expect(Dataset.quotas(0, of: [3, 4]) == [0, 0])
        #expect(Dataset.quotas(7, of: [3, 4]) == [3, 4])
        #expect(Dataset.quotas(4, of: [0, 8]) == [0, 4])
    }

    @Test func aPlainSplitDrawsFromAllPositions() throws {
        // Each row is held out about as often as any other.
        let dataset = try numbered([20])
        var counts = [Int](repeating: 0, count: 20)
        for seed in 0..<400 {
            for row in try rows(dataset.split(validation: 0.25, seed: UInt64(seed)).validation) {
                counts[row] += 1
            }
        }
        // Mean 100, standard deviation 8.7.
        #expect(counts.allSatisfy { abs($0 - 100) < 40 })
        #expect(counts.reduce(0, +) == 2000)
    }

    @Test func smallSetsLeaveSomethingInEveryPart() throws {
        let parts = try numbered([3]).split(validation: 0.45, test: 0.45)
        #expect([parts.train.count, parts.validation.count, parts.test.count] == [1, 1, 1])
    }

    @Test func fractionsThatLeaveNothingAreProgrammingErrors() async {
        await #expect(processExitsWith: .failure) { _ = try numbered([10]).split(validation: 1) }
        await #expect(processExitsWith: .failure) { _ = try numbered([10]).split(validation: 0) }
        await #expect(processExitsWith: .failure) { _ = try numbered([10]).split(validation: 0.5, test: 0.5) }
        await #expect(processExitsWith: .failure) { _ = try numbered([1]).split(validation: 0.5) }
    }
}
