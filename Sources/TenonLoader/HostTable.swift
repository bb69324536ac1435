package import CTenon
internal import Glibc
internal import TenonModel

/// The `tenon_host_t` that connectors get, and the services behind it. Lives as long as the process, as the
/// ABI says.
package final class HostTable: Sendable {
    /// Takes a line: level, message, fields. From any thread; must not block.
    package typealias LogFunction = @Sendable (UInt32, String, String) -> Void

    let log: LogFunction
    // Written before it is shared, never freed: connectors may read it until the process ends.
    nonisolated(unsafe) package let pointer: UnsafePointer<tenon_host_t>

    /// Texts of the host table; never freed.
    private static func permanent(_ text: String) -> tenon_str_t {
        tenon_str_t(data: strdup(text), size: UInt64(text.utf8.count))
    }

    package static func make(version: String, log: @escaping LogFunction) -> HostTable {
        HostTable(version: version, log: log)
    }

    private init(version: String, log: @escaping LogFunction) {
        self.log = log
        let table = UnsafeMutablePointer<tenon_host_t>.allocate(capacity: 1)
        var host = tenon_host_t()
        host.struct_size = UInt32(MemoryLayout<tenon_host_t>.size)
        host.abi_major = UInt32(TENON_ABI_MAJOR)
        host.abi_minor = UInt32(TENON_ABI_MINOR)
        host.name = Self.permanent("tenon")
        host.version = Self.permanent(version)
        host.service = { _, id in HostTable.service(id) }
        table.initialize(to: host)
        pointer = UnsafePointer(table)
        table.pointee.context = Unmanaged.passRetained(self).toOpaque()
    }

    private static func service(_ id: tenon_str_t) -> UnsafeRawPointer? {
        switch CallFrame.text(id, limit: 128) {
        case TENON_LOG_V1: UnsafeRawPointer(logTable)
        case TENON_STATE_V1: UnsafeRawPointer(stateTable)
        default: nil
        }
    }

    fileprivate static func at(_ host: UnsafePointer<tenon_host_t>?) -> HostTable {
        Unmanaged<HostTable>.fromOpaque(host!.pointee.context).takeUnretainedValue()
    }

    // Both tables are written once, before anybody can see them.
    nonisolated(unsafe) private static let logTable: UnsafePointer<tenon_log_v1_t> = {
        let table = UnsafeMutablePointer<tenon_log_v1_t>.allocate(capacity: 1)
        table.initialize(
            to: tenon_log_v1_t(
                enabled: { _, level in level >= UInt32(TENON_LOG_INFO) ? 1 : 0 },
                write: { host, level, message, fields in
                    HostTable.at(host).log(
                        level, CallFrame.text(message, limit: 2048), CallFrame.text(fields, limit: 1024))
                }))
        return UnsafePointer(table)
    }()

    nonisolated(unsafe) private static let stateTable: UnsafePointer<tenon_state_v1_t> = {
        let table = UnsafeMutablePointer<tenon_state_v1_t>.allocate(capacity: 1)
        table.initialize(
            to: tenon_state_v1_t(
                get: { _, call, key, value in
                    StateCall.perform(.get, call: call, key: key, value: tenon_bytes_t(), output: value)
                },
                put: { _, call, key, value in
                    StateCall.perform(.put, call: call, key: key, value: value, output: nil)
                },
                remove: { _, call, key in
                    StateCall.perform(.remove, call: call, key: key, value: tenon_bytes_t(), output: nil)
                }))
        return UnsafePointer(table)
    }()
}

private enum StateCall {
    static func perform(
        _ operation: StateRequest.Operation, call: UnsafePointer<tenon_call_t>?, key: tenon_str_t,
        value: tenon_bytes_t, output: UnsafePointer<tenon_output_t>?
    ) -> tenon_status_t {
        guard let call, key.size > 0, key.size <= UInt64(TENON_MAX_STATE_KEY_BYTES), let keyBytes = key.data
        else {
            return CallStatus.invalidArgument.rawValue
        }
        guard value.size <= UInt64(TENON_MAX_STATE_VALUE_BYTES) else {
            return CallStatus.resourceExhausted.rawValue
        }
        let bytes = UnsafeRawBufferPointer(start: keyBytes, count: Int(key.size))
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return CallStatus.invalidArgument.rawValue
        }
        var request = StateRequest(operation, key: text)
        if let data = value.data {
            request.value = Array(UnsafeBufferPointer(start: data, count: Int(value.size)))
        }
        let frame = CallState.at(call.pointee.context).owner!.takeUnretainedValue()
        guard let service = frame.stateService else { return CallStatus.unavailable.rawValue }
        do {
            let answer = try service(request)
            guard operation == .get, let output else { return TENON_OK }
            return answer.withUnsafeBufferPointer { bytes in
                output.pointee.write(
                    output, tenon_bytes_t(data: bytes.baseAddress, size: UInt64(bytes.count)))
            }
        } catch {
            return error.status.rawValue
        }
    }
}
