"""Runs the plans of the differential tests in DuckDB and Polars.

    peers.py <cases> <results>

`cases` has one JSON object a line: {"columns": [{"name", "type"}], "rows": [[...]], "steps": [...]}, values
as text: whole numbers, days, microseconds and unscaled decimals as integers, floats as the hexadecimal of
their bits or "nan", binary as hexadecimal. `results` gets one line a case: {"duckdb": rows, "polars": rows},
where rows is a list of lists of such texts, or {"error": text}.

Where Tenon means something else than a peer, the plan is written so that the peer works out Tenon's meaning;
the table in PeerPlansTests.swift says why.
"""

import decimal
import json
import struct
import sys

import duckdb
import polars as pl
import pyarrow as pa

decimal.getcontext().prec = 100

INTEGERS = {
    "int8": pa.int8(), "int16": pa.int16(), "int32": pa.int32(), "int64": pa.int64(),
    "uint8": pa.uint8(), "uint16": pa.uint16(), "uint32": pa.uint32(), "uint64": pa.uint64(),
}
MOMENTS = {
    "date32": (pa.int32(), pa.date32()),
    "time64(us)": (pa.int64(), pa.time64("us")),
    "timestamp(us)": (pa.int64(), pa.timestamp("us")),
    # Both peers show zones; the moment is all that counts here.
    "timestamp(us, UTC)": (pa.int64(), pa.timestamp("us")),
}
SQL_MOMENTS = {
    "date32": "(DATE '1970-01-01' + {})", "time64(us)": "make_time(0, 0, 0) + to_microseconds({})",
    "timestamp(us)": "make_timestamp({})", "timestamp(us, UTC)": "make_timestamp({})",
}


def scale_of(kind):
    return int(kind[:-1].split(",")[1])


def double(bits):
    if bits == "nan":
        return float("nan")
    return struct.unpack("<d", struct.pack("<Q", int(bits, 16)))[0]


def array(kind, texts):
    def each(read):
        return [None if text is None else read(text) for text in texts]

    if kind in INTEGERS:
        return pa.array(each(int), INTEGERS[kind])
    if kind in MOMENTS:
        return pa.array(each(int), MOMENTS[kind][0]).cast(MOMENTS[kind][1])
    if kind == "bool":
        return pa.array(each(lambda text: text == "true"), pa.bool_())
    if kind == "float32":
        return pa.array(each(double), pa.float64()).cast(pa.float32())
    if kind == "float64":
        return pa.array(each(double), pa.float64())
    if kind.startswith("decimal128"):
        scale = scale_of(kind)
        precision = int(kind.split("(")[1].split(",")[0])
        values = each(lambda text: decimal.Decimal(text).scaleb(-scale))
        return pa.array(values, pa.decimal128(precision, scale))
    if kind == "binary":
        return pa.array(each(bytes.fromhex), pa.binary())
    if kind == "null":
        return pa.nulls(len(texts), pa.int32())
    return pa.array(texts, pa.string())


def text_of(value, kind, joins_zeros):
    """A value of the result as text, as the tests write it."""
    if value is None:
        return None
    if kind in ("float32", "float64"):
        value = float(value)
        if value != value:
            return "nan"
        if joins_zeros and value == 0:
            value = 0.0
        return "%016x" % struct.unpack("<Q", struct.pack("<d", value))[0]
    if kind == "bool":
        return "true" if value else "false"
    if kind.startswith("decimal128"):
        return str(int(decimal.Decimal(value).scaleb(scale_of(kind))))
    if kind == "binary":
        return bytes(value).hex()
    return str(value)


# ---- columns of the result, read exactly ----


def values_of(column, kind):
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if kind in MOMENTS and len(column) > 0:
        storage, moment = MOMENTS[kind]
        if not pa.types.is_integer(column.type):
            column = column.cast(moment).cast(storage)
    return column.to_pylist()


def rows_of(table, kinds, joins_zeros):
    columns = [
        [text_of(value, kind, joins_zeros) for value in values_of(table.column(index), kind)]
        for index, kind in enumerate(kinds)
    ]
    return [list(row) for row in zip(*columns)] if columns else []


# ---- what an aggregation means ----

LARGEST = {"int64": (-(2**63), 2**63 - 1), "uint64": (0, 2**64 - 1)}


class Overflow(Exception):
    pass


def finish_sum(value, kind):
    """Integer sums that leave their type are errors; decimals may have 38 digits."""
    if value is None:
        return None
    if kind in LARGEST:
        low, high = LARGEST[kind]
        if not low <= int(value) <= high:
            raise Overflow
        return int(value)
    if abs(int(decimal.Decimal(value).scaleb(scale_of(kind)))) >= 10**38:
        raise Overflow
    return value


def finish_average(total, count, kind):
    """Decimals stay decimals; half is rounded away from zero."""
    if not count:
        return None
    if kind.startswith("decimal128"):
        step = decimal.Decimal(1).scaleb(-scale_of(kind))
        return (decimal.Decimal(total) / count).quantize(step, decimal.ROUND_HALF_UP)
    return float(total) / count


# ---- DuckDB ----


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def sql_literal(kind, text):
    if kind in INTEGERS:
        return text
    if kind in ("float32", "float64"):
        return "CAST('%r' AS DOUBLE)" % double(text)
    if kind in SQL_MOMENTS:
        number = text if kind == "date32" else "CAST(%s AS BIGINT)" % text
        type_name = {"date32": "DATE", "time64(us)": "TIME"}.get(kind, "TIMESTAMP")
        return "CAST(%s AS %s)" % (SQL_MOMENTS[kind].format(number), type_name)
    if kind == "bool":
        return text
    if kind.startswith("decimal128"):
        scale = scale_of(kind)
        return "CAST('%s' AS DECIMAL(38, %d))" % (decimal.Decimal(text).scaleb(-scale), scale)
    return "'" + text.replace("'", "''") + "'"


def sql_condition(step, kinds):
    column, kind = quoted(step["column"]), kinds[step["column"]]
    operator = step["operator"]
    values = [sql_literal(kind, value) for value in step.get("values", [])]
    is_float = kind in ("float32", "float64")
    number = " AND NOT isnan(%s)" % column if is_float else ""
    plain = {"greaterThan": ">", "greaterOrEqual": ">=", "lessThan": "<", "lessOrEqual": "<="}
    if is_float:
        column = "CAST(%s AS DOUBLE)" % column
    if operator == "exists":
        return "%s IS NOT NULL" % column
    if operator == "isNull":
        return "%s IS NULL" % column
    if operator == "equals":
        return "%s = %s" % (column, values[0])
    if operator == "notEquals":
        return "%s IS DISTINCT FROM %s" % (column, values[0])
    if operator == "in":
        return "%s IN (%s)" % (column, ", ".join(values))
    if operator == "notIn":
        return "(%s IS NULL OR %s NOT IN (%s))" % (column, column, ", ".join(values))
    if operator == "between":
        return "(%s >= %s AND %s <= %s%s)" % (column, values[0], column, values[1], number)
    if operator in plain:
        return "(%s %s %s%s)" % (column, plain[operator], values[0], number)
    function = {"contains": "contains", "startsWith": "starts_with", "endsWith": "ends_with"}[operator]
    return "%s(%s, %s)" % (function, column, values[0])


def sql_aggregates(items, kinds):
    """SQL for each part of the results, and how a row of parts becomes a result."""
    parts, ends = [], []

    def part(sql):
        parts.append(sql)
        return len(parts) - 1

    for item in items:
        operation, kind = item["operation"], item["kind"]
        column = quoted(item["column"]) if item.get("column") else None
        source = kinds[item["column"]] if column else None
        is_float = source in ("float32", "float64")
        if operation == "count":
            index = part("count(%s)" % (column or "*"))
            ends.append(lambda row, index=index: row[index])
        elif operation == "countDistinct":
            one = "CASE WHEN %s = 0 THEN 0 ELSE %s END" % (column, column) if is_float else column
            index = part("count(DISTINCT %s)" % one)
            ends.append(lambda row, index=index: row[index])
        elif operation in ("sum", "avg"):
            wide = "CAST(%s AS DOUBLE)" % column if is_float else column
            total, count = part("sum(%s)" % wide), part("count(%s)" % column)
            if operation == "avg":
                ends.append(lambda row, t=total, c=count, k=kind: finish_average(row[t], row[c], k))
            elif is_float:
                ends.append(lambda row, t=total: row[t])
            else:
                ends.append(lambda row, t=total, k=kind: finish_sum(row[t], k))
        elif operation in ("min", "max"):
            sql = "%s(%s)" % (operation, column)
            if is_float:
                sql = "coalesce(%s(%s) FILTER (WHERE NOT isnan(%s)), %s)" % (operation, column, column, sql)
            index = part(sql)
            ends.append(lambda row, index=index: row[index])
        else:
            index = part("%s(%s ORDER BY \"#\") FILTER (WHERE %s IS NOT NULL)" % (operation, column, column))
            ends.append(lambda row, index=index: row[index])
    return parts, ends


connection = duckdb.connect(config={"threads": 1})
connection.execute("SET TimeZone = 'UTC'")


def duck(case, table):
    connection.register("source", table)
    kinds = {column["name"]: column["type"] for column in case["columns"]}
    sql = "SELECT * FROM source"
    for step in case["steps"]:
        if step["do"] == "filter":
            sql = "SELECT * FROM (%s) WHERE %s" % (sql, sql_condition(step, kinds))
        elif step["do"] == "map":
            fields = ["%s AS %s" % (quoted(source), quoted(name)) for name, source in step["fields"]]
            sql = 'SELECT %s, "#" FROM (%s)' % (", ".join(fields), sql)
            kinds = {name: kinds[source] for name, source in step["fields"]}
        else:
            keys = []
            for key in step["keys"]:
                name = quoted(key)
                is_float = kinds[key] in ("float32", "float64")
                keys.append("CASE WHEN %s = 0 THEN 0 ELSE %s END" % (name, name) if is_float else name)
            parts, ends = sql_aggregates(step["items"], kinds)
            group = " GROUP BY " + ", ".join(keys) if keys else ""
            sql = "SELECT %s FROM (%s)%s" % (", ".join(keys + parts), sql, group)
            found = connection.sql(sql).to_arrow_table()
            return finish_aggregates(found, step, kinds, ends)
    found = connection.sql(sql).to_arrow_table()
    return rows_of(found, list(kinds.values()), False)


def finish_aggregates(found, step, kinds, ends):
    key_kinds = [kinds[key] for key in step["keys"]]
    keys = [values_of(found.column(index), kind) for index, kind in enumerate(key_kinds)]
    parts = []
    for index in range(len(keys), found.num_columns):
        column = found.column(index)
        # Moments as their numbers; everything else as Python has it.
        for kind, (storage, moment) in MOMENTS.items():
            if column.type == moment:
                column = column.cast(storage)
                break
        parts.append(column.to_pylist())
    rows = []
    for index in range(found.num_rows):
        row = [text_of(key[index], kind, True) for key, kind in zip(keys, key_kinds)]
        values = [part[index] for part in parts]
        for end, item in zip(ends, step["items"]):
            row.append(text_of(end(values), item["kind"], True))
        rows.append(row)
    return rows


# ---- Polars ----


def pl_literal(kind, text):
    if kind in INTEGERS:
        return pl.lit(int(text), dtype=pl.Int128)
    if kind in ("float32", "float64"):
        return pl.lit(double(text), dtype=pl.Float64)
    if kind == "date32":
        return pl.lit(int(text), dtype=pl.Int32).cast(pl.Date)
    if kind == "time64(us)":
        return pl.lit(int(text) * 1000, dtype=pl.Int64).cast(pl.Time)
    if kind in MOMENTS:
        return pl.lit(int(text), dtype=pl.Int64).cast(pl.Datetime("us"))
    if kind == "bool":
        return pl.lit(text == "true")
    if kind.startswith("decimal128"):
        return pl.lit(decimal.Decimal(text).scaleb(-scale_of(kind)), dtype=pl.Decimal(38, scale_of(kind)))
    return pl.lit(text, dtype=pl.String)


def pl_condition(step, kinds):
    kind, operator = kinds[step["column"]], step["operator"]
    column = pl.col(step["column"])
    if kind in INTEGERS:
        column = column.cast(pl.Int128)
    elif kind in ("float32", "float64"):
        column = column.cast(pl.Float64)
    elif kind.startswith("decimal128"):
        column = column.cast(pl.Decimal(38, scale_of(kind)))
    values = [pl_literal(kind, value) for value in step.get("values", [])]
    number = ~column.is_nan() if kind in ("float32", "float64") else pl.lit(True)
    equal = [column == value for value in values]
    if operator == "exists":
        return column.is_not_null()
    if operator == "isNull":
        return column.is_null()
    if operator == "equals":
        return equal[0]
    if operator == "notEquals":
        return (~equal[0]).fill_null(True)
    if operator in ("in", "notIn"):
        found = pl.any_horizontal(equal)
        return found if operator == "in" else (~found).fill_null(True)
    if operator == "between":
        return (column >= values[0]) & (column <= values[1]) & number
    if operator == "greaterThan":
        return (column > values[0]) & number
    if operator == "greaterOrEqual":
        return (column >= values[0]) & number
    if operator == "lessThan":
        return (column < values[0]) & number
    if operator == "lessOrEqual":
        return (column <= values[0]) & number
    if operator == "contains":
        return column.str.contains(values[0], literal=True)
    return column.str.starts_with(values[0]) if operator == "startsWith" else column.str.ends_with(values[0])


def pl_decimal(operation, kind, scale, parts):
    """Decimals wrap in Polars where a sum passes 128 bits; Tenon says so."""
    total, count, reach = parts

    def end(row):
        if row[count] and row[reach] >= 2.0**127 / 10**scale:
            raise Overflow
        if operation == "avg":
            return finish_average(row[total], row[count], kind)
        return finish_sum(row[total] if row[count] else None, kind)

    return end


def pl_aggregates(items, kinds):
    parts, ends = [], []

    def part(expression):
        parts.append(expression.alias("part %d" % len(parts)))
        return len(parts) - 1

    for item in items:
        operation, kind = item["operation"], item["kind"]
        source = kinds[item["column"]] if item.get("column") else None
        column = pl.col(item["column"]) if source else None
        is_float = source in ("float32", "float64")
        if operation == "count":
            index = part(column.count() if source else pl.len())
            ends.append(lambda row, index=index: row[index])
        elif operation == "countDistinct":
            index = part(column.drop_nulls().n_unique())
            ends.append(lambda row, index=index: row[index])
        elif operation in ("sum", "avg"):
            wide = column
            if is_float:
                wide = column.cast(pl.Float64)
            elif source in INTEGERS:
                wide = column.cast(pl.Int128)
            elif source.startswith("decimal128"):
                wide = column.cast(pl.Decimal(38, scale_of(source)))
            # The sum of nothing is 0 in Polars.
            total, count = part(wide.sum()), part(column.count())
            if source.startswith("decimal128"):
                reach = part(wide.cast(pl.Float64).cum_sum().abs().max())
                ends.append(pl_decimal(operation, kind, scale_of(source), (total, count, reach)))
                continue
            if operation == "avg":
                ends.append(lambda row, t=total, c=count, k=kind: finish_average(row[t], row[c], k))
            elif is_float:
                ends.append(lambda row, t=total, c=count: row[t] if row[c] else None)
            else:
                ends.append(lambda row, t=total, c=count, k=kind: finish_sum(row[t] if row[c] else None, k))
        else:
            values = column.drop_nulls()
            if operation in ("min", "max") and is_float:
                numbers = values.filter(values.is_not_nan())
                extreme = numbers.min() if operation == "min" else numbers.max()
                index = part(pl.coalesce(extreme, values.first()))
            else:
                index = part(getattr(values, operation)())
            ends.append(lambda row, index=index: row[index])
    return parts, ends


def polar(case, table):
    frame = pl.from_arrow(table)
    kinds = {column["name"]: column["type"] for column in case["columns"]}
    for step in case["steps"]:
        if step["do"] == "filter":
            frame = frame.filter(pl_condition(step, kinds))
        elif step["do"] == "map":
            frame = frame.select([pl.col(source).alias(name) for name, source in step["fields"]])
            kinds = {name: kinds[source] for name, source in step["fields"]}
        else:
            parts, ends = pl_aggregates(step["items"], kinds)
            keys = [pl.col(key) for key in step["keys"]]
            frame = frame.group_by(keys, maintain_order=True).agg(parts) if keys else frame.select(parts)
            found = pl_arrow(frame)
            return finish_aggregates(found, step, kinds, ends)
    return rows_of(pl_arrow(frame.select(list(kinds))), list(kinds.values()), False)


def pl_arrow(frame):
    """128-bit integers have no Arrow type; nothing else of the frame changes."""
    names = frame.columns
    columns = []
    for name in names:
        series = frame[name]
        if series.dtype == pl.Int128:
            values = [None if value is None else decimal.Decimal(value) for value in series.to_list()]
            columns.append(pa.array(values, pa.decimal256(60, 0)))
        elif series.dtype == pl.Time:
            # Nanoseconds.
            values = [None if value is None else value // 1000 for value in series.cast(pl.Int64).to_list()]
            columns.append(pa.array(values, pa.int64()))
        else:
            columns.append(series.to_arrow())
    return pa.Table.from_arrays(columns, names=["%d" % index for index in range(len(names))])


def attempt(run, case, table):
    try:
        return run(case, table)
    except (Overflow, duckdb.OutOfRangeException):
        return {"error": "overflow"}
    except Exception as error:  # Whatever it is, the tests show it.
        return {"error": "%s: %s" % (type(error).__name__, error)}


def main():
    utf8 = {"encoding": "utf-8"}
    with open(sys.argv[1], **utf8) as cases, open(sys.argv[2], "w", **utf8) as results:
        for line in cases:
            case = json.loads(line)
            columns = case["columns"]
            arrays = [
                array(column["type"], [row[index] for row in case["rows"]])
                for index, column in enumerate(columns)
            ]
            names = [column["name"] for column in columns]
            table = pa.Table.from_arrays(arrays, names=names)
            order = pa.array(range(len(case["rows"])), pa.int64())
            result = {
                "duckdb": attempt(duck, case, table.append_column("#", order)),
                "polars": attempt(polar, case, table),
            }
            results.write(json.dumps(result) + "\n")


main()
