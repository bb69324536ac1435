import Foundation
import Glibc
import Synchronization
import TenonAPI

/// A client that follows an execution over a socket of its own and reads as fast as the test wants.
final class SocketClient: Sendable {
    private let descriptor: Int32

    /// `receiveBytes`: how much the kernel keeps for a client that does not read.
    init(port: Int, path: String, headers: String = "", receiveBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var bytes = receiveBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        // A test that waits for what never comes ends, and fails.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n"
        _ = request.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }

    convenience init(following id: String, on server: SocketServer, receiveBytes: Int32? = nil) throws {
        try self.init(
            port: server.port, path: Endpoint.followExecution.path(id: id),
            headers: "Last-Event-ID: 41\r\n", receiveBytes: receiveBytes)
    }

    /// Some bytes more; empty at the end. Blocks, so not on the cooperative pool.
    private func readBlocking() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return Array(buffer.prefix(max(0, count)))
    }

    /// All that came, read until `mark` came `count` times, or the end.
    func read(until mark: String, count: Int = 1) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                var data = Data()
                var seen = 0
                var end = 0
                while seen < count {
                    let more = readBlocking()
                    if more.isEmpty { break }
                    data.append(contentsOf: more)
                    while let found = data[end...].range(of: Data(mark.utf8)) {
                        seen += 1
                        end = found.upperBound
                    }
                    end = max(end, data.count - mark.utf8.count)
                }
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }

    func readToEnd() async -> String { await read(until: "no event says this") }

    func close() { _ = Glibc.close(descriptor) }
}
