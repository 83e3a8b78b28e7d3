import Testing

@testable import Dashboard

/// How the one who lets visitors in comes and goes.
struct PorterTests {
    @Test("It ends once: a second call, as a monitor's end and its removal make, waits for nothing")
    func end() throws {
        let address = try #require(WebAddress("127.0.0.1:0"))
        let porter = try Porter(at: address, before: "/nowhere/page")
        #expect(porter.port > 0 && porter.isLoopback)
        porter.end()
        let clock = ContinuousClock()
        // Whoever waits for what was said once already waits for twice the farewell.
        #expect(clock.measure { porter.end() } < Porter.farewell)
    }
}
