import Foundation
import Testing

@testable import Dashboard

/// Which questions are let through, and how.
struct HeadTests {
    private func head(_ text: String) -> Head { Head(Array(text.utf8)) }

    @Test("A whole head goes on as one question to a connection, without a body")
    func whole() {
        let expected = Head.whole(
            Array("GET /events?token=x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".utf8))
        let question = "GET /events?token=x HTTP/1.1\r\nHost: h\r\n"
        #expect(head(question + "\r\n") == expected)
        #expect(head("\r\n" + question + "\r\n") == expected)
        #expect(head(question.replacing("\r", with: "") + "\n") == expected)
        #expect(
            head(
                question + "connection: keep-alive\r\nContent-Length: 1000000\r\n"
                    + "TRANSFER-ENCODING: chunked\r\nExpect: 100-continue\r\n\r\nbody and more")
                == expected)
    }

    @Test("Half a head is waited for, and one that is too long isn't")
    func long() {
        #expect(head("") == .partial && head("GET / HTTP/1.1\r\nHost: h\r\n") == .partial)
        let long = String(repeating: "x", count: Porter.longestLine + 1)
        #expect(head("GET /" + long) == .tooLong("414 URI Too Long"))
        #expect(head("GET /" + long + "\r\n\r\n") == .tooLong("414 URI Too Long"))
        let refusal = Head.tooLong("431 Request Header Fields Too Large")
        #expect(head("GET / HTTP/1.1\r\nA: " + long) == refusal)
        #expect(head("GET / HTTP/1.1\r\nA: " + long + "\r\n\r\n") == refusal)
        let many = String(repeating: "a: b\r\n", count: 3000)
        #expect(head("GET / HTTP/1.1\r\n" + many) == refusal)
        // As long as may be.
        let most = String(repeating: "x", count: Porter.longestLine - 20)
        #expect(head("GET / HTTP/1.1\r\nA: \(most)\r\n") == .partial)
    }
}
