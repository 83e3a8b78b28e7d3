/// What the page is sent of a run: where it stands, and what the page's reader has no sweep file for.
struct PageState: Encodable, Sendable {
    private let run: RunState
    /// The results folder, as it is shown.
    private let folder: String
    /// How many are there; the page lists some.
    private let workerCount: Int
    /// By number, of those that the page names: `task 12: width 256, depth 3, seed 4`.
    private let taskWords: [Int: String]

    /// A reader doesn't look at each of ten thousand workers.
    private static let mostWorkers = 200

    /// - Parameter words: what a task of this number is to a reader who knows the sweep.
    init(_ run: RunState, folder: String, words: (Int) -> String) {
        var shown = run
        shown.workers = Array(run.workers.prefix(Self.mostWorkers))
        self.run = shown
        self.folder = folder
        workerCount = run.workers.count
        let tasks = Set(shown.workers.flatMap(\.running) + (run.failures ?? []).map(\.task))
        taskWords = Dictionary(uniqueKeysWithValues: tasks.map { ($0, words($0)) })
    }

    private enum Key: CodingKey { case folder, workerCount, taskWords }

    /// One object: the run's keys and these.
    func encode(to encoder: any Encoder) throws {
        try run.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(folder, forKey: .folder)
        try container.encode(workerCount, forKey: .workerCount)
        try container.encode(taskWords, forKey: .taskWords)
    }
}
