public import CTenon
internal import Synchronization

/// Makes the entry of a connector. One line in the connector shows it to the host:
///
///     @_cdecl("tenon_connector")
///     public func tenonConnector() -> UnsafePointer<tenon_entry_t> {
///         ConnectorEntry.make(HelloConnector.self, threading: .perHandle)
///     }
public enum ConnectorEntry {
    /// What may overlap.
    public enum Threading: UInt32, Sendable {
        /// No two calls on one instance, its readers and its writers.
        case serial
        /// Calls on different readers, writers and the instance itself may.
        case perHandle
    }

    /// The entry of the one connector of this shared object: the same at every call.
    public static func make<Type: Connector>(
        _ type: Type.Type, threading: Threading
    ) -> UnsafePointer<tenon_entry_t> {
        ConnectorFactory.shared.withLock { factory in
            if let factory { return factory.entry }
            let made = ConnectorFactory(type, threading: threading)
            factory = made
            return made.entry
        }
    }
}

/// What the C tables, which can capture nothing, need to know of the connector: it is the only one of its
/// shared object.
struct ConnectorFactory: @unchecked Sendable {
    // Unchecked: the entry is written before the factory is shared, and never again.
    let entry: UnsafePointer<tenon_entry_t>
    let make: @Sendable (Host, String, JSONValue) throws(ConnectorError) -> any Connector
    let isSource: Bool
    let isTarget: Bool
    let isAction: Bool

    static let shared = Mutex<ConnectorFactory?>(nil)

    static var current: ConnectorFactory? { shared.withLock { $0 } }

    init<Type: Connector>(_ type: Type.Type, threading: ConnectorEntry.Threading) {
        make = { host, name, configuration throws(ConnectorError) in
            try type.init(host: host, name: name, configuration: configuration)
        }
        isSource = type is any SourceConnector.Type
        isTarget = type is any TargetConnector.Type
        isAction = type is any ActionConnector.Type
        // Never freed: it lives as long as the process, as the ABI wants it.
        let entry = UnsafeMutablePointer<tenon_entry_t>.allocate(capacity: 1)
        entry.initialize(
            to: tenon_entry_t(
                struct_size: UInt32(MemoryLayout<tenon_entry_t>.size), magic: TENON_MAGIC,
                abi_major: UInt32(TENON_ABI_MAJOR), abi_minor: UInt32(TENON_ABI_MINOR),
                threading: threading.rawValue, reserved: 0, create: createInstance,
                capability: findCapability))
        self.entry = UnsafePointer(entry)
    }
}

private func findCapability(_ id: tenon_str_t) -> UnsafeRawPointer? {
    guard let factory = ConnectorFactory.current else { return nil }
    switch String(tenon: id) {
    case TENON_INSTANCE_V1: return UnsafeRawPointer(InstanceTable.shared.pointer)
    case TENON_SOURCE_V1 where factory.isSource: return UnsafeRawPointer(SourceTable.shared.pointer)
    case TENON_TARGET_V1 where factory.isTarget: return UnsafeRawPointer(TargetTable.shared.pointer)
    case TENON_ACTION_V1 where factory.isAction: return UnsafeRawPointer(ActionTable.shared.pointer)
    default: return nil
    }
}

private func createInstance(
    _ host: UnsafePointer<tenon_host_t>?, _ name: tenon_str_t, _ call: UnsafePointer<tenon_call_t>?,
    _ instance: UnsafeMutablePointer<OpaquePointer?>?
) -> tenon_status_t {
    guard let host, let instance else { return TENON_INTERNAL }
    let box = InstanceBox(host: Host(host), name: String(tenon: name))
    instance.pointee = OpaquePointer(Unmanaged.passRetained(box).toOpaque())
    return TENON_OK
}
