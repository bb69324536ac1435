internal import CTenon

/// The host and its services; valid for the life of the process, on any thread.
public struct Host: @unchecked Sendable {
    // Unchecked: the struct behind the pointer never changes, and its functions may be called on any thread.
    let pointer: UnsafePointer<tenon_host_t>
    private let log: UnsafePointer<tenon_log_v1_t>?
    private let state: UnsafePointer<tenon_state_v1_t>?

    public enum LogLevel: UInt32, Sendable { case debug, info, warning, error, hostMisbehaved }

    init(_ pointer: UnsafePointer<tenon_host_t>) {
        self.pointer = pointer
        func service<Table>(_ id: String, _: Table.Type) -> UnsafePointer<Table>? {
            withStr(id) { pointer.pointee.service(pointer, $0) }?.assumingMemoryBound(to: Table.self)
        }
        log = service(TENON_LOG_V1, tenon_log_v1_t.self)
        state = service(TENON_STATE_V1, tenon_state_v1_t.self)
    }

    /// Such as "tenon"; for people, never to decide by.
    public var name: String { String(tenon: pointer.pointee.name) }

    public var version: String { String(tenon: pointer.pointee.version) }

    /// Writes a line: a fixed message, and the facts. Dropped where the host keeps no log.
    public func log(_ level: LogLevel, _ message: StaticString, _ facts: JSONValue? = nil) {
        guard let log, log.pointee.enabled(pointer, level.rawValue) != 0 else { return }
        withStr("\(message)") { message in
            guard let facts else {
                return log.pointee.write(pointer, level.rawValue, message, tenon_str_t(data: nil, size: 0))
            }
            withStr(facts) { log.pointee.write(pointer, level.rawValue, message, $0) }
        }
    }

    /// The stored value of `key`, nil where there is none. During a call only, with that call.
    public func value(of key: String, _ call: Call) throws(ConnectorError) -> [UInt8]? {
        let state = try needState()
        let sink = ByteSink()
        let status = sink.withOutput { output in
            withStr(key) { state.pointee.get(pointer, call.pointer, $0, output) }
        }
        if status == TENON_NOT_FOUND { return nil }
        guard status >= 0 else { throw ConnectorError(host: status) }
        return sink.bytes
    }

    /// Stores a value durably, or removes it with nil. During a call only, with that call.
    public func setValue(_ value: [UInt8]?, of key: String, _ call: Call) throws(ConnectorError) {
        let state = try needState()
        let status = withStr(key) { key in
            guard let value else { return state.pointee.remove(pointer, call.pointer, key) }
            return withBytes(value) { state.pointee.put(pointer, call.pointer, key, $0) }
        }
        guard status >= 0 else { throw ConnectorError(host: status) }
    }

    private func needState() throws(ConnectorError) -> UnsafePointer<tenon_state_v1_t> {
        guard let state else { throw ConnectorError(.notImplemented, "The host keeps no state.") }
        return state
    }
}

/// Takes what the host writes in answer to `get`.
private final class ByteSink {
    var bytes: [UInt8] = []

    func withOutput(_ body: (UnsafePointer<tenon_output_t>) -> tenon_status_t) -> tenon_status_t {
        var output = tenon_output_t(
            struct_size: UInt32(MemoryLayout<tenon_output_t>.size), reserved: 0,
            context: Unmanaged.passUnretained(self).toOpaque(),
            write: { output, bytes in
                guard let output, let context = output.pointee.context else { return TENON_INTERNAL }
                let sink = Unmanaged<ByteSink>.fromOpaque(context).takeUnretainedValue()
                sink.bytes.append(contentsOf: UnsafeRawBufferPointer(tenon: bytes))
                return TENON_OK
            })
        // The host writes during the call only, so that `self` outlives its use.
        return withExtendedLifetime(self) { body(&output) }
    }
}
