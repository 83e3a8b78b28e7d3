import Testing

@testable import Benchmark

@Suite struct SchedulerGrowthTests {
    /// A cost that is linear in workers or tasks would be eight times as high. The full size is for
    /// release builds: `cluster/bench --only scheduler`.
    @Test(.timeLimit(.minutes(5))) func anEventCostsLittleMoreInALargerRun() {
        let growth = schedulerGrowth(workers: 2_000, tasks: 20_000)
        print(growth.line)
        #expect(growth.ratio < 3)
    }
}
