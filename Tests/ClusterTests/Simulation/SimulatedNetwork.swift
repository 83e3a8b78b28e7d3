import Scheduling
import Seeded

@testable import Cluster

/// What is between the coordinator and its workers, and what befalls them.
extension Simulation {
    mutating func connect(_ pid: Int32) -> Int {
        connections.append(Connection(worker: pid))
        return connections.count - 1
    }

    /// Carries an order to the worker at the other end.
    mutating func carry(_ bytes: [UInt8], in session: Int) {
        let delay = generator.seconds(0.0005...0.02) + connections[session].orderDelay
        let arrival = max(connections[session].lastOrder, now + delay)
        connections[session].lastOrder = arrival
        plan(.order(bytes, session: session), at: arrival)
    }

    /// Carries a report to the coordinator, a result now and then twice.
    mutating func carry(_ report: Report, in session: Int) {
        guard !connections[session].isCut else { return }
        let delay = generator.seconds(0.0005...0.02) + connections[session].reportDelay
        let arrival = max(connections[session].lastReport, now + delay)
        connections[session].lastReport = arrival
        let bytes = report.encoded()
        plan(.report(bytes, session: session), at: arrival)
        if case .result = report, generator.chance(0.1) {
            plan(.report(bytes, session: session), at: arrival)
        }
    }

    /// ZeroMQ connects anew, soon or never: then the worker has to miss the coordinator's word.
    mutating func cut(_ session: Int) {
        guard !connections[session].isCut else { return }
        connections[session].isCut = true
        guard workers[connections[session].worker]?.session == session else { return }
        if generator.chance(0.5) {
            plan(.reconnected(connections[session].worker), at: now + generator.seconds(0.1...3))
        }
    }

    /// What it has said still arrives. Its launcher starts another; the news of the death may come
    /// soon, late or never.
    mutating func kill(_ pid: Int32) {
        workers[pid] = nil
        plan(.spawn, at: now + generator.seconds(0.5...3))
        if generator.chance(0.6) { plan(.death(pid), at: now + generator.seconds(0...0.3)) }
    }

    mutating func befall(_ trouble: Trouble) {
        let someone = workers.keys.sorted().randomElement(using: &generator)
        switch trouble {
        case .cut:
            if let someone { cut(workers[someone]!.session) }
        case .slowReports:
            guard let someone else { return }
            connections[workers[someone]!.session].reportDelay = generator.seconds(1...12)
        case .slowOrders:
            guard let someone else { return }
            connections[workers[someone]!.session].orderDelay = generator.seconds(1...12)
        case .kill:
            if let someone { kill(someone) }
        case .shutDown:
            if let someone { happen(.dismissed, to: someone) }
        // Whoever sleeps already wakes no earlier for that.
        case .oversleep: asleepUntil = max(asleepUntil, now + generator.seconds(6...30))
        case .restart: restart()
        case .restartWithThreads: restart { $0.edition.threads = 3 - $0.edition.threads }
        case .restartWithSeed: restart { $0.edition.addSeed() }
        case .restartMended:
            restart {
                $0.edition.mend()
                $0.store = [:]
            }
        case .restartElsewhere: restart { $0.moveStore() }
        case .fullDisk: diskIsFullUntil = now + generator.seconds(1...15)
        }
    }
}
