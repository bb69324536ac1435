package import CTenon
internal import Glibc
package import TenonModel

/// A loaded connector: its entry and the tables it offers, checked.
///
/// Safe to share (`@unchecked Sendable`): a library is never unloaded, and entry and tables are static.
package final class ConnectorLibrary: @unchecked Sendable {
    package let path: String
    package let entry: UnsafePointer<tenon_entry_t>
    package let instance: UnsafePointer<tenon_instance_v1_t>
    package let action: UnsafePointer<tenon_action_v1_t>?
    package let source: UnsafePointer<tenon_source_v1_t>?
    package let target: UnsafePointer<tenon_target_v1_t>?

    /// Also where it says what this host does not know.
    package var isSerial: Bool { entry.pointee.threading != TENON_THREADING_PER_HANDLE }
    /// The ids that it offers, among those this host knows.
    package var capabilities: [String] {
        var ids = ["tenon.instance/1"]
        if action != nil { ids.append("tenon.action/1") }
        if source != nil { ids.append("tenon.source/1") }
        if target != nil { ids.append("tenon.target/1") }
        return ids
    }

    /// Inspects, loads and checks. Code of the library runs.
    package init(path: String) throws(TenonError) {
        try LibraryInspection(path: path).checkLoadable(path: path)
        // RTLD_NODELETE: release callbacks and threads of a connector may outlive every instance.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw TenonError(.libraryLoad, "\(path) cannot be loaded: \(reason).")
        }
        guard let symbol = dlsym(handle, "tenon_connector") else {
            throw TenonError(.librarySymbol, "\(path) does not export the symbol tenon_connector.")
        }
        typealias EntryFunction = @convention(c) () -> UnsafePointer<tenon_entry_t>?
        // The ABI says what the symbol is: a function without arguments. What it answers is checked below.
        guard let entry = unsafeBitCast(symbol, to: EntryFunction.self)() else {
            throw TenonError(.libraryMagic, "tenon_connector() of \(path) answered NULL instead of an entry.")
        }
        try Self.check(entry, path: path)
        self.path = path
        self.entry = entry
        let tables = TableLookup(path: path, entry: entry)
        guard
            let instance = try tables.find(
                TENON_INSTANCE_V1, as: tenon_instance_v1_t.self,
                functions: ["configure", "open", "check", "close", "destroy"])
        else {
            throw TenonError(
                .libraryCapability, "\(path) does not offer tenon.instance/1, which every connector needs.")
        }
        self.instance = instance
        action = try tables.find(TENON_ACTION_V1, as: tenon_action_v1_t.self, functions: ["invoke"])
        source = try tables.find(
            TENON_SOURCE_V1, as: tenon_source_v1_t.self,
            functions: ["discover", "plan", "open_reader", "next", "close_reader"])
        target = try tables.find(
            TENON_TARGET_V1, as: tenon_target_v1_t.self,
            functions: ["open_writer", "write", "commit", "abort", "close_writer"])
    }

    private static func check(_ entry: UnsafePointer<tenon_entry_t>, path: String) throws(TenonError) {
        let raw = UnsafeRawPointer(entry)
        let size = raw.load(as: UInt32.self)
        let magic = raw.load(fromByteOffset: 4, as: UInt32.self)
        guard magic == 0x4E4F_4E54 else {
            let text = "0x" + String(magic, radix: 16)
            throw TenonError(
                .libraryMagic, "The entry of \(path) begins with \(text) instead of TENON_MAGIC.")
        }
        let major = raw.load(fromByteOffset: 8, as: UInt32.self)
        guard major == UInt32(TENON_ABI_MAJOR) else {
            throw TenonError(
                .libraryABI,
                "\(path) is built for ABI \(major); this host speaks \(TENON_ABI_MAJOR). "
                    + "Build it with this SDK."
            )
        }
        guard size >= MemoryLayout<tenon_entry_t>.size else {
            throw TenonError(
                .libraryABI,
                "The entry of \(path) has \(size) bytes; ABI 1.0 needs \(MemoryLayout<tenon_entry_t>.size).")
        }
        for (name, offset) in [("create", 24), ("capability", 32)]
        where raw.load(fromByteOffset: offset, as: UInt.self) == 0 {
            throw TenonError(.libraryFunction, "The function \(name) in the entry of \(path) is NULL.")
        }
    }
}

private struct TableLookup {
    let path: String
    let entry: UnsafePointer<tenon_entry_t>

    /// The table of a capability, or nil where it is not offered. Tables hold function pointers and nothing
    /// else.
    func find<Table>(
        _ id: String, as type: Table.Type, functions: [String]
    ) throws(TenonError) -> UnsafePointer<Table>? {
        let found = id.withCString { text in
            entry.pointee.capability(tenon_str_t(data: text, size: UInt64(id.utf8.count)))
        }
        guard let found else { return nil }
        for (index, name) in functions.enumerated()
        where found.load(fromByteOffset: index * MemoryLayout<UInt>.size, as: UInt.self) == 0 {
            throw TenonError(
                .libraryFunction,
                "\(path) offers \(id) but its function \(name) is NULL. "
                    + "Set every function of an offered table."
            )
        }
        return found.assumingMemoryBound(to: Table.self)
    }
}
