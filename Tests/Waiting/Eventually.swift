import Foundation
import Testing

/// Waits until `condition` holds, and fails the test if it doesn't within the limit.
package func eventually(
    within limit: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) throws {
    let deadline = ContinuousClock.now + limit
    while try !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("it doesn't come to it within \(limit)", sourceLocation: sourceLocation)
            throw TooLate()
        }
        usleep(2_000)
    }
}

private struct TooLate: Error {}
