import Foundation
import Results
import Sweep
import Testing

@testable import kdsweep

/// What a run says of how it ended.
struct OutcomeTests {
    private func outcome(_ counts: StatusCounts) throws -> Outcome {
        Outcome(
            of: try Sweep(file: Repository.file("sweeps/quickstart.yaml")), counts, storedBefore: 0,
            in: ResultsFolder(at: URL(filePath: "/results")))
    }

    @Test("Diverged cells are counted by themselves, with what to lower")
    func diverged() throws {
        let outcome = try outcome(StatusCounts(ok: 3000, diverged: 72))
        #expect(outcome.line == "quickstart: 3072 cells, 3000 ok, 72 diverged")
        let line = try #require(outcome.divergedLine)
        #expect(line.hasPrefix("72 of 3072 cells have diverged"), "\(line)")
        let (rate, momentum) = (
            line.firstRange(of: "training.learning_rate"), line.firstRange(of: "training.momentum")
        )
        #expect(try #require(rate).lowerBound < #require(momentum).lowerBound)
        #expect(outcome.singularLine == nil)
        let json = try JSONEncoder.ofCommands.encode(outcome)
        let fields = try JSONSerialization.jsonObject(with: json) as? [String: Any]
        #expect(fields?["diverged"] as? Int == 72 && fields?["failed"] as? Int == 0)
    }

    @Test("Networks at the edge of stability are counted, with what to lower")
    func edge() throws {
        let outcome = try outcome(StatusCounts(ok: 3072, atTheEdge: 5))
        #expect(outcome.line == "quickstart: 3072 cells, 3072 ok")
        let line = try #require(outcome.edgeLine)
        #expect(line.hasPrefix("5 of 3072 cells") && line.contains("learning_rate"), "\(line)")
        let json = try JSONEncoder.ofCommands.encode(outcome)
        let fields = try JSONSerialization.jsonObject(with: json) as? [String: Any]
        #expect(fields?["at_the_edge"] as? Int == 5)
    }

    @Test("Nothing is said of what there isn't")
    func ok() throws {
        let outcome = try outcome(StatusCounts(ok: 3072))
        #expect(outcome.line == "quickstart: 3072 cells, 3072 ok")
        #expect(outcome.divergedLine == nil && outcome.singularLine == nil)
        #expect(outcome.edgeLine == nil)
    }
}
