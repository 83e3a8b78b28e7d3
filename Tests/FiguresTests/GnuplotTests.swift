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
            var (curves, levels, rings) = (0, 0, 0)
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
                }
                for text in [figure.title, figure.x.title, figure.y.title, figure.key.title]
                    + figure.panels.map(\.title) + figure.panels[0].curves.map(\.label)
                {
                    #expect(text.isEmpty || picture.texts.contains(text), "\(figure.name): \(text)")
                }
                #expect(picture.texts.joined(separator: " ").contains(figure.caption))
            }
            // 3 x 2 of errors, risks, inefficiencies and widths, 2 x 3 of the best, 4 x 3 of bounds.
            #expect(curves == 3 * 2 * 4 + 2 * 3 + 4 * 3 && levels == 6 && rings == 6)
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
            for panel in figure.panels.indices {
                for (column, row) in [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)] {
                    #expect(picture.hasBox(chart.box(column, row, panel: panel)))
                }
                #expect(!picture.hasBox(chart.box(2, 1, panel: panel)))
                for row in 0...1 {
                    #expect(
                        picture.hasMark(
                            chart.place(1, Double(row), panel: panel), colour: "#000000"))
                }
            }
            return figures
        }
        #expect(figures.count == 7)
    }

    @Test("Three pictures of one shape, with what they come from beside them")
    func files() throws {
        try withFigures { figures, folder in
            let figure = figures[0]
            let files = try Gnuplot().draw(figure, into: folder)
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

            // As a user would restyle it.
            let before = try Data(contentsOf: files[0])
            let script = try String(contentsOf: files[3], encoding: .utf8)
            try script.replacing("ps 0.55", with: "ps 2").write(
                to: files[3], atomically: true, encoding: .utf8)
            let again = Process()
            again.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            again.arguments = ["gnuplot", "student-error.gp"]
            again.currentDirectoryURL = folder
            try again.run()
            again.waitUntilExit()
            #expect(again.terminationStatus == 0)
            #expect(try Data(contentsOf: files[0]) != before)
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

/// Where a figure's numbers ought to be in its SVG, whose y grows downwards.
private struct Chart {
    let layout: Layout
    let x: Scale
    let y: Scale
    let colours: [String]

    init(_ figure: Figure) {
        layout = figure.layout
        (x, y) = figure.scales
        colours = figure.colours.sample(figure.panels[0].curves.count)
    }

    func place(_ x: Double, _ y: Double, panel: Int) -> (x: Double, y: Double) {
        let frame = layout.frames[panel]
        func share(_ value: Double, _ scale: Scale) -> Double {
            scale.isLogarithmic
                ? log(value / scale.low) / log(scale.high / scale.low)
                : (value - scale.low) / (scale.high - scale.low)
        }
        return (
            frame.left + share(x, self.x) * (frame.right - frame.left),
            layout.height - frame.bottom - share(y, self.y) * (frame.top - frame.bottom)
        )
    }

    /// The corners of a map's cell.
    func box(_ column: Int, _ row: Int, panel: Int) -> [(x: Double, y: Double)] {
        [(-0.5, -0.5), (0.5, 0.5)].map {
            place(Double(column) + $0.0, Double(row) + $0.1, panel: panel)
        }
    }
}

/// The lines, marks, boxes and words of an SVG that gnuplot made.
private struct Picture {
    let texts: [String]
    private var lines: [(colour: String, points: [(x: Double, y: Double)])] = []
    private var marks: [(colour: String, x: Double, y: Double)] = []
    private var boxes: [[(x: Double, y: Double)]] = []
    private static let tolerance = 1.0

    init(_ svg: String) {
        texts = svg.matches(of: /<text>(?:<tspan[^>]*>)?([^<]*)/).map { match in
            String(match.1).replacing("&amp;", with: "&").replacing("&lt;", with: "<")
                .replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
                .replacing("&apos;", with: "'").trimmingCharacters(in: .whitespaces)
        }
        let paths = /<path stroke='rgb\(([^)]*)\)'[^>]*? d='([^']*)'/
        for match in svg.matches(of: paths) {
            lines.append((Self.colour(String(match.1)), Self.points(String(match.2))))
        }
        let uses = /translate\(([\d.]+),([\d.]+)\) scale\([\d.]+\)' color='rgb\(([^)]*)\)'/
        for match in svg.matches(of: uses) {
            marks.append((Self.colour(String(match.3)), Double(match.1)!, Double(match.2)!))
        }
        for match in svg.matches(of: /<polygon[^>]*points = '([^']*)'/) {
            boxes.append(Self.points(String(match.1)))
        }
    }

    func hasLine(_ points: [(x: Double, y: Double)], colour: String) -> Bool {
        lines.contains { line in
            line.colour == colour && line.points.count == points.count
                && zip(line.points, points).allSatisfy { Self.near($0, $1) }
        }
    }

    func hasMark(_ place: (x: Double, y: Double), colour: String) -> Bool {
        marks.contains { $0.colour == colour && Self.near(($0.x, $0.y), place) }
    }

    func hasBox(_ corners: [(x: Double, y: Double)]) -> Bool {
        boxes.contains { box in
            corners.allSatisfy { corner in box.contains { Self.near($0, corner) } }
        }
    }

    private static func near(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> Bool {
        abs(a.x - b.x) < tolerance && abs(a.y - b.y) < tolerance
    }

    /// `68,   1,  84` as `#440154`
    private static func colour(_ text: String) -> String {
        "#"
            + text.split(separator: ",").map { part in
                let value = Int(part.trimmingCharacters(in: .whitespaces))!
                return (value < 16 ? "0" : "") + String(value, radix: 16)
            }.joined()
    }

    private static func points(_ text: String) -> [(x: Double, y: Double)] {
        text.matches(of: /([\d.]+),([\d.]+)/).map { (Double($0.1)!, Double($0.2)!) }
    }
}
