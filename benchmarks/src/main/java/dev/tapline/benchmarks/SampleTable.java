package dev.tapline.benchmarks;

import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The tables that are read. Row for row they are the same whether a server fills them by
/// [#create(long)] or [#writeRow(CopyRow, long)] makes what a server would send.
public enum SampleTable {
  /// pgbench's largest table: three numbers and 84 spaces.
  ACCOUNTS("pgbench_accounts") {
    @Override
    void declare(Columns columns) {
      columns
          .add("aid", Scalar.INT32, "integer", WireFormat.INT4)
          .add("bid", Scalar.INT32, "integer", WireFormat.INT4)
          .add("abalance", Scalar.INT32, "integer", WireFormat.INT4)
          .add("filler", Scalar.TEXT, "character(84)", WireFormat.RAW);
    }

    @Override
    List<String> columnExpressions() {
      return List.of(
          "i::integer AS aid",
          "((i - 1) / 100000 + 1)::integer AS bid",
          "0::integer AS abalance",
          "''::character(84) AS filler");
    }

    @Override
    void writeRow(CopyRow row, long number) throws IOException {
      row.begin(4);
      row.integer((int) number);
      row.integer((int) ((number - 1) / 100_000 + 1));
      row.integer(0);
      row.text(" ".repeat(84));
    }
  },

  /// Fifteen columns of many types, six of them NULL in a fifth of the rows.
  MIXED("mixed") {
    @Override
    void declare(Columns columns) {
      columns
          .add("id", Scalar.INT64, "bigint", WireFormat.INT8)
          .add("n", Scalar.INT32, "integer", WireFormat.INT4)
          .add("amount", new DataType.Decimal(12, 2), "numeric(12,2)", WireFormat.NUMERIC)
          .add("score", Scalar.FLOAT64, "double precision", WireFormat.FLOAT8)
          .add("flag", Scalar.BOOLEAN, "boolean", WireFormat.BOOL)
          .add("name", Scalar.TEXT, "text", WireFormat.RAW)
          .add("body", Scalar.TEXT, "character varying(300)", WireFormat.RAW)
          .add("created", Scalar.TIMESTAMP_TZ, "timestamp with time zone", WireFormat.MICROS)
          .add("day", Scalar.DATE, "date", WireFormat.DATE)
          .add("uid", Scalar.UUID, "uuid", WireFormat.UUID)
          .add("doc", Scalar.JSON, "jsonb", WireFormat.JSONB)
          .add("tags", new DataType.ListOf(Scalar.TEXT), "text[]", WireFormat.RAW)
          .add("raw", Scalar.BYTES, "bytea", WireFormat.RAW)
          .add("n2", Scalar.INT32, "integer", WireFormat.INT4)
          .add("s2", Scalar.TEXT, "text", WireFormat.RAW);
    }

    @Override
    List<String> columnExpressions() {
      return List.of(
          "i::bigint AS id",
          "CASE WHEN i % 5 > 0 THEN (i * 7919 % 1000000)::integer END AS n",
          "((i * 104729 % 10000000)::numeric / 100)::numeric(12,2) AS amount",
          "CASE WHEN i % 5 > 0 THEN 1 + (i * 6700417 % 1000003)::float8 / 1000.003::float8 END AS score",
          "i % 2 = 0 AS flag",
          "CASE WHEN i % 16 = 0 THEN 'Zoë \"Z\" ' ELSE 'name ' END || i AS name",
          "repeat(md5(i::text), 10)::varchar(300) AS body",
          "timestamptz '2024-01-01 00:00:00+00' + i * interval '1.000001 second' AS created",
          "CASE WHEN i % 5 > 0 THEN date '2020-01-01' + (i % 2000)::integer END AS day",
          "md5(i::text)::uuid AS uid",
          "jsonb_build_object('a', i, 'b', 'text ' || i, 'c', jsonb_build_array(1, 2, i)) AS doc",
          "CASE WHEN i % 5 > 0 THEN ARRAY['x' || i, 'y', 'z'] END AS tags",
          "CASE WHEN i % 5 > 0 THEN decode(md5(i::text), 'hex') END AS raw",
          "(i * 31 % 100)::integer AS n2",
          "CASE WHEN i % 5 > 0 THEN 'short' || i % 100 END AS s2");
    }

    @Override
    void writeRow(CopyRow row, long number) throws IOException {
      MixedRow.write(row, number);
    }
  };

  private final String table;

  @SuppressWarnings("ImmutableEnumChecker") // it is, as are the wires, but does not say so
  private final Schema schema;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<WireFormat> wires;

  SampleTable(String table) {
    this.table = table;
    Columns columns = new Columns(new ArrayList<>(), new ArrayList<>());
    declare(columns);
    this.schema = new Schema(columns.fields(), List.of(columns.fields().getFirst().name()));
    this.wires = List.copyOf(columns.wires());
  }

  /// The fields, as the source's discovery would have them.
  public Schema schema() {
    return schema;
  }

  /// How the fields arrive.
  public List<WireFormat> wires() {
    return wires;
  }

  /// The table's name in the schema `public`.
  public String table() {
    return table;
  }

  /// An empty batch of its rows.
  public Batch batch(int capacity) {
    return new Batch(new StreamName("postgres", "public", table), schema, capacity);
  }

  /// The statements that make and fill the table, with the server's own work (hint bits,
  /// statistics) done, so that the first read is as fast as the fifth.
  public List<String> create(long rows) {
    return create(table, rows);
  }

  /// The same under another name.
  public List<String> create(String name, long rows) {
    return List.of(
        "CREATE TABLE %s AS SELECT %s FROM generate_series(1, %d::bigint) AS i"
            .formatted(name, String.join(", ", columnExpressions()), rows),
        "ALTER TABLE %s ADD PRIMARY KEY (%s)".formatted(name, schema.key().getFirst()),
        "VACUUM (FREEZE, ANALYZE) " + name,
        "CHECKPOINT");
  }

  /// Puts a row in the form in which the server sends it.
  ///
  /// @param number the row's number, from 1
  abstract void writeRow(CopyRow row, long number) throws IOException;

  abstract void declare(Columns columns);

  abstract List<String> columnExpressions();

  record Columns(List<Field> fields, List<WireFormat> wires) {
    Columns add(String name, DataType type, String sourceType, WireFormat wire) {
      fields.add(Field.of(name, type, sourceType));
      wires.add(wire);
      return this;
    }
  }
}
