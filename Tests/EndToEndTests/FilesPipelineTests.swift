import Foundation
import TenonAPI
import TenonJSON
import TenonTestKit
import Testing

/// Files to files and to a database, through built products, by the command line and over REST.
struct FilesPipelineTests {
    @Test func `CSV is filtered, mapped and written as CSV, and explain says how`() async throws {
        let site = try await FilesSite()
        try site.write(
            "designs.csv",
            """
            id,name,status,cost
            007,"bolt, long",active,1.50
            8,"two
            lines",active,2
            9,nut,retired,3
            10,,active,1e3

            """)
        try await site.apply(
            FilesSite.pipeline(
                from: "designs.csv", to: "active.csv",
                transform: [
                    [
                        "type": "filter",
                        "condition": ["field": "status", "operator": "equals", "value": "active"],
                    ], ["type": "map", "mapping": ["part": "id", "title": "name", "price": "cost"]],
                ]))
        let explained = try await site.host.run(["pipeline", "explain"] + FilesSite.name)
        #expect(explained.exitCode == 0, "\(explained.errors)")
        #expect(explained.output.contains("designs.csv") && explained.output.contains("status"))
        #expect(!FileManager.default.fileExists(atPath: site.output("active.csv")), "explain wrote")

        let run = try await site.run()
        #expect(run["status"] == "completed", "\(run.text)")
        #expect(run["recordsProcessed"] == 4)
        let expected = """
            part,title,price
            007,"bolt, long",1.50
            8,"two
            lines",2
            10,,1e3

            """
        #expect(try site.read("active.csv") == expected)
        let filter = run["stages"]?.array?.first { $0["name"] == "Transform" }
        #expect(filter?["pushedDown"] == true, "\(run.text)")
        #expect(run["attempts"] == 1)
        #expect(["exactlyOnce", "atLeastOnce"].contains(run["guarantee"]?.string), "\(run.text)")
        for field in ["durationMs", "recordsPerSecond"] { #expect(run[field]?.int != nil, "\(field)") }
        let shown = try await site.host.run(["execution", "show", run["id"]?.string ?? ""]).output
        #expect(shown.contains("guarantee") && shown.contains("bottleneck") && shown.contains("A SECOND"))
        #expect(await site.host.stop() == 0)
    }

    @Test func `NDJSON goes into a database, over REST`() async throws {
        let site = try await FilesSite()
        let database = site.host.directory.file("erp.db")
        try await site.host.deploy("sqlite", as: "erp", ["path=\(database)", "createIfMissing=true"])
        let lines = (1...500).map { #"{"id": \#($0), "name": "ü\#($0)", "tags": ["a"], "cost": \#($0).5}"# }
        try site.write("designs.ndjson", lines.joined(separator: "\n") + "\n")
        var pipeline = FilesSite.pipeline(from: "designs.ndjson", to: "designs").object ?? [:]
        pipeline["targetIntegrationId"] = "erp"
        let created = try await RawRequest(
            method: "POST", path: Endpoint.createPipeline.path, body: JSON.object(pipeline).text
        ).send(to: site.host)
        let id = try #require(created.json["pipeline"]?["id"]?.string, "\(created.json.text)")
        let explained = try await RawRequest(path: Endpoint.explainPipeline.path(id: id)).send(to: site.host)
        #expect(explained.status == 200, "\(explained.json.text)")
        #expect(explained.json["explanation"]?["text"]?.string?.contains("designs.ndjson") == true)
        let run = try await RawRequest(
            method: "POST", path: Endpoint.executePipeline.path(id: id), body: "{}"
        )
        .send(to: site.host)
        #expect(run.status == 200 && run.json["execution"]?["status"] == "completed", "\(run.json.text)")
        let sums = try await RowQuery.sqlite3(
            database, "SELECT count(*), sum(id), sum(cost), min(name) FROM designs")
        #expect(sums == "500|125250|125500.0|ü1\n")
    }

    @Test func `many files, packed or not, are one stream`() async throws {
        let site = try await FilesSite()
        try site.write("orders-1.csv", "id,n\na,1\nb,2\n")
        try site.write("orders-2.csv", "id,n\nc,3\n")
        try site.write("other.csv", "id,n\nx,9\n")
        let pack = try await SDKSampleTests.shell("gzip in/orders-2.csv", in: site.folder, [:])
        #expect(pack.exitCode == 0, "\(pack.output)")
        try await site.apply(FilesSite.pipeline(from: "orders-*", to: "all.csv.gz"))
        #expect(try await site.run()["status"] == "completed")
        let unpacked = try await SDKSampleTests.shell("gzip -dc out/all.csv.gz", in: site.folder, [:])
        #expect(unpacked.output == "id,n\na,1\nb,2\nc,3\n")
    }

    @Test func `lines that are no records fail the pipeline with file, line and column, or are counted`()
        async throws
    {
        let site = try await FilesSite()
        try site.write("bad.csv", "id,n\n1,one\n2,two,too many\n3,three\n4\n5,five\n")
        try await site.apply(FilesSite.pipeline(from: "bad.csv", to: "good.csv"))
        let failed = try await site.run()
        #expect(failed["status"] == "failed", "\(failed.text)")
        let message = failed["error"]?["message"]?.string ?? ""
        for part in ["bad.csv", "line 3", "column 3", "3 fields instead of 2"] {
            #expect(message.contains(part), "\(message)")
        }
        #expect(!FileManager.default.fileExists(atPath: site.output("good.csv")))

        try await site.apply(FilesSite.pipeline(from: "bad.csv", to: "good.csv", onError: "skip"))
        let skipped = try await site.run()
        #expect(skipped["status"] == "completed", "\(skipped.text)")
        #expect(skipped["stages"]?[0]?["failed"] == 2, "\(skipped.text)")
        #expect(try site.read("good.csv") == "id,n\n1,one\n3,three\n5,five\n")
        let run = try await site.host.run(["pipeline", "run"] + FilesSite.name)
        #expect(run.output.contains("2 records failed in Extract"), "\(run.output)")
    }

    @Test func `a stream that is not there is told with those that are`() async throws {
        let site = try await FilesSite()
        try site.write("designs.csv", "id\n1\n")
        try await site.apply(FilesSite.pipeline(from: "design.csv", to: "out.csv"))
        let run = try await site.run()
        #expect(run["status"] == "failed")
        let message = run["error"]?["message"]?.string ?? ""
        #expect(message.contains("\"designs.csv\""), "\(message)")
        let explained = try await site.host.run(["pipeline", "explain"] + FilesSite.name)
        #expect(explained.exitCode == 4 && explained.errors.contains("\"designs.csv\""))
    }

    @Test(arguments: ["../secret.csv", "/etc/passwd", "in/../../secret.csv", "link.csv"])
    func `no stream leads out of the folder`(stream: String) async throws {
        let site = try await FilesSite()
        let secret = site.host.directory.file("secret.csv")
        try "id\n1\n".write(toFile: secret, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: site.folder + "/in/link.csv", withDestinationPath: secret)
        try await site.apply(FilesSite.pipeline(from: stream, to: "out.csv"))
        let read = try await site.run()
        #expect(read["status"] == "failed", "\(read.text)")
        #expect(read["error"]?["message"]?.string?.contains("cannot be used") == true, "\(read.text)")
        #expect(!FileManager.default.fileExists(atPath: site.output("out.csv")))

        try site.write("ok.csv", "id\n1\n")
        try FileManager.default.createSymbolicLink(
            atPath: site.output("link.csv"), withDestinationPath: secret)
        try await site.apply(FilesSite.pipeline(from: "ok.csv", to: stream))
        #expect(try await site.run()["status"] == "failed")
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "id\n1\n")
    }

    @Test func `a folder that is not there fails the deployment, with its path`() async throws {
        let host = try ServedHost()
        let install = try await host.run([
            "connector", "install", Products.package("files"), "--allow-unsigned",
        ])
        #expect(install.exitCode == 0, "\(install.errors)")
        let deploy = try await host.run([
            "deploy", "files", "--project", "project-123", "--as", "nowhere", "--set", "path=/no/such/folder",
        ])
        #expect(deploy.exitCode == 1)
        #expect(deploy.errors.contains("/no/such/folder"), "\(deploy.errors)")
        let relative = try await host.run([
            "deploy", "files", "--project", "project-123", "--as", "relative", "--set", "path=some/folder",
        ])
        #expect(relative.exitCode != 0)
        #expect(await host.stop() == 0)
    }
}
