import Foundation
import Host
import Testing

@testable import Results

/// What is known of a results folder's file system.
struct FolderTraitsTests {
    private let mounts = """
        24 30 0:22 / /proc rw,nosuid - proc proc rw
        30 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        41 30 0:45 / /home rw,relatime shared:7 master:2 - nfs4 server:/home rw,vers=4.2
        42 30 0:4000 / /scratch rw - fuse.sshfs host:/ rw
        """

    @Test func theTypeIsThatOfTheDevicesMount() {
        #expect(FolderTraits.type(ofDevice: 254 << 8, mounts: mounts) == "ext4")
        #expect(FolderTraits.type(ofDevice: 45, mounts: mounts) == "nfs4")
        // The minor number's upper bits lie above the major's.
        #expect(
            FolderTraits.type(ofDevice: 4000 & 0xff | (4000 & ~0xff) << 12, mounts: mounts)
                == "fuse.sshfs")
        #expect(FolderTraits.type(ofDevice: 99, mounts: mounts) == nil)
        #expect(FolderTraits.type(ofDevice: 1, mounts: "junk\n") == nil)
    }

    @Test func hereTheresALog() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            #expect(store.traits == FolderTraits() && store.traits.carriesLog)
        }
    }

    @Test func aHolderThatHasEndedIsTakenOverAndALivingOneIsnt() throws {
        try withFolder { folder in
            try folder.create()
            let own = ProcessIdentity.current
            #expect(own.isAlive == true && ProcessIdentity(own.text) == own)
            var gone = own
            gone.startTicks! += 1
            #expect(gone.isAlive == false, "a later process of the same number")
            try Data(gone.text.utf8).write(to: URL(filePath: LockFile.path(in: folder.url)))
            #expect(LockFile.holder(of: folder.url) == nil)
            do {
                let file = try LockFile(folder: folder.url)
                #expect(LockFile.holder(of: folder.url) == own)
                #expect(throws: ResultsError.self) { _ = try LockFile(folder: folder.url) }
                _ = consume file
            }
            #expect(LockFile.holder(of: folder.url) == nil)
            let other = ProcessIdentity(host: "elsewhere", pid: own.pid, startTicks: own.startTicks)
            #expect(other.isAlive == nil)
            for text in ["", "h 1", "h x 1", "h 1 -1", "h 1 2 3"] {
                #expect(ProcessIdentity(text) == nil)
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            #expect(left.isEmpty, "\(left)")
        }
    }
}
