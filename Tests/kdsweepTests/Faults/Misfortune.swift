import Foundation
import Seeded

/// What befalls a run from outside.
enum Trouble: Hashable {
    case workerKilled
    /// By SIGTERM or SIGINT: it hands its tasks back.
    case workerAsked(Int32)
    case workerStopped(Duration)
    case allWorkersStopped(Duration)
    /// Until another one is started.
    case coordinatorKilled(Duration)
    /// By SIGTERM or SIGINT: it sends its workers home.
    case coordinatorAsked(Int32, Duration)
    case coordinatorStopped(Duration)
}

/// Troubles, each after some more tasks are stored or patience is at its end, as a seed has it: so
/// most come amid the work, however fast the machine.
struct Misfortune {
    /// What each coordinator has otherwise than the one before.
    enum Change: Hashable {
        case nothing, threads, sweep
    }

    struct Blow {
        var tasks: Int
        var patience: Duration
        /// From then on, so that it hits anywhere in a task.
        var delay: Duration
        var trouble: Trouble
    }

    var blows: [Blow]
    var sweep: TroubledSweep
    var change: Change

    /// Five. A worker and a coordinator are always killed; in every sixth round all workers, and in
    /// another the coordinator, are stopped for longer than anyone bears silence.
    init(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        sweep = [.solved, .precise, .solved, .trained][seed % 4]
        change = [.nothing, .threads, .sweep][seed % 3]
        var troubles: [Trouble] = [
            .workerKilled, .coordinatorKilled(generator.seconds(0...0.6)),
        ]
        while troubles.count < 4 { troubles.append(Self.any(&generator)) }
        troubles.shuffle(using: &generator)
        switch seed % 6 {
        // Last: what comes amid a silence ends it.
        case 0: troubles.append(.allWorkersStopped(Self.tooLong))
        case 3: troubles.append(.coordinatorStopped(Self.tooLong))
        default: troubles.append(Self.any(&generator))
        }
        blows = troubles.map { trouble in
            Blow(
                tasks: Int.random(in: 1...5, using: &generator),
                patience: generator.seconds(0.3...1.2), delay: generator.seconds(0...0.12),
                trouble: trouble)
        }
    }

    /// Longer than the silence after which workers and coordinators give each other up.
    static let tooLong = Duration.milliseconds(11_500)

    private static func any(_ generator: inout SeededGenerator) -> Trouble {
        let signal = Bool.random(using: &generator) ? SIGTERM : SIGINT
        let pause = generator.seconds(0.05...1.5)
        return switch Int.random(in: 0..<6, using: &generator) {
        case 0: .workerKilled
        case 1: .workerAsked(signal)
        case 2: .workerStopped(pause)
        case 3: .coordinatorKilled(pause / 2)
        case 4: .coordinatorAsked(signal, pause / 2)
        default: .coordinatorStopped(pause)
        }
    }
}
