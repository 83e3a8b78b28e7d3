/// How many tasks the solver begins together. Very short tasks take no longer than their handover between
/// the threads, so several share one. The longest tasks come first, so the next take no longer than the
/// last.
struct Pace {
    private(set) var together = 1

    /// How long tasks that are begun together may take in all, judged by the last ones.
    static let longest = Duration.milliseconds(1)
    private static let most = 16

    mutating func note(_ count: Int, took time: Duration) {
        let each = max(time / count, .nanoseconds(1))
        together = min(Self.most, max(1, Int(Self.longest / each)))
    }
}
