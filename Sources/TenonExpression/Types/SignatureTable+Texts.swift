extension SignatureTable {
    static let operators = """
        +(int, int) -> int
        +(uint, uint) -> uint
        +(double, double) -> double
        +(string, string) -> string
        +(bytes, bytes) -> bytes
        +(list(A), list(A)) -> list(A)
        +(timestamp, duration) -> timestamp
        +(duration, timestamp) -> timestamp
        +(duration, duration) -> duration
        -(int, int) -> int
        -(uint, uint) -> uint
        -(double, double) -> double
        -(timestamp, timestamp) -> duration
        -(timestamp, duration) -> timestamp
        -(duration, duration) -> duration
        *(int, int) -> int
        *(uint, uint) -> uint
        *(double, double) -> double
        /(int, int) -> int
        /(uint, uint) -> uint
        /(double, double) -> double
        %(int, int) -> int
        %(uint, uint) -> uint
        <(bool, bool) -> bool
        <(number, number) -> bool
        <(string, string) -> bool
        <(bytes, bytes) -> bool
        <(timestamp, timestamp) -> bool
        <(duration, duration) -> bool
        negate(int) -> int
        negate(double) -> double
        in(A, list(A)) -> bool
        in(A, map(A, B)) -> bool
        index(list(A), int) -> A
        index(map(A, B), A) -> B
        index(optional_type(list(A)), int) -> optional_type(A)
        index(optional_type(map(A, B)), A) -> optional_type(B)
        optionalIndex(list(A), int) -> optional_type(A)
        optionalIndex(map(A, B), A) -> optional_type(B)
        optionalIndex(optional_type(list(A)), int) -> optional_type(A)
        optionalIndex(optional_type(map(A, B)), A) -> optional_type(B)
        """

    static let strictOperators = """
        ==(A, A) -> bool
        """

    /// Values of different kinds are compared and joined at run time.
    static let hostOperators = """
        ==(dyn, dyn) -> bool
        %(double, double) -> double
        else +(list(dyn), list(dyn)) -> list(dyn)
        negate(duration) -> duration
        else in(dyn, list(dyn)) -> bool
        else in(dyn, map(dyn, dyn)) -> bool
        else index(list(A), dyn) -> A
        else index(map(A, B), dyn) -> B
        else index(optional_type(A), dyn) -> optional_type(dyn)
        else optionalIndex(list(A), dyn) -> optional_type(A)
        else optionalIndex(map(A, B), dyn) -> optional_type(B)
        else optionalIndex(optional_type(A), dyn) -> optional_type(dyn)
        """

    static let conversions = """
        type(A) -> type(A)
        dyn(A) -> dyn
        string(string) -> string
        string(bool) -> string
        string(int) -> string
        string(uint) -> string
        string(double) -> string
        string(bytes) -> string
        string(timestamp) -> string
        string(duration) -> string
        string(net.IP) -> string
        string(net.CIDR) -> string
        bytes(bytes) -> bytes
        bytes(string) -> bytes
        int(int) -> int
        int(uint) -> int
        int(double) -> int
        int(string) -> int
        int(timestamp) -> int
        uint(uint) -> uint
        uint(int) -> uint
        uint(double) -> uint
        uint(string) -> uint
        double(double) -> double
        double(int) -> double
        double(uint) -> double
        double(string) -> double
        bool(bool) -> bool
        bool(string) -> bool
        timestamp(timestamp) -> timestamp
        timestamp(string) -> timestamp
        timestamp(int) -> timestamp
        duration(duration) -> duration
        duration(string) -> duration
        """

    static let times =
        ["FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear"].map { part in
            "get\(part)(timestamp) -> int\nget\(part)(timestamp, string) -> int\n"
        }.joined()
        + ["Hours", "Minutes", "Seconds", "Milliseconds"].map { part in
            "get\(part)(duration) -> int\nget\(part)(timestamp) -> int\n"
                + "get\(part)(timestamp, string) -> int\n"
        }.joined() + """
            now() -> timestamp
            startOf(timestamp, string) -> timestamp
            startOf(timestamp, string, string) -> timestamp
            addDays(timestamp, int) -> timestamp
            addDays(timestamp, int, string) -> timestamp
            addMonths(timestamp, int) -> timestamp
            addMonths(timestamp, int, string) -> timestamp
            formatTime(timestamp, string) -> string
            formatTime(timestamp, string, string) -> string
            parseTime(string, string) -> timestamp
            parseTime(string, string, string) -> timestamp
            toMillis(timestamp) -> int
            fromMillis(int) -> timestamp
            """

    static let strings = """
        size(string) -> int
        size(bytes) -> int
        size(list(A)) -> int
        size(map(A, B)) -> int
        contains(string, string) -> bool
        startsWith(string, string) -> bool
        endsWith(string, string) -> bool
        matches(string, string) -> bool
        lowerAscii(string) -> string
        upperAscii(string) -> string
        lower(string) -> string
        upper(string) -> string
        trim(string) -> string
        strings.quote(string) -> string
        format(string, list(dyn)) -> string
        padStart(string, int) -> string
        padStart(string, int, string) -> string
        padEnd(string, int) -> string
        padEnd(string, int, string) -> string
        repeat(string, int) -> string
        indexOf(string, string) -> int
        indexOf(string, string, int) -> int
        lastIndexOf(string, string) -> int
        lastIndexOf(string, string, int) -> int
        replace(string, string, string) -> string
        replace(string, string, string, int) -> string
        charAt(string, int) -> string
        substring(string, int) -> string
        substring(string, int, int) -> string
        split(string, string) -> list(string)
        split(string, string, int) -> list(string)
        join(list(string)) -> string
        join(list(string), string) -> string
        reverse(string) -> string
        reverse(list(A)) -> list(A)
        regex.extract(string, string) -> optional_type(string)
        regex.replace(string, string, string) -> string
        regex.replace(string, string, string, int) -> string
        regex.extractAll(string, string) -> list(string)
        """

    static let lists = """
        slice(list(A), int, int) -> list(A)
        chunk(list(A), int) -> list(list(A))
        lists.range(int) -> list(int)
        flatten(list(list(A))) -> list(A)
        else flatten(list(A)) -> list(dyn)
        flatten(list(A), int) -> list(dyn)
        distinct(list(A)) -> list(A)
        sort(list(A)) -> list(A)
        sets.contains(list(dyn), list(dyn)) -> bool
        sets.equivalent(list(dyn), list(dyn)) -> bool
        sets.intersects(list(dyn), list(dyn)) -> bool
        keys(map(A, B)) -> list(A)
        values(map(A, B)) -> list(B)
        entries(map(A, B)) -> list(map(string, dyn))
        merge(map(A, B), map(A, B)) -> map(A, B)
        else merge(map(dyn, dyn), map(dyn, dyn)) -> map(dyn, dyn)
        """

    private static let extremes = ["math.greatest", "math.least"].flatMap { name in
        ["int", "uint", "double"].map { "\(name)(\($0)...) -> \($0)\n\(name)(list(\($0))) -> \($0)\n" } + [
            "else \(name)(number...) -> dyn\nelse \(name)(list(number)) -> dyn\n"
        ]
    }.joined()

    private static let ofDouble = [
        "math.ceil", "math.floor", "math.trunc", "math.sqrt", "math.log",
    ].map { "\($0)(double) -> double\n" }.joined()

    static let numbers =
        extremes + ofDouble + """
            math.sum(list(int)) -> int
            math.sum(list(uint)) -> uint
            math.sum(list(double)) -> double
            else math.sum(list(number)) -> dyn
            math.average(list(number)) -> double
            math.round(double) -> double
            math.round(double, int) -> double
            math.pow(double, double) -> double
            math.abs(int) -> int
            math.abs(uint) -> uint
            math.abs(double) -> double
            math.sign(int) -> int
            math.sign(uint) -> uint
            math.sign(double) -> double
            math.isNaN(double) -> bool
            math.isInf(double) -> bool
            math.isFinite(double) -> bool
            math.bitAnd(int, int) -> int
            math.bitAnd(uint, uint) -> uint
            math.bitOr(int, int) -> int
            math.bitOr(uint, uint) -> uint
            math.bitXor(int, int) -> int
            math.bitXor(uint, uint) -> uint
            math.bitNot(int) -> int
            math.bitNot(uint) -> uint
            math.bitShiftLeft(int, int) -> int
            math.bitShiftLeft(uint, int) -> uint
            math.bitShiftRight(int, int) -> int
            math.bitShiftRight(uint, int) -> uint
            """

    private static let hashes = ["sha256", "sha512", "sha1", "md5"].map { name in
        "hash.\(name)(string) -> string\nhash.\(name)(bytes) -> string\n"
    }.joined()

    static let encodings =
        hashes + """
            hash.hmacSha256(string, string) -> string
            hash.hmacSha256(string, bytes) -> string
            hash.hmacSha256(bytes, string) -> string
            hash.hmacSha256(bytes, bytes) -> string
            base64.encode(bytes) -> string
            base64.decode(string) -> bytes
            base64url.encode(bytes) -> string
            base64url.decode(string) -> bytes
            hex.encode(bytes) -> string
            hex.decode(string) -> bytes
            url.encode(string) -> string
            url.decode(string) -> string
            json.parse(string) -> dyn
            json.encode(dyn) -> string
            """

    static let networks =
        [
            "isUnspecified", "isLoopback", "isGlobalUnicast", "isLinkLocalMulticast", "isLinkLocalUnicast",
        ].map { "\($0)(net.IP) -> bool\n" }.joined() + """
            ip(string) -> net.IP
            ip(net.CIDR) -> net.IP
            isIP(string) -> bool
            ip.isCanonical(string) -> bool
            family(net.IP) -> int
            cidr(string) -> net.CIDR
            isCIDR(string) -> bool
            masked(net.CIDR) -> net.CIDR
            prefixLength(net.CIDR) -> int
            containsIP(net.CIDR, net.IP) -> bool
            containsIP(net.CIDR, string) -> bool
            containsCIDR(net.CIDR, net.CIDR) -> bool
            containsCIDR(net.CIDR, string) -> bool
            """

    static let optionals = """
        optional.of(A) -> optional_type(A)
        optional.ofNonZeroValue(A) -> optional_type(A)
        optional.none() -> optional_type(A)
        optional.unwrap(list(optional_type(A))) -> list(A)
        unwrapOpt(list(optional_type(A))) -> list(A)
        hasValue(optional_type(A)) -> bool
        value(optional_type(A)) -> A
        or(optional_type(A), optional_type(A)) -> optional_type(A)
        orValue(optional_type(A), A) -> A
        """

    /// An optional where a list has no such element.
    static let strictFunctions = """
        first(list(A)) -> optional_type(A)
        last(list(A)) -> optional_type(A)
        """

    /// Null where a list has no such element; texts as timestamps and as bytes.
    static let hostFunctions = """
        first(list(A)) -> A
        last(list(A)) -> A
        contains(list(dyn), dyn) -> bool
        else or(optional_type(A), optional_type(B)) -> optional_type(dyn)
        else orValue(optional_type(A), B) -> dyn
        startOf(string, string) -> timestamp
        startOf(string, string, string) -> timestamp
        addDays(string, int) -> timestamp
        addDays(string, int, string) -> timestamp
        addMonths(string, int) -> timestamp
        addMonths(string, int, string) -> timestamp
        formatTime(string, string) -> string
        formatTime(string, string, string) -> string
        toMillis(string) -> int
        base64.encode(string) -> string
        base64url.encode(string) -> string
        hex.encode(string) -> string
        """
}
