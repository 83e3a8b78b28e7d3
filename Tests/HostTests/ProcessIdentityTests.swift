import Foundation
import Testing

@testable import Host

@Suite struct ProcessIdentityTests {
    @Test("A process is told from another of its number, and from one that has ended")
    func identity() throws {
        var this = ProcessIdentity.current
        #expect(this.pid == getpid() && this.isAlive == true)
        this.startTicks! += 1
        #expect(this.isAlive == false)
        this.host += "-elsewhere"
        #expect(this.isAlive == nil)
        let child = Process()
        child.executableURL = URL(filePath: "/bin/true")
        try child.run()
        child.waitUntilExit()
        var ended = ProcessIdentity.current
        ended.pid = child.processIdentifier
        #expect(ended.isAlive == false)
    }
}
