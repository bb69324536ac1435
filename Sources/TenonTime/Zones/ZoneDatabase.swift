internal import Synchronization
internal import TenonModel

/// The zones of this machine, each read once. What a later update of the files says holds from the next start.
final class ZoneDatabase: Sendable {
    static let shared = ZoneDatabase(folders: [
        "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
    ])

    private static let longestName = 64
    private let folders: [String]
    /// Bounded by the number of files there are.
    private let tables = Mutex<[String: ZoneTable]>([:])
    private let listed = Mutex<[String]?>(nil)

    init(folders: [String]) { self.folders = folders }

    func table(_ name: String) throws(TenonError) -> ZoneTable {
        if let table = tables.withLock({ $0[name] }) { return table }
        guard Self.isName(name), let bytes = file(name) else { throw unknown(name) }
        guard let table = ZoneFile.read(bytes) else {
            throw TenonError(.timeUnknownZone, "The zone file of \"\(name)\" is damaged or of another form.")
        }
        tables.withLock { $0[name] = table }
        return table
    }

    /// The names of the database, sorted.
    var names: [String] {
        if let names = listed.withLock({ $0 }) { return names }
        let bytes = file("tzdata.zi") ?? []
        let names = ZoneNames.read(String(decoding: bytes, as: UTF8.self))
        listed.withLock { $0 = names }
        return names
    }

    private func file(_ name: String) -> [UInt8]? {
        for folder in folders {
            if let bytes = FileBytes.read("\(folder)/\(name)", maxBytes: ZoneFile.maxBytes) { return bytes }
        }
        return nil
    }

    private func unknown(_ name: String) -> TenonError {
        let shown = name.utf8.count <= Self.longestName ? name : String(name.prefix(Self.longestName)) + "…"
        let names = names
        let suggestion = NearestName.suggestion(for: shown, among: names)
        let hint =
            if names.count == 1 {
                " It has no time zones at all; install the package tzdata."
            } else if suggestion.isEmpty {
                " Zones are named as in the IANA database, such as Europe/Berlin, or are an offset, such as +02:00."
            } else {
                suggestion
            }
        return TenonError(.timeUnknownZone, "There is no time zone \"\(shown)\" on this machine.\(hint)")
    }

    /// Whether a text can be a zone's name, and so part of a path: letters, digits, `_`, `-`, `+`, in parts
    /// between slashes. The database's other files and its copies that count leap seconds are no zones.
    private static func isName(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= longestName else { return false }
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isNameByte) }
        let first = String(name.prefix { $0 != "/" })
        return isPlain && !["right", "posix", "posixrules", "localtime", "Factory"].contains(first)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
        default: false
        }
    }
}
