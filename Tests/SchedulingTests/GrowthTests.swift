import Testing

@testable import Scheduling

/// Growth as a transcript: what has happened, and all that is to be done then.
@Suite struct GrowthTests {
    /// At most four workers, each of which must find 10 s of work.
    private struct Run {
        var growth = Growth(
            settings: .init(maximum: 4, startCost: .seconds(10), idleLimit: .seconds(10)),
            now: .zero)
        var demand = Demand(unfinished: 100, unbegun: 100, work: .seconds(1000), attendants: [])

        mutating func at(
            _ seconds: Double, _ event: Growth.Event, _ actions: Growth.Action...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let done = growth.handle(event, demand: demand, at: .seconds(seconds))
            #expect(done == actions, sourceLocation: sourceLocation)
        }

        /// These workers are there, busy unless they are among the idle ones.
        mutating func attend(_ jobs: String..., idle: Set<String> = [], byHand: Int = 0) {
            demand.attendants =
                jobs.map { .init(job: $0, isIdle: idle.contains($0)) }
                + (0..<byHand).map { _ in .init(job: nil, isIdle: false) }
        }

        /// The launcher has started all four, and they have come.
        static var grown: Run {
            var run = Run()
            run.at(0, .ticked, .list)
            run.at(0, .listed([:]), .start(4))
            run.at(0, .started(["1", "2", "3", "4"]))
            run.attend("1", "2", "3", "4")
            run.at(0.5, .ticked)
            return run
        }
    }

    @Test("A start that is refused for good isn't tried again")
    func finalRefusal() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0, .listed([:]), .start(4))
        let reason = Growth.Failure.refused(reason: "invalid partition")
        run.at(0, .failed(reason: "invalid partition", isFinal: true), .say(.gaveUp(reason)))
        #expect(run.growth.isHampered)
        run.at(2, .ticked, .list)
        run.at(2, .listed([:]))
        #expect(run.growth.isBarren)
        run.at(10_000, .ticked, .list)
        run.at(10_000, .listed([:]))
        run.at(10_001, .ticked)
    }

    @Test("It asks what is there first, then starts as many as may be, and waits for them")
    func growth() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0.1, .ticked)
        run.at(0.2, .listed([:]), .start(4))
        run.at(0.3, .ticked)
        run.at(0.5, .started(["1", "2", "3", "4"]))
        run.at(1.5, .ticked, .list)
        let queued = Dictionary(
            uniqueKeysWithValues: ["1", "2", "3", "4"].map { ($0, Growth.Place.queued) })
        run.at(1.5, .listed(queued))
        // Twice as long each time that nothing is new.
        run.at(3.25, .ticked)
        run.at(3.5, .ticked, .list)
        run.at(3.5, .listed(queued))
        run.at(7.25, .ticked)
        run.at(7.5, .ticked, .list)
        run.at(7.5, .listed(queued.merging(["1": .running]) { $1 }))
        #expect(run.growth.queuedCount == 3 && run.growth.runningCount == 1)
    }

    @Test("What an earlier coordinator has started is counted")
    func adoption() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0, .listed(["7": .running, "8": .queued, "9": .queued]), .start(1))
    }

    @Test(
        "Never more than tasks are left, and only as many as find enough to do",
        arguments: [
            // Tasks that have not ended, that nobody has begun, their seconds, workers by hand, starts.
            (1, 1, 1000.0, 0, 1), (3, 3, 1000, 0, 3), (100, 100, 29, 0, 2), (100, 100, 0.1, 0, 1),
            (100, 100, 0.1, 1, 0), (100, 0, 0, 0, 0), (100, 100, 1000, 3, 4), (6, 3, 1000, 3, 3),
            (4, 3, 1000, 3, 1), (3, 3, 1000, 3, 0), (100, 100, 45, 3, 1),
        ])
    func howMany(unfinished: Int, unbegun: Int, work: Double, byHand: Int, starts: Int) {
        var run = Run()
        run.demand = Demand(
            unfinished: unfinished, unbegun: unbegun, work: .seconds(work), attendants: [])
        run.attend(byHand: byHand)
        run.at(0, .ticked, .list)
        if starts > 0 {
            run.at(0, .listed([:]), .start(starts))
        } else {
            run.at(0, .listed([:]))
        }
    }

    @Test("Queued jobs are cancelled when the work runs out, the newest first, not on a waver")
    func surplus() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0, .listed([:]), .start(4))
        run.at(0, .started(["1", "2", "3", "4"]))
        run.attend("1")
        run.demand.work = .seconds(30)
        run.at(0.2, .ticked)
        run.demand.work = .seconds(7.5)
        run.at(0.4, .ticked, .stop(["4"]))
        run.demand.unbegun = 0
        run.at(0.5, .stopped, .stop(["2", "3"]))
    }

    @Test("A worker that has nothing to do for long enough is sent home, and told again")
    func dismissal() {
        var run = Run.grown
        run.demand.unbegun = 0
        run.at(1, .ticked)
        run.attend("1", "2", "3", "4", idle: ["2", "3"])
        run.at(1.25, .ticked)
        // A worker that is given something meanwhile stays.
        run.attend("1", "2", "3", "4", idle: ["3"])
        run.at(1.375, .ticked)
        run.attend("1", "2", "3", "4", idle: ["2", "3"])
        run.at(1.5, .ticked, .list)
        run.at(11.25, .ticked, .dismiss("3"))
        run.at(11.4, .ticked)
        run.at(11.5, .ticked, .dismiss("2"))
        run.at(21.25, .ticked, .dismiss("3"))
    }

    @Test("A worker that is gone is replaced once its job is")
    func replacement() {
        var run = Run.grown
        let running = Dictionary(
            uniqueKeysWithValues: ["1", "2", "3", "4"].map { ($0, Growth.Place.running) })
        run.at(1.5, .ticked, .list)
        run.at(1.5, .listed(running))
        run.attend("1", "2", "3")
        run.at(2, .ticked)
        run.at(3, .ticked, .list)
        run.at(3, .listed(running.filter { $0.key != "4" }), .start(1))
    }

    @Test("A start that fails is tried again later, after three in a row much later, one at a time")
    func failures() {
        var run = Run()
        let refusal = Growth.Failure.refused(reason: "sbatch: error: invalid partition")
        run.at(0, .ticked, .list)
        run.at(0, .listed([:]), .start(4))
        run.at(
            0, .failed(reason: "sbatch: error: invalid partition"),
            .say(.failed(refusal, retryAfter: .seconds(5))))
        run.at(1, .ticked, .list)
        run.at(1, .listed([:]))
        run.at(2.9, .ticked)
        run.at(3, .ticked, .list)
        run.at(3, .listed([:]))
        run.at(5, .ticked, .start(1))
        run.at(
            5, .failed(reason: "sbatch: error: invalid partition"),
            .say(.failed(refusal, retryAfter: .seconds(10))))
        run.at(6, .ticked, .list)
        run.at(14, .listed([:]))
        run.at(15, .ticked, .start(1))
        run.at(
            15, .failed(reason: "sbatch: error: invalid partition"),
            .say(.paused(refusal, failures: 3, retryAfter: .seconds(600))))
        run.at(614, .ticked, .list)
        run.at(614, .listed([:]))
        run.at(615, .ticked, .start(1))
        run.at(615, .started(["1"]))
        // What has come shows that others can.
        run.attend("1")
        run.at(615.5, .ticked, .start(3))
    }

    @Test("A job that ends before its worker came, or whose worker never comes, is a failure")
    func barrenAndMute() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0, .listed([:]), .start(4))
        run.at(0, .started(["1", "2", "3", "4"]))
        run.at(1, .ticked, .list)
        run.at(
            1, .listed(["1": .running, "2": .running, "3": .running]),
            .say(.failed(.barren("4"), retryAfter: .seconds(5))))
        run.attend("1")
        run.at(2, .ticked, .start(1))
        run.at(
            2, .failed(reason: "no"), .say(.failed(.refused(reason: "no"), retryAfter: .seconds(5)))
        )
        // There are some that may still come.
        run.at(100, .ticked, .list)
        run.at(100, .listed(["1": .running, "2": .running, "3": .running]))
        run.at(120.5, .ticked, .list)
        run.at(
            121, .listed(["1": .running, "2": .running, "3": .running]),
            .say(.failed(.mute("3", after: .seconds(120)), retryAfter: .seconds(10))),
            .stop(["2", "3"]))
        // They were told to: it is no failure that they end.
        run.at(121.5, .stopped)
        run.at(122.5, .ticked, .list)
        run.at(122.5, .listed(["1": .running]))
        #expect(run.growth.failures == 2)
        run.at(130, .ticked, .list)
        run.at(130, .listed(["1": .running]))
        run.at(131, .ticked, .start(1))
    }

    @Test("While the launcher can't say what there is, nothing is started or stopped")
    func outage() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0, .failed(reason: "no controller"))
        run.at(1.9, .ticked)
        run.at(2, .ticked, .list)
        run.at(2, .failed(reason: "no controller"))
        run.at(6, .ticked, .list)
        run.at(6, .failed(reason: "no controller"), .say(.unlisted(reason: "no controller")))
        run.at(14, .ticked, .list)
        run.at(14, .failed(reason: "no controller"))
        run.at(29, .ticked)
        run.at(30, .ticked, .list)
        run.at(30, .listed([:]), .say(.listedAgain), .start(4))
    }

    @Test("A launcher that starts fewer than it was asked for is full")
    func full() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0, .listed([:]), .start(4))
        run.at(0, .started(["a:1", "b:1"]))
        run.attend("a:1", "b:1")
        run.at(0.5, .ticked)
        run.at(59, .ticked, .list)
        run.at(59, .listed(["a:1": .running, "b:1": .running]))
        run.at(60, .ticked, .list)
        run.at(60, .listed(["a:1": .running, "b:1": .running]), .start(2))
    }

    @Test(
        "At the end what waits is cancelled, who is there gets the time to go, and nothing is left")
    func closing() {
        var run = Run()
        run.at(0, .ticked, .list)
        run.at(0, .listed([:]), .start(4))
        run.at(0, .started(["1", "2", "3", "4"]))
        run.attend("1", "2")
        run.at(0.5, .ticked)
        run.growth.close(at: .seconds(1))
        run.at(1, .ticked, .list)
        run.at(
            1, .listed(["1": .running, "2": .running, "3": .running, "4": .queued]),
            .stop(["3", "4"]))
        run.at(1, .stopped)
        run.attend("2")
        run.at(2, .ticked)
        run.at(3, .ticked, .list)
        run.at(3, .listed(["2": .running]))
        #expect(!run.growth.isGone)
        run.at(4, .ticked, .list)
        run.at(4, .listed(["2": .running]), .stop(["2"]))
        run.at(4, .stopped)
        run.at(5, .ticked, .list)
        run.at(5, .listed([:]))
        #expect(run.growth.isGone)
    }
}
