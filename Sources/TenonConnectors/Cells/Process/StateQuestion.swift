internal import Glibc
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// A request to the state service as it came from a cell, checked.
struct StateQuestion: Sendable {
    var request: StateRequest

    init(reading body: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var reader = BodyReader(body)
        guard let operation = StateRequest.Operation(rawValue: try reader.integer(UInt8.self)) else {
            throw .frameBody
        }
        let key = try reader.text()
        guard (1...128).contains(key.utf8.count) else { throw .stateKey }
        request = StateRequest(operation, key: key, value: try reader.bytesField())
        guard request.value.count <= 65536 else { throw .stateKey }
        try reader.finish()
    }

    /// Asks the storage and builds the answer's frame.
    func answer(_ services: HostServices, instance: String, callID: UInt64) -> [UInt8] {
        var writer = BodyWriter()
        writer.begin(.stateAnswer, callID: callID)
        do throws(CallFailure) {
            let value = try services.perform(request, instance: instance)
            writer.put(CallStatus.ok.rawValue)
            writer.put(raw: value)
        } catch {
            writer.put(error.status.rawValue)
        }
        writer.finish()
        return writer.bytes
    }
}

extension HostServices {
    func perform(_ request: StateRequest, instance: String) throws(CallFailure) -> [UInt8] {
        switch request.operation {
        case .get:
            guard let value = try state.get(instance: instance, key: request.key) else {
                throw CallFailure(.notFound, "There is no value under this key.")
            }
            return value
        case .put: try state.put(instance: instance, key: request.key, value: request.value)
        case .remove: try state.remove(instance: instance, key: request.key)
        }
        return []
    }
}
