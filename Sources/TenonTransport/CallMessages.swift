package import TenonModel

/// What a call asks a lane to do.
package enum CallOperation: UInt8, Sendable {
    /// `first`: the configuration.
    case open = 1
    case check = 2
    case discover = 3
    /// `first`: the action's name, `second`: its input.
    case invoke = 4
    /// `first`: the request, `second`: the checkpoint, `third`: the schema's hint or nothing.
    case openReader = 5
    /// `first`: the request, `third`: the schema.
    case openWriter = 6
    /// Numbers: the ring position, the bytes taken there, the bytes that count.
    case write = 7
    /// `number`: the sequence.
    case commit = 8
    case abort = 9
    case closeStream = 10
    case closeInstance = 11
    /// Makes an instance and destroys it at once.
    case probe = 12
    /// Answers at once.
    case nothing = 13
}

/// A call on its way to a cell, its fields lying in the frame.
package struct CallMessage {
    package var operation: CallOperation
    package var attempt: UInt32
    package var deadlineNanoseconds: UInt64
    package var number: UInt64
    package var secondNumber: UInt64
    package var thirdNumber: UInt64
    package var idempotencyKey: UnsafeRawBufferPointer
    package var traceparent: UnsafeRawBufferPointer
    package var first: UnsafeRawBufferPointer
    package var second: UnsafeRawBufferPointer
    package var third: UnsafeRawBufferPointer

    package init(reading body: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var reader = BodyReader(body)
        guard let operation = CallOperation(rawValue: try reader.integer(UInt8.self)) else {
            throw .frameBody
        }
        self.operation = operation
        attempt = try reader.integer(UInt32.self)
        deadlineNanoseconds = try reader.integer(UInt64.self)
        number = try reader.integer(UInt64.self)
        secondNumber = try reader.integer(UInt64.self)
        thirdNumber = try reader.integer(UInt64.self)
        idempotencyKey = try reader.counted()
        traceparent = try reader.counted()
        first = try reader.counted()
        second = try reader.counted()
        third = try reader.counted()
        try reader.finish()
    }
}

/// A call as the host writes it.
package struct OutgoingCall {
    package var operation: CallOperation
    package var attempt: UInt32 = 1
    package var deadlineNanoseconds: UInt64 = 0
    package var number: UInt64 = 0
    package var secondNumber: UInt64 = 0
    package var thirdNumber: UInt64 = 0
    package var idempotencyKey = ""
    package var traceparent = ""
    package var name = ""
    package var first: [UInt8] = []
    package var second: [UInt8] = []
    package var third: [UInt8] = []

    package init(_ operation: CallOperation) { self.operation = operation }

    /// `name` stands where `first` would, unless it is empty.
    package func write(to writer: inout BodyWriter, callID: UInt64) {
        writer.begin(.call, callID: callID)
        writer.put(operation.rawValue)
        writer.put(attempt)
        writer.put(deadlineNanoseconds)
        writer.put(number)
        writer.put(secondNumber)
        writer.put(thirdNumber)
        writer.put(text: idempotencyKey)
        writer.put(text: traceparent)
        if name.isEmpty { writer.put(counted: first) } else { writer.put(text: name) }
        writer.put(counted: second)
        writer.put(counted: third)
        writer.finish()
    }
}

extension CallFailure {
    package func write(to writer: inout BodyWriter, kind: FrameKind, callID: UInt64) {
        writer.begin(kind, callID: callID)
        writer.put(status.rawValue)
        writer.put(errorClass.rawValue)
        writer.put(effect.rawValue)
        writer.put(vendorCode)
        writer.put(retryAfterMilliseconds)
        writer.put(text: message)
        writer.put(text: fieldPath)
        writer.put(text: detailsJSON)
        writer.finish()
    }

    package init(reading body: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var reader = BodyReader(body)
        let code = try reader.integer(Int32.self)
        guard code < 0, let status = CallStatus(rawValue: code) else { throw .resultStatus }
        let errorClass = ErrorClass(rawValue: try reader.integer(UInt32.self)) ?? status.defaultClass
        let effect = Effect(rawValue: try reader.integer(UInt32.self)) ?? .unknown
        let vendor = try reader.integer(Int32.self)
        let retry = try reader.integer(UInt64.self)
        self.init(status, try reader.text(), errorClass: errorClass, effect: effect)
        vendorCode = vendor
        retryAfterMilliseconds = retry
        fieldPath = try reader.text()
        detailsJSON = try reader.text()
        try reader.finish()
    }
}
