internal import HTTPTypes
internal import Hummingbird
internal import Synchronization
internal import TenonJSON

/// The simulation service: takes jobs with `POST /simulations` and remembers them.
final class SimulationService: Sendable {
    private let received = Mutex<[JSON]>([])

    var jobs: [JSON] { received.withLock { $0 } }

    var router: Router<BasicRequestContext> {
        let router = Router()
        router.post("/simulations") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            // The status is the whole answer, as of many a service.
            guard let job = try? JSONParser.parse(Array(bytes.readableBytesView)) else {
                return Response(status: .badRequest)
            }
            let number = self.received.withLock { jobs in
                jobs.append(job)
                return jobs.count
            }
            let answer: JSON = ["simulationId": .string("simulation-\(number)"), "status": "queued"]
            return Response(
                status: .created, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: answer.text)))
        }
        return router
    }
}
