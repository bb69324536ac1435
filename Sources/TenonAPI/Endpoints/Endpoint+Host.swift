extension Endpoint {
    package static let live = Endpoint(
        root: "/health/live", "live", "The process runs.", answer: .document)
    package static let ready = Endpoint(
        root: "/health/ready", "ready", "The host takes work; 503 while it drains.", answer: .document)
    package static let description = Endpoint(
        root: "/openapi.json", "openapi", "This description of the API.", answer: .document)

    package static let errorPage = Endpoint(
        root: "/errors/:id", "errorPage", "What an error code means and what to do.", answer: .text)

    static let host = [live, ready, description, errorPage]
}
