/// What a lost worker held. Kept since the worker may come back, or a late message may say that it had
/// started one of these tasks.
struct Loss: Sendable {
    enum Cause: Hashable, Sendable {
        /// Any message from the worker undoes this.
        case silence
        /// Only a new hello undoes this, or an orderly goodbye that the news of the death overtook: the
        /// worker sent any other message before it died.
        case death(reason: String)
    }

    var cause: Cause
    var leases: [Int: Lease]
}
