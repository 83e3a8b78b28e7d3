import Testing

@testable import Scheduling

@Suite struct GrowthSimulationTests {
    /// What idle workers may cost, and jobs that did nothing, on the average of a trouble's seeds.
    private struct Bound {
        var idle: Double
        var submitted: Double
    }

    private static let bounds: [GrowthSimulation.Trouble: Bound] = [
        .none: Bound(idle: 0.1, submitted: 1.1), .slowQueue: Bound(idle: 0.1, submitted: 3),
        .failingStarts: Bound(idle: 0.1, submitted: 1.1),
        .barrenJobs: Bound(idle: 0.1, submitted: 2), .muteWorkers: Bound(idle: 0.1, submitted: 2),
        .longTail: Bound(idle: 0.1, submitted: 1.1), .shortLife: Bound(idle: 0.1, submitted: 1.2),
        .deafLists: Bound(idle: 0.1, submitted: 1.1),
    ]

    @Test(
        "Every sweep ends, within the maximum, with few idle workers and few jobs for nothing",
        arguments: GrowthSimulation.Trouble.allCases)
    func growth(trouble: GrowthSimulation.Trouble) throws {
        var (idle, present, submitted, worked) = (0.0, 0.0, 0, 0)
        for seed in 0..<15 {
            var simulation = GrowthSimulation(trouble: trouble, seed: seed)
            simulation.run()
            #expect(simulation.complaints == [], "seed \(seed)")
            idle += simulation.idleTime / .seconds(1)
            present += simulation.presentTime / .seconds(1)
            submitted += simulation.submitted
            worked += simulation.workedJobs
        }
        let bound = try #require(Self.bounds[trouble])
        let (idleShare, ratio) = (idle / present, Double(submitted) / Double(worked))
        print(
            "\(trouble): idle \((idleShare * 1000).rounded() / 10) % of the workers' time, "
                + "\(submitted) jobs submitted for \(worked) that worked")
        #expect(idleShare <= bound.idle && ratio <= bound.submitted)
    }

    @Test("A launcher that can start nothing is asked three times, then once in ten minutes")
    func nothingButFailures() {
        var growth = Growth(settings: .init(maximum: 50), now: .zero)
        let demand = Demand(
            unfinished: 1000, unbegun: 1000, work: .seconds(1e6), attendants: [])
        var starts = 0
        for second in 0..<3600 {
            var events = [Growth.Event.ticked]
            while let event = events.popLast() {
                for action in growth.handle(event, demand: demand, at: .seconds(second)) {
                    switch action {
                    case .list: events.append(.listed([:]))
                    case .start:
                        starts += 1
                        events.append(.failed(reason: "no"))
                    case .say: continue
                    case .stop, .dismiss: Issue.record("\(action)")
                    }
                }
            }
        }
        #expect(starts == 3 + 5)
    }
}
