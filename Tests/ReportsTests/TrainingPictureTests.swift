import DescentOptimization
import Glibc
import Testing

@testable import DescentReports

@Suite struct TrainingPictureTests {
    private static let records = [
        History.Record(
            epoch: 0, updates: 0, samples: 0, seconds: 0, validationLoss: 2.3, validationAccuracy: 0.1),
        History.Record(
            epoch: 1, updates: 10, samples: 100, seconds: 1, runningLoss: 1, validationLoss: 0.8,
            validationAccuracy: 0.7),
        History.Record(
            epoch: 2, updates: 20, samples: 200, seconds: 2, runningLoss: 0.5, validationLoss: 0.9,
            validationAccuracy: 0.8),
    ]

    @Test func lossAndAccuracyOverTheEpochs() throws {
        let figure = TrainingFigure(Self.records, title: "x").figure
        #expect(figure.panels.map(\.y.label) == ["loss", "accuracy"])
        #expect(
            figure.legend.map(\.label) == [
                "training loss", "validation loss", "validation accuracy", "lowest",
            ])
        let losses = figure.panels[0].curves
        // A running loss belongs to the middle of its epoch.
        #expect(losses[0].points == [.init(x: 0.5, y: 1), .init(x: 1.5, y: 0.5)])
        #expect(losses[1].points.map(\.y) == [2.3, 0.8, 0.9])
        #expect(losses[2].points == [.init(x: 1, y: 0.8)])
        #expect(figure.panels.allSatisfy { $0.x.range == 0...2 })
        #expect(figure.panels[0].y.scale == .logarithmic)
    }

    @Test func accuracyOnTheTrainingSet() throws {
        let records = Self.records.map { record in
            var record = record
            record.trainingAccuracy = 0.9
            return record
        }
        let accuracies = TrainingFigure(records, title: "x").figure.panels[1].curves
        #expect(accuracies.map(\.label) == ["training accuracy", "validation accuracy"])
        #expect(accuracies[0].points.map(\.y) == [0.9, 0.9, 0.9])
    }

    @Test func theObjectiveOfASearch() {
        let records = [(1.0, 2.0), (3, 1), (5, .nan)].map { passes, objective in
            History.Record(
                epoch: passes, updates: 0, samples: 0, seconds: 0, trainingLoss: objective)
        }
        let figure = TrainingFigure(iterations: records, title: "x").figure
        #expect(figure.panels[0].curves[0].points == [.init(x: 1, y: 2), .init(x: 3, y: 1)])
    }

    @Test func withoutValidationThereIsOneCurve() throws {
        let records = Self.records.map { record in
            var record = record
            (record.validationLoss, record.validationAccuracy) = (nil, nil)
            return record
        }
        let figure = TrainingFigure(records, title: "x").figure
        #expect(figure.panels.map { $0.curves.map(\.label) } == [["training loss"]])
        // A loss that can be below zero has no logarithm.
        var negative = records
        negative[2].runningLoss = -1
        #expect(TrainingFigure(negative, title: "x").lossPanel.y.scale == .linear)
        #expect(TrainingFigure([], title: "x").figure.panels.count == 1)
    }

    @Test func barsOfCharacters() {
        let bars = ProbabilityBars(classNames: ["cat", "a dog"], probabilities: [0.25, 0.75])
        #expect(
            bars.lines(width: 33, ascii: true) == ["  cat  0.2500  #####", "a dog  0.7500  ##############"])
        #expect(bars.lines(width: 25, ascii: false) == ["  cat  0.2500  ██▌", "a dog  0.7500  ███████▌"])
        let tile = PictureSheet.Tile(
            width: 2, height: 6, brightness: [0, 1, 0, 1, 0.5, 0.5, 0.5, 0.5, 1, 0, 1, 0])
        #expect(
            bars.lines(beside: tile, width: 30, ascii: true) == [
                " @     cat  0.2500  ###", "++   a dog  0.7500  ########", "@",
            ])
    }

    @Test func ofManyClassesTheMostProbable() {
        let names = (0..<100).map { "class \($0)" }
        let bars = ProbabilityBars(classNames: names, probabilities: (0..<100).map { Double($0) / 4950 })
        #expect(bars.bars.map(\.name) == (90..<100).reversed().map { "class \($0)" })
        #expect(ProbabilityBars(classNames: ["x"], probabilities: [1]).bars.count == 1)
    }

    @Test func sheetsAreDrawn() throws {
        let tiles = (0..<7).map { index in
            PictureSheet.Tile(
                width: 3, height: 2, brightness: [0, 0.2, 0.4, 0.6, 0.8, 1],
                caption: ["it's \(index)", "`date` \"quoted\""])
        }
        let sheet = PictureSheet(
            title: "Seven's tiles", tiles: tiles, columns: 4,
            bars: [.init(name: "one", probability: 0.3), .init(name: "two", probability: 0.7)])
        let script = sheet.script(name: "figure")
        #expect(script.data.hasPrefix("0 0.200 0.400\n0.600 0.800 1.00\n\n\n0 0.200"))
        #expect(script.data.hasSuffix("\n\n\n0 0.3\n1 0.7\n"))
        #expect(script.script.contains("'it''s 6'"))
        let gnuplot = try #require(Gnuplot(), "gnuplot is part of what is needed to work on this")
        var template = Array("/tmp/descent-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { rmdir(folder) }
        for name in ["sheet.png", "sheet.svg"] {
            try gnuplot.draw(sheet, to: "\(folder)/\(name)")
            var status = stat()
            #expect(stat("\(folder)/\(name)", &status) == 0 && status.st_size > 3000)
            unlink("\(folder)/\(name)")
        }
        // Neither pictures nor bars are needed.
        try gnuplot.draw(PictureSheet(title: "Empty", tiles: []), to: "\(folder)/empty.svg")
        #expect(unlink("\(folder)/empty.svg") == 0)
    }
}
