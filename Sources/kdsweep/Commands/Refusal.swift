/// A sweep file or an argument that can't be taken: what it is, and what would be right.
struct Refusal: Error {
    let message: String

    init(_ message: String) { self.message = message }

    /// Runs `body`, and turns an error that it throws into a refusal.
    static func unless<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw Refusal("\(error)") }
    }
}
