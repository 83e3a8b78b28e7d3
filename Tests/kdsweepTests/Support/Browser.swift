import Foundation
import Testing
import Waiting

/// A real Chromium without a screen, led through its DevTools protocol: messages of JSON, each with a zero
/// byte at its end, through two pipes.
final class Browser {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// What its page and its log have complained of.
    private(set) var complaints: [String] = []
    /// The addresses that it has asked for, those of the page itself among them.
    private(set) var requests: [String] = []
    private let daemons = Daemons()
    private let workspace: Workspace
    private let orders: CInt
    private let answers: CInt
    private var unread = Data()
    private var lastID = 0
    private var session: String?

    static let canRun = canTest("the dashboard in a browser", "chromium-headless-shell") {
        arePrograms(executable)
    }
    private static let executable = "/usr/bin/chromium-headless-shell"

    init() throws {
        let workspace = try Workspace()
        self.workspace = workspace
        let pipes = ["orders", "answers"].map { workspace.folder.appendingPathComponent($0).path }
        // Open for both directions, so that opening waits for nobody.
        for pipe in pipes { try #require(mkfifo(pipe, 0o600) == 0) }
        (orders, answers) = (open(pipes[0], O_RDWR | O_CLOEXEC), open(pipes[1], O_RDWR | O_CLOEXEC))
        try daemons.start(
            "browser", "/bin/sh",
            [
                "-c", "exec \"$@\" 3<\"$0/orders\" 4>\"$0/answers\"", workspace.folder.path,
                Self.executable, "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--hide-scrollbars", "--remote-debugging-pipe",
                "--user-data-dir=\(workspace.folder.path)/profile", "about:blank",
            ], in: workspace.folder)
        let page = try call("Target.createTarget", ["url": "about:blank"])["targetId"]!
        session =
            try call("Target.attachToTarget", ["targetId": page, "flatten": true])["sessionId"]
            as? String
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"] {
            try call("\(domain).enable")
        }
    }

    deinit {
        // Its helpers write into its profile to the last.
        let processes = (try? end()) ?? []
        for _ in 0..<500 where processes.contains(where: isRunning) { usleep(10_000) }
        daemons.stop("browser")
        close(orders)
        close(answers)
    }

    /// Has it end by itself.
    ///
    /// - Returns: all of its processes.
    private func end() throws -> [pid_t] {
        session = nil
        let information = try call("SystemInfo.getProcessInfo")["processInfo"]
        try call("Browser.close")
        return (information as? [[String: Any]] ?? []).compactMap {
            ($0["id"] as? Int).map(pid_t.init)
        }
    }

    // MARK: What one does in a browser

    /// Goes there, and returns when the page is there.
    ///
    /// - Returns: the status of the answer.
    @discardableResult
    func visit(_ url: String) throws -> Int {
        try call("Page.navigate", ["url": url])
        try eventually { try value("document.readyState") as? String == "complete" }
        return try value("performance.getEntriesByType('navigation')[0].responseStatus") as! Int
    }

    /// What a page's expression is, as JSON.
    @discardableResult
    func value(_ expression: String) throws -> Any? {
        let answer = try call(
            "Runtime.evaluate",
            ["expression": expression, "returnByValue": true, "awaitPromise": true])
        if let fault = answer["exceptionDetails"] { throw Failure(description: "\(fault)") }
        return (answer["result"] as? [String: Any])?["value"]
    }

    /// The text that a reader sees of an element.
    func text(_ selector: String) throws -> String {
        try value("document.querySelector(\"\(selector)\")?.innerText ?? ''") as? String ?? ""
    }

    func resize(width: Int, height: Int = 900, isDark: Bool = false) throws {
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
        try call(
            "Emulation.setEmulatedMedia",
            [
                "features": [
                    ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
                ]
            ])
    }

    func press(_ key: String) throws {
        let codes = ["Tab": 9, "Enter": 13, " ": 32]
        for type in ["keyDown", "keyUp"] {
            var event: [String: Any] = [
                "type": type, "key": key, "windowsVirtualKeyCode": codes[key]!,
            ]
            if key == "Enter" { event["text"] = "\r" }
            try call("Input.dispatchKeyEvent", event)
        }
    }

    /// Returns when the page has been drawn as it is now, and nothing moves.
    func awaitDrawing() throws {
        try value(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
        )
        try eventually { try value("document.getAnimations().length") as? Int == 0 }
    }

    /// The whole page, as PNG.
    func screenshot(to file: URL) throws {
        let answer = try call(
            "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        try Data(base64Encoded: answer["data"] as! String)!.write(to: file)
    }

    /// Where those who want to look at what was drawn find it: `KDSWEEP_SCREENSHOTS`, or nowhere.
    private static let album = ProcessInfo.processInfo.environment["KDSWEEP_SCREENSHOTS"].map {
        URL(filePath: $0, directoryHint: .isDirectory)
    }

    /// On a phone and on a desk, in light and dark.
    func takePictures(of name: String) throws {
        guard let album = Self.album else { return }
        for width in [390, 1280] {
            for isDark in [false, true] {
                try resize(width: width, isDark: isDark)
                try awaitDrawing()
                let kind = "\(width)-\(isDark ? "dark" : "light")"
                try screenshot(to: album.appending(path: "\(name)-\(kind).png"))
            }
        }
        try resize(width: 1280)
    }

    /// The page on paper of the usual size, as PDF.
    func print(as name: String) throws -> Data {
        let answer = try call("Page.printToPDF", ["printBackground": false])
        let pdf = Data(base64Encoded: answer["data"] as! String)!
        if let album = Self.album { try pdf.write(to: album.appending(path: "\(name).pdf")) }
        return pdf
    }

    /// What a screen reader is told: roles and names, in the page's order.
    func accessibleNodes() throws -> [(role: String, name: String)] {
        let nodes = try call("Accessibility.getFullAXTree")["nodes"] as! [[String: Any]]
        return nodes.filter { $0["ignored"] as? Bool == false }.map { node in
            func text(_ key: String) -> String {
                (node[key] as? [String: Any])?["value"] as? String ?? ""
            }
            return (text("role"), text("name"))
        }
    }

    // MARK: The protocol

    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        lastID += 1
        var message: [String: Any] = ["id": lastID, "method": method, "params": parameters]
        if let session { message["sessionId"] = session }
        var bytes = Array(try JSONSerialization.data(withJSONObject: message)) + [0]
        while !bytes.isEmpty {
            let count = write(orders, bytes, bytes.count)
            guard count > 0 else { throw Failure(description: "\(method): no pipe") }
            bytes.removeFirst(count)
        }
        while true {
            let answer = try next(after: method)
            if answer["id"] as? Int == lastID {
                if let fault = answer["error"] { throw Failure(description: "\(method): \(fault)") }
                return answer["result"] as? [String: Any] ?? [:]
            }
            note(answer)
        }
    }

    private func next(after method: String) throws -> [String: Any] {
        while true {
            if let end = unread.firstIndex(of: 0) {
                defer { unread.removeSubrange(...end) }
                return try JSONSerialization.jsonObject(with: unread[..<end]) as? [String: Any]
                    ?? [:]
            }
            var item = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
            guard poll(&item, 1, 60_000) == 1 else {
                throw Failure(description: "\(method): the browser doesn't answer")
            }
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = read(answers, &bytes, bytes.count)
            guard count > 0 else { throw Failure(description: "\(method): the browser is gone") }
            unread.append(contentsOf: bytes.prefix(count))
        }
    }

    private func note(_ event: [String: Any]) {
        let parameters = event["params"] as? [String: Any] ?? [:]
        switch event["method"] as? String {
        case "Network.requestWillBeSent":
            requests.append((parameters["request"] as? [String: Any])?["url"] as? String ?? "")
        case "Runtime.exceptionThrown": complaints.append("\(parameters)")
        case "Runtime.consoleAPICalled" where parameters["type"] as? String == "error":
            complaints.append("\(parameters)")
        case "Log.entryAdded": complaints.append("\(parameters)")
        default: break
        }
    }
}
