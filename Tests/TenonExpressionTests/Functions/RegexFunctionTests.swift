import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// What a pattern matches, taken out or replaced; by the rules of CEL's extension.
struct RegexFunctionTests {
    private func outcome(_ text: String, _ mode: ExpressionMode, _ members: JSONObject = [:]) -> String {
        do throws(TenonError) {
            return try Expression.compile(text, mode: mode).evaluate(ObjectScope(members)).text
        } catch { return "\(error.code.rawValue): \(error.message)" }
    }

    @Test(arguments: [
        ("regex.replace('hello world hello', 'hello', 'hi')", "\"hi world hi\""),
        ("regex.replace('banana', 'a', 'x', 0)", "\"banana\""),
        ("regex.replace('banana', 'a', 'x', 1)", "\"bxnana\""),
        ("regex.replace('banana', 'a', 'x', 2)", "\"bxnxna\""),
        ("regex.replace('banana', 'a', 'x', -12)", "\"bxnxnx\""),
        ("regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1')", "\"ba fo\""),
        ("regex.replace('ab', '(a)|(b)', r'[\\1\\2\\0\\\\]')", "\"[aa\\\\][bb\\\\]\""),
        ("regex.replace('abc', '', '-')", "\"-a-b-c-\""), ("regex.replace('äöü', 'ö?', '-')", "\"-ä-ü-\""),
        ("regex.replace('', 'x', 'y')", "\"\""), ("regex.replace('a', 'x', '$1')", "\"a\""),
        ("regex.replace('price: 5', '[0-9]+', '$1')", "\"price: $1\""),
        ("regex.extract('hello world', 'hello(.*)') == optional.of(' world')", "true"),
        ("regex.extract('item-A, item-B', 'item-(\\\\w+)') == optional.of('A')", "true"),
        ("regex.extract('HELLO', 'hello') == optional.none()", "true"),
        ("regex.extract('aab', 'a+') == optional.of('aa')", "true"),
        ("regex.extract('b', 'a*') == optional.of('')", "true"),
        ("regex.extract('b', '(a*)b') == optional.none()", "true"),
        ("regex.extract('b', '(a)|b').hasValue()", "false"),
        ("regex.extractAll('id:123, id:456', 'id:\\\\d+')", "[\"id:123\",\"id:456\"]"),
        ("regex.extractAll('id:123, id:456', 'assa')", "[]"),
        ("regex.extractAll('ab1, 2', '([a-z]*)[0-9]')", "[\"ab\"]"),
        ("regex.extractAll('ab', '')", "[\"\",\"\",\"\"]"),
        ("regex.extractAll('名1é2', '[^0-9]')", "[\"名\",\"é\"]"),
    ])
    func `matches are taken out and replaced in both modes`(text: String, wanted: String) {
        #expect(outcome(text, .strict) == wanted)
        #expect(outcome(text, .host) == wanted)
    }

    @Test(arguments: [
        ("regex.replace('test', '(.)', r'\\2')", "asks for group 2 of a pattern with 1 group"),
        ("regex.replace('foo bar', '(', '$2 $1')", "( without )"),
        ("regex.replace('id=123', r'id=(?P<value>\\d+)', r'value: \\values')", "a digit or \\ follows"),
        ("regex.replace('a', 'a', r'b\\')", "ends with a \\"),
        ("regex.extract('testuser@testdomain', '(.*)@([^.]*)')", "2 groups"),
        ("regex.extractAll('testuser@testdomain', '(.*)@([^.]*)')", "2 groups"),
        ("regex.extract('a', '(?=a)')", "look-ahead"), ("regex.extract(1, 'a')", ""),
    ])
    func `what cannot be found or put in its place is an error`(text: String, part: String) {
        let strict = outcome(text, .strict)
        #expect(strict.hasPrefix("expression.failed") && strict.contains(part), "\(strict)")
        let host = outcome(text, .host)
        #expect(host.hasPrefix("expression.invalid") && host.contains(part), "\(host)")
    }

    @Test(arguments: [
        ("regex.extract(x, p)", "\"A\""), ("regex.extractAll(x, p)", "[\"A\",\"B\"]"),
        ("regex.replace(x, p, r)", "\"<A>, <B>\""), ("regex.extract(none, 'a')", "null"),
        ("regex.extract(x, 'q') ?? 'none'", "\"none\""), ("regex.extract(x, '-(.)') ?? 'none'", "\"A\""),
        ("x.matches('item') && regex.extract(x, 'item-(.)').orValue('') == 'A'", "true"),
    ])
    func `texts, patterns and replacements may be values`(text: String, wanted: String) {
        let members: JSONObject = ["x": "item-A, item-B", "p": "item-(.)", "r": "<\\1>", "none": nil]
        #expect(outcome(text, .host, members) == wanted)
    }

    @Test(arguments: [
        "regex.extractAll(x, 'a(.*b)?')", "regex.replace(x, 'a(.*b)?', '')", "regex.replace(x, '', x)",
        "[1, 2, 3, 4, 5, 6, 7, 8].map(i, regex.replace(x, '(a)(a)(a)', 'b')).size()",
    ])
    func `work without bound ends with the limit`(text: String) {
        let long = JSON.string(String(repeating: "a", count: 400_000))
        #expect(outcome(text, .host, ["x": long]).hasPrefix("expression.limit"))
    }

    @Test func `what takes the place of one match is refused before it is made`() {
        let long = JSON.string(String(repeating: "a", count: 100_000))
        let text = "regex.replace(x, 'a*', r'\\0'.repeat(100000)).size()"
        let answer = outcome(text, .host, ["x": long])
        #expect(answer.hasPrefix("expression.limit") && answer.contains("larger than"), "\(answer)")
    }

    @Test(arguments: [
        // A replacement that is none, and one that puts nothing in place of many matches.
        "lists.range(2000).exists(i, regex.replace('a', 'a', x + '\\\\') == '')",
        "regex.replace(x, '(b)?', r'\\1'.repeat(10000))",
    ])
    func `reading and filling a replacement is paid for`(text: String) {
        let long = JSON.string(String(repeating: "a", count: 10_000))
        #expect(outcome(text, .host, ["x": long]).hasPrefix("expression.limit"))
    }
}
