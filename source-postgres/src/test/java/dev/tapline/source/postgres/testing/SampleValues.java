package dev.tapline.source.postgres.testing;

import java.util.ArrayList;
import java.util.List;

/// The values that break other tools, each as the SQL expression that makes it.
public final class SampleValues {
  private static final List<String> PREPARATION =
      List.of(
          "CREATE EXTENSION hstore",
          "CREATE EXTENSION ltree",
          "CREATE EXTENSION citext",
          "CREATE TYPE mood AS ENUM ('sad', 'it''s \"ok\"', 'happy')",
          "ALTER TYPE mood ADD VALUE 'über' BEFORE 'happy'",
          "CREATE DOMAIN price AS numeric(12,2)",
          "CREATE DOMAIN cheap AS price CHECK (VALUE < 10)",
          "CREATE DOMAIN ints AS int[]",
          "CREATE DOMAIN moods AS mood[]",
          "CREATE TYPE point3 AS (x int, y float8, label text)",
          "CREATE TYPE shouted AS (a int)",
          "CREATE FUNCTION shout(shouted) RETURNS text LANGUAGE sql AS $$ SELECT 'loud'::text $$",
          "CREATE CAST (shouted AS text) WITH FUNCTION shout(shouted)",
          "CREATE TYPE pair AS (a point3, b mood, c int[])");

  /// Values of one type.
  ///
  /// @param since the first server version, as `server_version_num`
  /// @param type the type
  /// @param values SQL expressions
  public record Sample(int since, String type, List<String> values) {}

  private static final List<Sample> ALL = new ArrayList<>();

  private SampleValues() {}

  private static void add(String type, String... values) {
    since(0, type, values);
  }

  private static void since(int version, String type, String... values) {
    ALL.add(new Sample(version, type, List.of(values)));
  }

  /// The samples that a server version knows.
  public static List<Sample> of(int version) {
    return ALL.stream().filter(sample -> sample.since() <= version).toList();
  }

  /// Makes a table `sample_<i>` for each sample, with the columns `id` and `v`: a row a value, and
  /// one of NULL.
  ///
  /// @return the samples, in the order of the tables' numbers
  public static List<Sample> fill(TestServer server, String database) {
    List<Sample> samples = of(Integer.parseInt(server.value("SHOW server_version_num")));
    server.executeIn(database, tables(samples).toArray(String[]::new));
    server.executeIn(database, rows(samples).toArray(String[]::new));
    return samples;
  }

  /// The statements that make an empty table `sample_<i>` for each sample, and what that needs.
  public static List<String> tables(List<Sample> samples) {
    List<String> statements = new ArrayList<>(PREPARATION);
    for (int i = 0; i < samples.size(); i++) {
      statements.add("CREATE TABLE sample_%d (id int, v %s)".formatted(i, samples.get(i).type()));
    }
    return statements;
  }

  /// The statements that fill the tables.
  public static List<String> rows(List<Sample> samples) {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      for (int j = 0; j < sample.values().size(); j++) {
        statements.add(
            "INSERT INTO sample_%d VALUES (%d, %s)".formatted(i, j, sample.values().get(j)));
      }
      statements.add(
          "INSERT INTO sample_%d VALUES (%d, NULL)".formatted(i, sample.values().size()));
    }
    return statements;
  }

  static {
    String thousand = "1234567890".repeat(100);
    add("boolean", "true", "false");
    add("smallint", "-32768", "32767", "0");
    add("integer", "-2147483648", "2147483647");
    add("bigint", "-9223372036854775808", "9223372036854775807", "9007199254740993");
    add("real", "'-0.0'", "'NaN'", "'Infinity'", "'-Infinity'", "1.4e-45", "3.4028235e38", "0.1");
    add(
        "double precision",
        "'-0.0'",
        "'NaN'",
        "'Infinity'",
        "'-Infinity'",
        "'4.9e-324'",
        "1.7976931348623157e308",
        "0.1",
        "1e22",
        "123456789.123456789");
    add(
        "numeric",
        "'NaN'",
        "0",
        "0.00",
        "-0.000001",
        "1e-16",
        "10000",
        "99990000",
        "0.0001",
        "1.00010000",
        "100000000.00000001",
        "12345678901234567890.5",
        thousand,
        "-0." + thousand,
        "1e1000",
        "1e-1000",
        thousand + "." + thousand);
    since(140_000, "numeric", "'Infinity'", "'-Infinity'");
    add("numeric(12,2)", "'NaN'", "0", "-0.01", "9999999999.99", "-9999999999.99", "10000", "0.10");
    add("numeric(18,18)", "0.999999999999999999", "0.000000000000000001", "-0.1");
    add("numeric(18,0)", "999999999999999999", "-100000000000000000", "10000000000000000");
    add(
        "numeric(18,1)",
        "99999999999999999.9",
        "0.1",
        "-12345678901234567.8",
        "10000000000000000.5");
    add("numeric(18,9)", "123456789.123456789", "0.000010000", "-1", "'NaN'");
    add("numeric(19,0)", "9999999999999999999");
    add("numeric(1000,500)", "1", "-0.5", "'NaN'");
    since(150_000, "numeric(3,-2)", "12345", "-99900", "0", "'NaN'");
    since(150_000, "numeric(3,5)", "0.00123", "-0.00999");
    add("money", "'-92233720368547758.08'", "1234.5");
    add(
        "date",
        "'infinity'",
        "'-infinity'",
        "'4713-01-01 BC'",
        "'0001-12-31 BC'",
        "'0001-01-01'",
        "'1582-10-10'",
        "'1970-01-01'",
        "'2000-01-01'",
        "'5874897-12-31'");
    add("time", "'00:00'", "'24:00'", "'23:59:59.999999'");
    add("timetz", "'24:00:00-15:59'", "'00:00:00.000001+15:59:59'", "'12:00+02'");
    String[] instants = {
      "'infinity'",
      "'-infinity'",
      "'4713-01-01 00:00:00 BC'",
      "'0044-03-15 11:59:59.000001 BC'",
      "'1582-10-10 00:00'",
      "'1999-12-31 23:59:59.999999'",
      "'2000-01-01'",
      "'1970-01-01 00:00:00.000001'",
      "'294276-12-31 23:59:59.999999'"
    };
    add("timestamp", instants);
    add("timestamptz", instants);
    add("timestamptz", "'2024-03-31 02:30:00 Europe/Berlin'");
    add(
        "interval",
        "'1 month -1 day 00:00:00.000001'",
        "'-178000000 years'",
        "'30 days'",
        "'1 month'",
        "'-1 day +24:00:00'");
    since(170_000, "interval", "'infinity'", "'-infinity'");
    add(
        "text",
        "''",
        "E'\\001\\b\\t\\n\\f\\r\\037\\177'",
        "'😀 U&\u2028 é'",
        "E'back\\\\slash'",
        "'NULL'",
        "'\"quoted\"'",
        "'\\N'",
        "repeat('long ', 100000)");
    add("varchar(10)", "'  x '", "''");
    add("char(5)", "'ab'", "''", "'é'");
    add("name", "'Ünï'");
    add("\"char\"", "'x'", "''");
    add("citext", "'MiXed'");
    add(
        "json",
        "'{\"a\" : 1,  \"a\":2, \"n\": 1.50e400}'",
        "E'[1,\\n 2]'",
        "'null'",
        "'\"\\u0000\"'",
        "' 1 '");
    since(90_400, "jsonb", "'{\"b\": 1, \"a\": [1.50, null, \"é\"]}'", "'null'", "'\"x\"'");
    add("bytea", "''", "'\\x00ff5c27'", "decode(repeat('00ff', 100000), 'hex')");
    add("uuid", "'ffffffff-0000-4000-8000-00000000000f'");
    add("mood", "'sad'", "'über'", "'it''s \"ok\"'");
    add("oid", "4294967295::oid", "0::oid");
    since(130_000, "xid8", "'18446744073709551615'");
    since(90_400, "pg_lsn", "'FFFFFFFF/FFFFFFFF'", "'0/0'");
    add("xid", "'4294967295'");
    add("regclass", "'pg_class'");
    add("tid", "'(4294967295,65535)'");
    add("bit(1)", "B'1'");
    add("bit(9)", "B'101010101'");
    add("varbit", "B''", "B'1'", "B'0001'");
    add("inet", "'192.168.0.1/24'", "'::1'", "'10.0.0.1'");
    add("cidr", "'10.0.0.0/8'", "'::/0'");
    add("macaddr", "'08:00:2b:01:02:03'");
    since(100_000, "macaddr8", "'08:00:2b:01:02:03:04:05'");
    add("int4range", "'empty'", "'[1,)'", "'(,5]'");
    add("tstzrange", "'[2000-01-01,infinity]'");
    since(140_000, "int4multirange", "'{[1,3),[5,9)}'", "'{}'");
    add("point", "'(1e300,-0.1)'");
    since(90_400, "line", "'{1,2,3}'");
    add("lseg", "'[(0,0),(1,1)]'");
    add("box", "'(1,1),(0,0)'");
    add("path", "'[(0,0),(1,1)]'", "'((0,0),(1,1))'");
    add("polygon", "'((0,0),(1,1),(2,0))'");
    add("circle", "'<(1,2),3>'");
    add("tsvector", "'a:1A fat:2B,4C ''sp ace'':5'");
    add("tsquery", "'fat & (rat | !''c d'')'");
    add(
        "xml",
        "'<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>'::xml",
        "'<a b=\"1\">é<!-- c --></a>'::xml");
    add("hstore", "'a=>1, \"b c\"=>NULL, \"\"=>\"\"'");
    add("ltree", "'Top.Science.Astronomy'");
    add("price", "1.5", "'NaN'");
    add("cheap", "9.99");
    add("ints", "'{1,NULL,3}'", "'{}'", "'[0:1]={1,2}'");
    add("moods", "'{sad,NULL}'");
    add("point3", "ROW(1, 'NaN', E'a\"b,c\\\\')", "ROW(NULL, NULL, NULL)");
    add("shouted", "ROW(1)", "ROW(NULL)");
    add("shouted[]", "ARRAY[ROW(1)::shouted, NULL]");
    add("pair", "ROW(ROW(1, 2, 'x'), 'sad', '{1,2}')");
    add(
        "int[]",
        "'{}'",
        "'{NULL}'",
        "'{1,2,NULL}'",
        "'{{1,2},{3,NULL}}'",
        "'[0:1]={1,2}'",
        "'[-2:-1][3:3]={{1},{2}}'",
        "'{{{1},{2}},{{3},{4}}}'",
        "'[2:2]={NULL}'");
    add("text[]", "'{}'", "ARRAY['', NULL, 'NULL', 'a,b', '{}', '\"', E'\\\\', ' x ']");
    add("numeric(12,2)[]", "'{1.5,NaN,NULL}'");
    add("numeric[]", "'{1.5,NaN,1e100}'");
    add("timestamptz[]", "'{infinity,\"4713-01-01 BC\"}'");
    add("date[]", "'{infinity,-infinity,2000-01-01}'");
    add("boolean[]", "'{t,f,NULL}'");
    add("float8[]", "'{NaN,-0,Infinity}'");
    add("bytea[]", "ARRAY['\\x00'::bytea, '']");
    add("uuid[]", "'{ffffffff-0000-4000-8000-00000000000f}'");
    add("json[]", "ARRAY['{\"a\" : 1}'::json, 'null', NULL]");
    since(90_400, "jsonb[]", "ARRAY['{\"a\" : 1}'::jsonb, 'null']");
    add("mood[]", "'{sad,NULL,über}'", "'{{sad},{happy}}'");
    add("char(3)[]", "'{a,NULL}'");
    add("\"char\"[]", "'{a,b}'");
    add("citext[]", "'{A,b}'");
    since(110_000, "cheap[]", "'{1.5,NULL}'");
    add("point3[]", "ARRAY[ROW(1, 2, 'a,\"b')::point3, NULL]", "'{}'");
    add("interval[]", "'{1 day,NULL}'", "'{{1 day},{2 days}}'", "'[5:6]={1 day,2 days}'");
    add("inet[]", "'{::1,10.0.0.1/8,NULL}'", "'[0:0]={::1}'");
    add("int4range[]", "'{\"[1,3)\",empty}'");
    add("hstore[]", "ARRAY['a=>1'::hstore]");
    add("box[]", "ARRAY['(1,1),(0,0)'::box, '(2,2),(1,1)']");
    add("point[]", "ARRAY['(1,1)'::point, NULL]");
    add("int2vector", "'1 2 3'");
    add("oid[]", "'{4294967295}'");
  }
}
