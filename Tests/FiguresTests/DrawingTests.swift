import Results
import Sweep
import Testing

@testable import Figures

/// What figures have beside their curves: scales, the teacher, rings.
@Suite struct DrawingTests {
    @Test("One scale for one quantity in all figures, which covers everything that they draw")
    func scales() throws {
        let found = try figures(smallSweep())
        let errors = ["student-error", "best-soft-ratio", "width", "teacher-noise"].map {
            found[$0]!
        }
        let map = try #require(found["error-map"])
        let extent = try #require(map.key.extent)
        for figure in errors {
            #expect(figure.y.extent == extent && figure.y.isLogarithmic == map.key.isLogarithmic)
            for curve in figure.panels.flatMap(\.curves) {
                for point in curve.points + (curve.limit.map { [$0] } ?? []) {
                    #expect((extent.low...extent.high).contains(point.y))
                }
            }
            #expect(
                figure.panels.flatMap(\.references).flatMap(\.values).allSatisfy(
                    (extent.low...extent.high).contains))
        }
        #expect(found["transfer-risk"]!.y.extent != extent, "another quantity")
        #expect(found["risk-bounds"]!.y.title == "risk and bounds")
    }

    @Test("Errors are drawn with the teacher's, which depends on its noise alone")
    func teacher() throws {
        let found = try figures(smallSweep())
        func references(_ name: String) -> [[Figure.Reference]] {
            found[name]!.panels.map(\.references)
        }
        #expect(references("transfer-risk").allSatisfy { $0.isEmpty })
        #expect(references("student-error").allSatisfy { $0.count == 1 && $0[0].curve == nil })
        #expect(references("best-soft-ratio").allSatisfy { $0.map(\.curve) == [0, 1] })
        for references in references("teacher-noise") {
            guard case .points(let points) = references[0].course else {
                Issue.record("\(references)"); return
            }
            #expect(points.map(\.x) == [0, 0.5])
        }
        let without = try figures(smallSweep(metrics: [.studentError]))
        #expect(without["student-error"]!.panels.allSatisfy { $0.references.isEmpty })
        #expect(!without["student-error"]!.caption.contains("Dotted"))
    }

    @Test("Several metrics are drawn on a scale with a neutral name, unless they are of a kind")
    func several() throws {
        let sweep = smallSweep()
        try withStore(of: sweep) { store, _ in
            func title(_ metrics: [Metric], _ logarithms: Logarithms? = nil) throws -> String {
                let wish = Wish(measures: metrics.map(Measure.metric), logarithms: logarithms)
                let figure = try #require(try store.figures(try wish.sketches(of: sweep)).first)
                #expect(logarithms.map { $0.y == figure.y.isLogarithmic } ?? true)
                #expect(logarithms.map { $0.x == figure.x.isLogarithmic } ?? true)
                return figure.y.title
            }
            #expect(try title([.oracleRisk, .riskBound]) == "risk and bounds")
            #expect(try title([.studentError, .teacherError]) == "error")
            #expect(try title([.studentError, .weightNorm]) == "value")
            _ = try title([.oracleRisk, .riskBound], Logarithms(x: false, y: false))
            _ = try title([.studentError, .weightNorm], Logarithms(x: true, y: true))
        }
    }

    @Test("The best is marked where the axis makes a difference and no level is better")
    func marks() throws {
        let cold = try figures(
            smallSweep(
                width: [.infinite], softRatio: [0, 0.3, 1], teacherNoise: [0], temperature: [1, 2]))[
                "temperature"]
        let temperature = try #require(cold)
        #expect(temperature.panels[0].curves.map(\.best) == [nil, 0, nil])
        #expect(temperature.caption.contains("T has no effect where ρ is 0 or 1."))
        let sweep = smallSweep(
            width: [.infinite], softRatio: [0.3], teacherNoise: [0], ridge: [0, 0.001, 0.1, 10])
        let ridge = try #require(try figures(sweep)["ridge"])
        #expect(ridge.x.isLogarithmic && ridge.x.limit == "λ = 0")
        let curve = ridge.panels[0].curves[0]
        #expect(curve.points.map(\.x) == [0.001, 0.1, 10] && curve.limit != nil)
        #expect(curve.best == nil, "all are equal")
        #expect(ridge.caption.contains("Dashed: ridge 0, the best where nothing is ringed."))
    }
}
