/// A request of a connector to the state service.
package struct StateRequest: Sendable, Equatable {
    package enum Operation: UInt8, Sendable {
        case get = 1
        case put = 2
        case remove = 3
    }
    package var operation: Operation
    package var key: String
    package var value: [UInt8]

    package init(_ operation: Operation, key: String, value: [UInt8] = []) {
        self.operation = operation
        self.key = key
        self.value = value
    }
}
