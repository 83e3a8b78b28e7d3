import Foundation
import Sweep
import Testing

@testable import Figures

/// What becomes of a script that its user has changed, and of the ways in which pictures can be drawn.
@Suite struct RestylingTests {
    private func withFigure<Value>(
        named name: String = "student-error", of sweep: Sweep = smallSweep(),
        status: (Cell) -> Status? = { _ in .ok }, _ body: (Figure, URL) throws -> Value
    ) throws -> Value {
        try withStore(of: sweep, status: status) { store, folder in
            let figures = try store.figures(Sketch.standard(of: sweep))
            return try body(try #require(figures.first { $0.name == name }), folder.figures)
        }
    }

    private func read(_ name: String, in folder: URL) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    private func change(_ name: String, in folder: URL, _ old: String, to new: String) throws {
        let script = try read(name, in: folder)
        #expect(script.contains(old))
        try script.replacing(old, with: new).write(
            to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    @Test("A changed script is kept and draws new data, until it is to be replaced")
    func kept() throws {
        let gnuplot = try Gnuplot()
        let sweep = smallSweep()
        // Of the first seed only, then of both.
        try withFigure(status: { $0.seed == 0 ? .ok : nil }) { first, folder in
            #expect(try !gnuplot.draw(first, into: folder).isScriptKept)
            let usual = try read("student-error.svg", in: folder)
            #expect(
                try !gnuplot.draw(first, into: folder).isScriptKept, "unchanged, it is replaced")
            try change("student-error.gp", in: folder, "ps 0.55", to: "ps 2")
            let script = try read("student-error.gp", in: folder)
            let kept = try gnuplot.draw(first, into: folder)
            #expect(kept.isScriptKept && kept.files[0].lastPathComponent == "student-error.svg")
            #expect(try read("student-error.gp", in: folder) == script)
            let restyled = try read("student-error.svg", in: folder)
            #expect(restyled != usual)

            try withFigure(of: sweep) { second, _ in
                #expect(try gnuplot.draw(second, into: folder).isScriptKept)
                #expect(try read("student-error.gp", in: folder) == script)
                #expect(try read("student-error.svg", in: folder) != restyled, "of other numbers")
                let forced = try gnuplot.draw(second, into: folder, replacesChanged: true)
                #expect(!forced.isScriptKept)
                #expect(try read("student-error.gp", in: folder) == GnuplotScript(second).text)
            }
        }
    }

    @Test("A kept script finds its numbers by name after the sweep has grown")
    func grown() throws {
        let gnuplot = try Gnuplot()
        try withFigure(of: smallSweep(softRatio: [0, 1])) { small, folder in
            _ = try gnuplot.draw(small, into: folder)
            try change("student-error.gp", in: folder, "ps 0.55", to: "ps 0.56")
            try withFigure(of: smallSweep(softRatio: [0, 0.3, 1])) { large, _ in
                #expect(try gnuplot.draw(large, into: folder).isScriptKept)
                // The second line of the script is that of soft ratio 1, which is the third one now.
                let picture = Picture(try read("student-error.svg", in: folder))
                let chart = Chart(small)
                for (number, panel) in large.panels.enumerated() {
                    let places = panel.curves[2].points.map {
                        chart.place($0.x, $0.y, panel: number)
                    }
                    #expect(picture.hasLine(places, colour: chart.colours[1]))
                }
            }
        }
    }

    @Test("A changed script that fails is named, with gnuplot's words and what to do")
    func failing() throws {
        try withFigure { figure, folder in
            _ = try Gnuplot().draw(figure, into: folder)
            try change("student-error.gp", in: folder, "set multiplot", to: "set multiplott")
            #expect {
                try Gnuplot().draw(figure, into: folder)
            } throws: {
                "\($0)".contains("student-error.gp, which was changed")
                    && "\($0)".contains("unrecognized option")
                    && "\($0)".contains("--force replaces it")
            }
        }
    }

    @Test("Any change shows, of a letter or of the seal itself")
    func seal() {
        let script = ScriptSeal.sealed("a = 1\nplot a\n")
        #expect(ScriptSeal.isIntact(script))
        for (old, new) in [
            ("1", "2"), ("plot a\n", "plot a\n\n"), ("# As", "# as"), ("a = 1\n", ""),
        ] {
            #expect(!ScriptSeal.isIntact(script.replacing(old, with: new)), "\(old)")
        }
        #expect(!ScriptSeal.isIntact("") && !ScriptSeal.isIntact("plot a\n"))
    }

    @Test(
        "A bare figure has its title and caption in a file beside it, and only the formats asked for"
    )
    func bare() throws {
        try withFigure { figure, folder in
            let style = Style(width: 5.5, isBare: true, formats: [.svg])
            let outcome = try Gnuplot().draw(figure, into: folder, style: style)
            #expect(
                outcome.files.map(\.lastPathComponent)
                    == ["svg", "gp", "dat", "txt"].map { "student-error.\($0)" })
            #expect(
                try read("student-error.txt", in: folder)
                    == "\(figure.title)\n\n\(figure.caption)\n")
            let svg = try read("student-error.svg", in: folder)
            #expect(svg.contains("width=\"528\""), "5.5 inches of 96 points")
            let texts = Picture(svg).texts
            #expect(!texts.contains(figure.title))
            #expect(!texts.contains { figure.caption.hasPrefix($0) && !$0.isEmpty })
            #expect(texts.contains(figure.x.title) && texts.contains(figure.y.title))
            let sizes = svg.matches(of: /font-size="([\d.]+)"/).map { Double($0.1)! }
            #expect(!sizes.isEmpty && sizes.allSatisfy { $0 * 72 / 96 >= 7 }, "\(sizes)")
        }
    }

    @Test("A mean over fewer seeds has a hollow mark, a lone point is no line")
    func hollow() throws {
        try withFigure(
            status: { cell in
                if cell.softRatio == 1 { return cell.sampleSize == 32 ? .ok : nil }
                return cell.seed == 1 && cell.sampleSize == 16 ? .singular : .ok
            }
        ) { figure, folder in
            #expect(figure.caption.contains("Hollow marks: means over fewer than 2 seeds."))
            _ = try Gnuplot().draw(figure, into: folder)
            let picture = Picture(try read("student-error.svg", in: folder))
            let chart = Chart(figure)
            let (first, lone) = (figure.panels[0].curves[0], figure.panels[0].curves[2])
            #expect(first.points.map(\.isPartial) == [true, false, false])
            let places = first.points.map { chart.place($0.x, $0.y, panel: 0) }
            #expect(picture.hasMark(places[0], colour: "#ffffff"), "hollow")
            #expect(picture.hasMark(places[0], colour: chart.colours[0]))
            #expect(!picture.hasMark(places[1], colour: "#ffffff"))
            #expect(picture.hasMark(places[1], colour: chart.colours[0]))
            #expect(lone.points.count == 1)
            let place = chart.place(lone.points[0].x, lone.points[0].y, panel: 0)
            #expect(picture.hasMark(place, colour: chart.colours[2]))
            #expect(!picture.hasLine([place], colour: chart.colours[2]))
        }
    }

    @Test("A map's mean over fewer seeds has a square; a logarithmic one has no box for 0")
    func mapMarks() throws {
        try withFigure(
            named: "error-map",
            status: { $0.seed == 1 && $0.softRatio == 0 && $0.teacherNoise == 0.5 ? nil : .ok }
        ) { figure, folder in
            #expect(figure.caption.contains("Squares: means over fewer than 2 seeds."))
            #expect(figure.caption.contains("Dots: the best of each row."))
            _ = try Gnuplot().draw(figure, into: folder)
            let picture = Picture(try read("error-map.svg", in: folder))
            let chart = Chart(figure)
            for panel in figure.panels.indices {
                for colour in ["#ffffff", "#000000"] {
                    #expect(picture.hasMark(chart.place(0, 0.5, panel: panel), colour: colour))
                    #expect(!picture.hasMark(chart.place(0, 0, panel: panel), colour: colour))
                }
            }
            var zero = figure
            zero.key.isLogarithmic = true
            zero.panels = [zero.panels[0]]
            zero.panels[0].content = .map(.init(x: [1, 2], y: [1], values: [[0, 0.5]]))
            _ = try Gnuplot().draw(zero, into: folder)
            #expect(try read("error-map.dat", in: folder).contains(" 0.5\n"))
            #expect(try !read("error-map.dat", in: folder).contains(" 0.0\n"))
        }
    }

    @Test("A teacher of whom one error is known is a cross")
    func cross() throws {
        try withFigure(
            named: "teacher-noise",
            status: { $0.teacherNoise == 0 ? nil : .ok }
        ) { figure, folder in
            #expect(figure.caption.contains("Cross: the teacher's error."))
            _ = try Gnuplot().draw(figure, into: folder)
            let picture = Picture(try read("teacher-noise.svg", in: folder))
            let chart = Chart(figure)
            for (number, panel) in figure.panels.enumerated() {
                let places = chart.places(of: panel.references[0], panel: number)
                #expect(places.count == 1 && picture.hasMark(places[0], colour: "#666666"))
            }
        }
    }

    @Test("Rings at one place have different sizes")
    func rings() throws {
        // At the smallest of the soft ratios' errors all noise levels have the same error.
        try withFigure(named: "best-soft-ratio", of: smallSweep(softRatio: [0, 0.3])) {
            figure, folder in
            var figure = figure
            for panel in figure.panels.indices {
                guard case .curves(var curves) = figure.panels[panel].content else { continue }
                curves[1].points = curves[0].points
                curves[1].best = curves[0].best
                figure.panels[panel].content = .curves(curves)
            }
            let script = GnuplotScript(figure).text
            #expect(script.matches(of: #/pt 6 ps 1\.7 /#).count == 3)
            #expect(script.matches(of: #/pt 6 ps 2\.4 /#).count == 3)
            _ = try Gnuplot().draw(figure, into: folder)
        }
    }
}
