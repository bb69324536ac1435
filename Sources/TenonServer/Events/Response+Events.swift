internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Response {
    /// Streams `events` until they end, the client goes away, or it leaves them unread for too long.
    static func events(
        _ events: ExecutionEvents, subscription: EventSubscription, to request: Request, channel: any Channel
    ) -> Response {
        let body = ResponseBody { writer in
            // The place is free again when this closure is, whether it ran to its end or never.
            defer { withExtendedLifetime(subscription) {} }
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await events.run { buffer in
                    let alarm = channel.eventLoop.scheduleTask(in: events.timing.write.timeAmount) {
                        channel.close(promise: nil)
                    }
                    defer { alarm.cancel() }
                    try await writer.write(buffer)
                }
                try await writer.finish(nil)
            }
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: ServerSentEvent.mediaType, .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff", .connection: "close",
            ],
            body: body)
    }
}

extension Duration {
    fileprivate var timeAmount: TimeAmount {
        .nanoseconds(components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000)
    }
}
