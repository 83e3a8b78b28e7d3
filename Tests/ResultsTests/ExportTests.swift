import Foundation
import Host
import Sweep
import Testing

@testable import Results

@Suite struct ExportTests {
    private let sweep = smallSweep(
        width: [.finite(64), .infinite], sampleSize: [16], softRatio: [0.3], seed: [0, 1])

    /// Block 0 ok, 1 singular, 2 failed, 3 missing.
    private var mixed: [Computed] {
        [
            sweep.computed(block: 2, status: .failed, error: "pivot 3, \"K\"\nis\r\nbroken"),
            sweep.computed(block: 0) { cell, metric in metric == .weightNorm ? 1e-5 : 1 },
            sweep.computed(block: 1, status: .singular) { _, _ in .nan },
        ]
    }

    @Test func writesCells() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, mixed)
            let tally = try store.export(to: folder)
            #expect(
                tally
                    == StatusCounts(
                        ok: 2, singular: 2, failed: 2, missing: 2, singularSizes: [16: 2]))
            #expect(
                try text(folder.cells) == """
                    width,model,steps,sample_size,soft_ratio,teacher_noise,temperature,depth,ridge,seed,status,transfer_risk,weight_norm,error
                    64,linearised,inf,16,0.3,0.0,1.0,3,0.0,0,ok,1.0,1e-05,
                    64,linearised,inf,16,0.3,0.0,1.0,3,0.0,1,singular,,,
                    64,linearised,inf,16,0.3,1e-05,1.0,3,0.0,0,ok,1.0,1e-05,
                    64,linearised,inf,16,0.3,1e-05,1.0,3,0.0,1,singular,,,
                    inf,linearised,inf,16,0.3,0.0,1.0,3,0.0,0,failed,,,"pivot 3, ""K""; is; broken"
                    inf,linearised,inf,16,0.3,1e-05,1.0,3,0.0,0,failed,,,"pivot 3, ""K""; is; broken"

                    """)
        }
    }

    @Test func anExportThatIsBrokenOffLeavesTheOldFilesAndNothingElse() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, mixed)
            _ = try store.export(to: folder)
            let before = (try text(folder.cells), try text(folder.summary))
            try store.run(sweep, [sweep.computed(block: 3)])
            for patience in 0...1 {
                var asked = 0
                #expect(throws: ResultsError.cancelled) {
                    try store.export(to: folder) {
                        asked += 1
                        return asked > patience
                    }
                }
                #expect(try text(folder.cells) == before.0 && text(folder.summary) == before.1)
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            #expect(!names.contains { $0.hasSuffix(AtomicFile.temporarySuffix) }, "\(names)")
        }
    }

    @Test func noControlCharacterOfAReasonReachesTheFile() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(
                sweep, [sweep.computed(block: 0, status: .failed, error: "a\u{1B}[31mb\u{7}c\td")])
            _ = try store.export(to: folder)
            #expect(try text(folder.cells).contains(",failed,,,a\u{FFFD}[31mb\u{FFFD}c d\n"))
        }
    }

    @Test func writesTheSummary() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, mixed)
            _ = try store.export(to: folder)
            #expect(
                try text(folder.summary) == """
                    width,model,steps,sample_size,soft_ratio,teacher_noise,temperature,depth,ridge,seeds,transfer_risk_mean,transfer_risk_sem,weight_norm_mean,weight_norm_sem,data_inefficiency,data_inefficiency_discrete
                    64,linearised,inf,16,0.3,0.0,1.0,3,0.0,1,1.0,,1e-05,,,
                    64,linearised,inf,16,0.3,1e-05,1.0,3,0.0,1,1.0,,1e-05,,,
                    inf,linearised,inf,16,0.3,0.0,1.0,3,0.0,0,,,,,,
                    inf,linearised,inf,16,0.3,1e-05,1.0,3,0.0,0,,,,,,

                    """)
        }
    }

    @Test func gridPointsAreThoseOfTheSummary() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, mixed)
            var points: [Int: Estimate?] = [:]
            try store.forEachPoint { points[$0] = $1.estimate(of: .transferRisk) }
            #expect(points.keys.sorted() == [0, 1, 2, 3])
            #expect(points[0]??.mean == 1 && points[0]??.error.isNaN == true)
            #expect(points[2] == .some(nil), "its only cell failed")
        }
    }

    /// 97,200 cells are two slabs, of six strips and of three, and texts of as many parts as there are
    /// processors.
    @Test func aGridOfSeveralSlabsIsWrittenInItsOrder() throws {
        let sweep = smallSweep(
            width: [.infinite], sampleSize: Array(1...9),
            softRatio: (0..<900).map { Double($0) / 899 }, depth: [1, 2], seed: [3, 1, 2],
            metrics: [.weightNorm])
        #expect(sweep.grid.count == 97_200)
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            #expect(try store.export(to: folder) == StatusCounts(ok: 97_200))
            let lines = try text(folder.cells).split(separator: "\n").dropFirst()
            let isInOrder = zip(0..., lines).allSatisfy { number, line in
                let cell = sweep.grid[number]
                return line
                    == "\(cell.width),linearised,inf,\(cell.sampleSize),\(cell.softRatio),\(cell.teacherNoise),"
                    + "1.0,\(cell.depth),0.0,\(cell.seed),ok,\(Double(number) + 2.75),"
            }
            #expect(isInOrder && lines.count == 97_200)
            let summary = try text(folder.summary).split(separator: "\n").dropFirst()
            #expect(summary.count == 32_400)
            #expect(summary.allSatisfy { $0.split(separator: ",")[9] == "3" })
        }
    }

    @Test func theSameRowsGiveTheSameBytes() throws {
        let sweep = smallSweep(seed: [0, 1, 2])
        let value: (Int, Metric) -> Double = { cell, _ in 1 / Double(cell + 3) }
        let all = (0..<sweep.blockCount).map { sweep.computed(block: $0, value: value) }
        func export(_ batches: [[Computed]]) throws -> [String] {
            try withFolder { folder in
                for batch in batches {
                    try Store(in: folder, for: .running).run(sweep, batch)
                }
                _ = try Store(in: folder, for: .reading).export(to: folder)
                return [try text(folder.cells), try text(folder.summary)]
            }
        }
        let atOnce = try export([all])
        #expect(try export(all.reversed().map { [$0] }) == atOnce)
        #expect(try export([Array(all[2...]), all]) == atOnce)
    }

    @Test func aFailureLeavesTheOldFilesAndNoTemporaryOnes() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, mixed)
            try "old".write(to: folder.cells, atomically: true, encoding: .utf8)
            let file = try AtomicFile(replacing: folder.cells)
            try file.write(Array("half".utf8))
            #expect(try text(folder.cells) == "old")
            // A folder can't be replaced by a file, whoever asks.
            try FileManager.default.removeItem(at: folder.cells)
            try FileManager.default.createDirectory(
                at: folder.cells, withIntermediateDirectories: false)
            try "old".write(to: folder.summary, atomically: true, encoding: .utf8)
            #expect(throws: SystemError.self) { try store.export(to: folder) }
            #expect(try text(folder.summary) == "old")
        }
    }

    @Test func temporaryFilesOfKilledProcessesGo() throws {
        try withFolder { folder in
            try folder.create()
            func names() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
            }
            try "x".write(
                to: folder.url.appending(path: ".cells.csv.1-2.partial"), atomically: false,
                encoding: .utf8)
            try folder.write(sweepFile: "name: small\n")
            try folder.removeStaleFiles()
            #expect(try names() == ["sweep.yaml"])
            #expect(try text(folder.sweepFile) == "name: small\n")
        }
    }
}
