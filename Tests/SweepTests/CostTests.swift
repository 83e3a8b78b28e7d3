import Sweep
import Testing

@Suite struct CostTests {
    /// N^2 + 2 N M + (L + 2)(N + M) m + 1024 N + (N + M)(4 c + 2 d) doubles and 100 MB, by hand.
    @Test func memory() {
        let sweep = BlockTests.sweep
        let N = 100.0
        let M = 50.0
        let shared = N * N + 2 * N * M + (N + M) * (4 * 40 + 2 * 3)
        let finite = sweep.block(5)
        #expect(finite.depth == 2 && finite.width == .finite(8))
        #expect(sweep.cost(of: finite).memory == 100e6 + 8 * (shared + 4 * (N + M) * 8 + 1024 * N))
        let infinite = sweep.block(17)
        #expect(infinite.depth == 2 && infinite.width == .infinite)
        #expect(sweep.cost(of: infinite).memory == 100e6 + 8 * shared)
        var unridged = sweep
        unridged.grid.ridge = [0]
        let saved = sweep.cost(of: infinite).memory - unridged.cost(of: unridged.block(17)).memory
        #expect(saved == 8 * N * M)
    }

    /// Its bytes, and a row's features, logit, label and what orders it.
    @Test func aTablesMemoryIsEveryTasks() {
        var sweep = BlockTests.sweep
        func table(rows: Int?, bytes: Int?) -> Sweep {
            sweep.settings.learningTask = .table(
                TableReference(
                    file: "/t.csv", digest: "", label: "y", teacherLogit: "z",
                    features: ["a", "b", "c"], rows: rows, bytes: bytes))
            return sweep
        }
        let unknown = table(rows: nil, bytes: nil)
        let known = table(rows: 1000, bytes: 50_000)
        #expect(unknown.tableMemory == 0)
        #expect(known.tableMemory == 50_000 + 1000 * (8 * 4 + 1 + 112))
        for block in [5, 17] {
            let (less, more) = (
                unknown.cost(of: unknown.block(block)), known.cost(of: known.block(block))
            )
            #expect(more.memory - less.memory == known.tableMemory)
            // The list of tasks follows from the work.
            #expect(more.work == less.work)
        }
        #expect(known.digest == unknown.digest)
    }

    @Test func aWiderDeeperOrLargerBlockCostsMore() {
        let sweep = BlockTests.sweep
        func flops(_ sweep: Sweep, _ block: Int) -> Double {
            sweep.cost(of: sweep.block(block)).flops
        }
        #expect(flops(sweep, 8) > flops(sweep, 4))
        var wider = sweep
        wider.grid.width[0] = .finite(16)
        #expect(flops(wider, 0) > flops(sweep, 0))
        var larger = sweep
        larger.settings.oracleSamples = 200
        #expect(flops(larger, 0) > flops(sweep, 0))
        #expect(flops(larger, 12) > flops(sweep, 12))
        var smooth = sweep
        smooth.settings.teacherNoise = .smooth(lengthscale: 1)
        #expect(flops(smooth, 0) > flops(sweep, 0))
    }

    /// The largest terms at scale: a factorisation for each ridge, and the kernel.
    @Test func flopsAtScale() {
        var sweep = BlockTests.sweep
        sweep.settings.oracleSamples = 20_000
        sweep.settings.testSamples = 1
        sweep.grid.sampleSize = [10]
        let infinite = sweep.cost(of: sweep.block(12)).flops
        let factorisations = 2 * 20_000.0 * 20_000.0 * 20_000.0 / 3
        #expect(abs(infinite / factorisations - 1) < 0.01, "\(infinite / factorisations)")
    }
}
