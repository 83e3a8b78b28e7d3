import Cluster
import Foundation

/// Shows how far a run is: a bar on a terminal; elsewhere a line every ten seconds.
final class ProgressDisplay {
    private let name: String
    private var lastLineAt: Duration?

    /// The time between two lines if there is no terminal.
    private static let lineInterval = Duration.seconds(10)

    init(name: String) { self.name = name }

    func update(_ progress: Standing) {
        if Console.shared.isTerminal {
            Console.shared.show(Self.bar(name, progress, width: Console.shared.width - 1))
        } else if lastLineAt.map({ progress.elapsed - $0 >= Self.lineInterval }) ?? true {
            lastLineAt = progress.elapsed
            Console.shared.line("\(name): \(Self.counts(progress))")
        }
    }

    /// Removes the bar, so that the terminal is free for what comes next.
    func finish() {
        if Console.shared.isTerminal { Console.shared.show("") }
    }

    /// `quickstart ██████▌········ 470/1080 cells, 92/s, 7 s left, 2 workers`
    static func bar(_ name: String, _ progress: Standing, width: Int) -> String {
        let text = counts(progress)
        let room = min(40, width - name.count - text.count - 2)
        guard room >= 5 else { return String("\(name) \(text)".prefix(max(0, width))) }
        let end = max(1, progress.cellsTotal, progress.cellsExpected ?? 0)
        let share = Double(progress.cellsDone) / Double(end)
        let eighths = Int((share * Double(room * 8)).rounded(.down))
        var bar = String(repeating: "█", count: eighths / 8)
        if eighths % 8 > 0 { bar.append(Array("▏▎▍▌▋▊▉")[eighths % 8 - 1]) }
        bar += String(repeating: "·", count: room - bar.count)
        return "\(name) \(bar) \(text)"
    }

    static func counts(_ progress: Standing) -> String {
        var parts = ["\(progress.cellsDone)/\(progress.cellsTotal) cells"]
        if let expected = progress.cellsExpected, expected > progress.cellsTotal {
            parts[0] += " (some \(expected) expected)"
        }
        if progress.cellsFailed > 0 { parts.append("\(progress.cellsFailed) failed") }
        if progress.cellsPerSecond > 0 { parts.append(rate(progress.cellsPerSecond)) }
        if let left = progress.timeLeft, progress.cellsDone < progress.cellsTotal {
            let more = progress.timeExpected.map { " (some \(clock($0)) expected)" } ?? ""
            parts.append("\(clock(left)) left\(more)")
        }
        let workers = progress.workers.count
        parts.append("\(workers) worker\(workers == 1 ? "" : "s")")
        if let queued = progress.launch?.queued, queued > 0 { parts.append("\(queued) queued") }
        return parts.joined(separator: ", ")
    }

    static func rate(_ perSecond: Double) -> String {
        perSecond >= 10
            ? "\(Int(perSecond.rounded()))/s" : "\((perSecond * 10).rounded() / 10)/s"
    }

    /// `7 s`, `12 min 5 s`, `3 h 0 min`: rounded up to the last unit.
    static func clock(_ duration: Duration) -> String {
        let seconds = Int((duration / .seconds(1)).rounded(.up))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        let minutes = (seconds + 59) / 60
        return "\(minutes / 60) h \(minutes % 60) min"
    }
}
