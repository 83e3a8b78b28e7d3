import Foundation
import Results
import Sweep
import Testing

@testable import Figures

/// What gnuplot really draws, read back from its SVG.
@Suite struct GnuplotTests {
    private func withFigures<Value>(
        of sweep: Sweep = smallSweep(), status: (Cell) -> Status? = { _ in .ok },
        _ body: ([Figure], URL) throws -> Value
    ) throws -> Value {
        try withStore(of: sweep, status: status) { store, folder in
            try body(try store.figures(Sketch.standard(of: sweep)), folder.figures)
        }
    }

    @Test("Every curve is there, in its colour, through its points")
    func curves() throws {
        try withFigures { figures, folder in
            let gnuplot = try Gnuplot()
            var (curves, levels, rings, teachers) = (0, 0, 0, 0)
            for figure in figures where figure.name != "error-map" {
                _ = try gnuplot.draw(figure, into: folder)
                let picture = Picture(
                    try String(
                        contentsOf: folder.appending(path: "\(figure.name).svg"), encoding: .utf8))
                let chart = Chart(figure)
                for (number, panel) in figure.panels.enumerated() {
                    for (index, curve) in panel.curves.enumerated() {
                        let places = curve.points.map { chart.place($0.x, $0.y, panel: number) }
                        #expect(
                            picture.hasLine(places, colour: chart.colours[index]),
                            "\(figure.name), panel \(number), \(curve.label): \(places)")
                        curves += 1
                        if let limit = curve.limit {
                            let ends = [chart.x.low, chart.x.high].map {
                                chart.place($0, limit.y, panel: number)
                            }
                            #expect(picture.hasLine(ends, colour: chart.colours[index]))
                            levels += 1
                        }
                        if let best = curve.best {
                            #expect(picture.hasMark(places[best], colour: chart.colours[index]))
                            rings += 1
                        }
                    }
                    for reference in panel.references {
                        let colour = reference.curve.map { chart.colours[$0] } ?? "#666666"
                        #expect(
                            picture.hasLine(
                                chart.places(of: reference, panel: number), colour: colour),
                            "\(figure.name), panel \(number): the teacher's error")
                        teachers += 1
                    }
                }
                for text in [figure.title, figure.x.title, figure.y.title, figure.key.title]
                    + figure.panels.map(\.title) + figure.panels[0].curves.map(\.label)
                {
                    #expect(text.isEmpty || picture.texts.contains(text), "\(figure.name): \(text)")
                }
                #expect(picture.texts.joined(separator: " ").contains(figure.caption))
            }
            // 3 x 2 of errors, risks, inefficiencies and widths, 3 x 3 over noise, 2 x 3 of the best, 4 x 3 of
            // bounds.
            #expect(curves == 3 * 2 * 4 + 3 * 3 + 2 * 3 + 4 * 3 && levels == 6 && rings == 6)
            // One in each panel, of the best one for each line.
            #expect(teachers == 2 + 2 + 3 + 2 * 3)
        }
    }

    @Test("A curve that is elsewhere, of another colour or shorter isn't found")
    func comparisonFails() throws {
        try withFigures { figures, folder in
            let figure = figures[0]
            _ = try Gnuplot().draw(figure, into: folder)
            let picture = Picture(
                try String(
                    contentsOf: folder.appending(path: "\(figure.name).svg"), encoding: .utf8))
            let chart = Chart(figure)
            let places = figure.panels[0].curves[1].points.map { chart.place($0.x, $0.y, panel: 0) }
            #expect(picture.hasLine(places, colour: chart.colours[1]))
            #expect(!picture.hasLine(places, colour: chart.colours[0]))
            #expect(!picture.hasLine(places.dropLast(), colour: chart.colours[1]))
            var moved = places
            moved[1].y += 1.5
            #expect(!picture.hasLine(moved, colour: chart.colours[1]))
        }
    }

    @Test("Where no finite width has a value the levels are drawn alone")
    func levels() throws {
        try withFigures(status: { $0.width == .infinite ? .ok : .singular }) { figures, folder in
            let figure = try #require(figures.first { $0.name == "width" })
            _ = try Gnuplot().draw(figure, into: folder)
            let picture = Picture(
                try String(contentsOf: folder.appending(path: "width.svg"), encoding: .utf8))
            let chart = Chart(figure)
            for (index, curve) in figure.panels[0].curves.enumerated() {
                #expect(curve.points.isEmpty)
                let ends = [chart.x.low, chart.x.high].map {
                    chart.place($0, curve.limit!.y, panel: 0)
                }
                #expect(picture.hasLine(ends, colour: chart.colours[index]))
            }
        }
    }

    @Test("A map has a box for each value, none where there is none, and marks the best")
    func map() throws {
        let figures = try withFigures(
            status: { $0.softRatio == 1 && $0.teacherNoise == 0.5 ? nil : .ok }
        ) { figures, folder in
            let figure = try #require(figures.last)
            #expect(figure.name == "error-map")
            _ = try Gnuplot().draw(figure, into: folder)
            let picture = Picture(
                try String(contentsOf: folder.appending(path: "error-map.svg"), encoding: .utf8))
            let chart = Chart(figure)
            // The soft ratios are 0, 0.3 and 1: boxes end halfway between them.
            let (columns, rows) = ([-0.15, 0.15, 0.65, 1.35], [-0.25, 0.25, 0.75])
            for panel in figure.panels.indices {
                func box(_ column: Int, _ row: Int) -> [(x: Double, y: Double)] {
                    chart.box(
                        (columns[column], rows[row]), (columns[column + 1], rows[row + 1]),
                        panel: panel)
                }
                for (column, row) in [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)] {
                    #expect(picture.hasBox(box(column, row)))
                }
                #expect(!picture.hasBox(box(2, 1)))
                for noise in [0, 0.5] {
                    #expect(
                        picture.hasMark(chart.place(0.3, noise, panel: panel), colour: "#000000"))
                }
            }
            return figures
        }
        #expect(figures.count == 8)
    }

    @Test("Three pictures of one shape, with what they come from beside them")
    func files() throws {
        try withFigures { figures, folder in
            let figure = figures[0]
            let files = try Gnuplot().draw(figure, into: folder).files
            #expect(
                files.map(\.lastPathComponent)
                    == ["svg", "pdf", "png", "gp", "dat"].map { "student-error.\($0)" })
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(Set(names) == Set(files.map(\.lastPathComponent)), "nothing else is left")
            let layout = Chart(figure).layout
            let png = try Data(contentsOf: files[2])
            #expect(Array(png[1...3]) == Array("PNG".utf8))
            let size = png[16..<24].reduce(into: [UInt64]()) { $0.append(UInt64($1)) }
            #expect(size[0..<4].reduce(0) { $0 << 8 | $1 } == UInt64(2 * Int(layout.width)))
            #expect(size[4..<8].reduce(0) { $0 << 8 | $1 } == UInt64(2 * Int(layout.height)))
            #expect(try Data(contentsOf: files[1]).prefix(5) == Data("%PDF-".utf8))

        }
    }

    @Test("Names with quotes, underscores and backslashes are drawn as they are")
    func quoting() throws {
        try withFigures { figures, folder in
            var figure = figures[0]
            figure.title = "it's {/Symbol a}_2^3 \\n \"x\" %"
            _ = try Gnuplot().draw(figure, into: folder)
            let picture = Picture(
                try String(
                    contentsOf: folder.appending(path: "\(figure.name).svg"), encoding: .utf8))
            #expect(picture.texts.contains(figure.title), "\(picture.texts)")
        }
    }

    @Test("Without gnuplot the message says what to install")
    func missing() {
        #expect {
            try Gnuplot(environment: ["PATH": "/nonexistent:/dev"])
        } throws: {
            "\($0)".contains("gnuplot-nox")
        }
    }

    @Test(
        "A gnuplot that fails leaves the folder as it was, and its words are told",
        arguments: [
            ("echo 'line 7: no such terminal' >&2; exit 1", "line 7: no such terminal"),
            ("exit 3", "it ended with status 3"),
            ("exit 0", "student-error.svg is empty"),
        ])
    func failing(script: String, words: String) throws {
        try withFigures { figures, folder in
            let figure = figures[0]
            _ = try Gnuplot().draw(figure, into: folder)
            let svg = folder.appending(path: "student-error.svg")
            let before = try Data(contentsOf: svg)
            let tools = folder.deletingLastPathComponent().appending(path: "tools")
            try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
            let fake = tools.appending(path: "gnuplot")
            try "#!/bin/sh\n\(script)\n".write(to: fake, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: fake.path)
            let broken = try Gnuplot(environment: ["PATH": tools.path])
            #expect(
                throws: Gnuplot.Trouble(
                    description: "gnuplot could not draw student-error: \(words)")
            ) { try broken.draw(figure, into: folder) }
            #expect(try Data(contentsOf: svg) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 5)
        }
    }
}
