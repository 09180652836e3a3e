package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The types of one database, and what each of them becomes.
///
/// A type in [#NATIVE] is decoded from its binary form, as are enumerations, `citext`, domains over
/// such types and arrays of them. The server casts every other type to text: its own text form
/// loses nothing, and this source needs no knowledge of extensions and server versions.
public final class TypeCatalog {
  private static final Map<String, ColumnType> NATIVE =
      Map.ofEntries(
          entry("bool", Scalar.BOOLEAN, WireFormat.BOOL),
          entry("int2", Scalar.INT16, WireFormat.INT2),
          entry("int4", Scalar.INT32, WireFormat.INT4),
          entry("int8", Scalar.INT64, WireFormat.INT8),
          entry("oid", Scalar.INT64, WireFormat.OID),
          entry("float4", Scalar.FLOAT32, WireFormat.FLOAT4),
          entry("float8", Scalar.FLOAT64, WireFormat.FLOAT8),
          entry("numeric", DataType.Decimal.UNLIMITED, WireFormat.NUMERIC),
          entry("date", Scalar.DATE, WireFormat.DATE),
          entry("time", Scalar.TIME, WireFormat.MICROS),
          entry("timestamp", Scalar.TIMESTAMP, WireFormat.MICROS),
          entry("timestamptz", Scalar.TIMESTAMP_TZ, WireFormat.MICROS),
          entry("text", Scalar.TEXT, WireFormat.RAW),
          entry("varchar", Scalar.TEXT, WireFormat.RAW),
          // Its binary form keeps the padding that a cast to text takes away.
          entry("bpchar", Scalar.TEXT, WireFormat.RAW),
          entry("name", Scalar.TEXT, WireFormat.RAW),
          entry("json", Scalar.JSON, WireFormat.RAW),
          entry("jsonb", Scalar.JSON, WireFormat.JSONB),
          entry("bytea", Scalar.BYTES, WireFormat.RAW),
          entry("uuid", Scalar.UUID, WireFormat.UUID));

  private static final int NO_MODIFIER = -1;
  private static final int NUMERIC_HEADER = 4;

  private final Map<Long, PgType> types;
  private final Map<Long, List<String>> labels;

  private TypeCatalog(Map<Long, PgType> types, Map<Long, List<String>> labels) {
    this.types = types;
    this.labels = labels;
  }

  /// A row of `pg_type`; `element` is 0 for what is not an array, `output` the name of the output
  /// function where the cast to text is another one.
  private record PgType(
      long oid,
      String name,
      boolean builtIn,
      String kind,
      long base,
      int modifier,
      long element,
      String delimiter,
      String output) {}

  private static Map.Entry<String, ColumnType> entry(String name, DataType type, WireFormat wire) {
    return Map.entry(name, ColumnType.binary(type, wire));
  }

  /// Reads the types that there are now.
  public static TypeCatalog read(Session session) throws SQLException {
    CatalogText text = CatalogText.of(session);
    Map<Long, PgType> types = new HashMap<>();
    session
        .query(
            // Without the row types that come with each table, unless someone has defined a cast
            // for one.
            """
            SELECT t.oid, %s, n.nspname = 'pg_catalog', t.typtype, t.typbasetype, t.typtypmod,
                   CASE WHEN e.oid IS NULL THEN 0 ELSE e.oid END, t.typdelim,
                   CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_cast x
                                     WHERE x.castsource = t.oid AND x.castmethod IN ('f', 'b')
                                       AND x.casttarget = 'pg_catalog.text'::pg_catalog.regtype)
                        THEN %s END
            FROM pg_catalog.pg_type t
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
            WHERE t.typtype <> 'c' OR t.oid IN (SELECT castsource FROM pg_catalog.pg_cast)
            """
                .formatted(
                    text.sql("t.typname"),
                    text.sql("t.typoutput::pg_catalog.regproc::pg_catalog.text")),
            row ->
                new PgType(
                    row.getLong(1),
                    text.read(row, 2),
                    row.getBoolean(3),
                    row.getString(4),
                    row.getLong(5),
                    row.getInt(6),
                    row.getLong(7),
                    row.getString(8),
                    text.read(row, 9)))
        .forEach(type -> types.put(type.oid(), type));
    Map<Long, List<String>> labels = new HashMap<>();
    session
        .query(
            "SELECT enumtypid, %s FROM pg_catalog.pg_enum ORDER BY enumtypid, enumsortorder"
                .formatted(text.sql("enumlabel")),
            row -> Map.entry(row.getLong(1), text.read(row, 2)))
        .forEach(label ->
            labels.computeIfAbsent(label.getKey(), oid -> new ArrayList<>()).add(label.getValue()));
    return new TypeCatalog(types, labels);
  }

  /// Whether a type was there when the types were read.
  public boolean knows(long oid) {
    return types.containsKey(oid);
  }

  /// What a column of a type becomes.
  ///
  /// @param oid the type
  /// @param modifier the column's `atttypmod`
  public ColumnType resolve(long oid, int modifier) {
    int narrowed = modifier;
    @Nullable PgType type = types.get(oid);
    while (type != null && type.kind().equals("d")) {
      // A domain's modifier is its own, and a column of it has none.
      narrowed = type.modifier() == NO_MODIFIER ? narrowed : type.modifier();
      type = types.get(type.base());
    }
    if (type == null) {
      return ColumnType.text(Scalar.OPAQUE);
    }
    return type.element() == 0 ? scalar(type, narrowed) : array(type, narrowed);
  }

  private ColumnType array(PgType type, int modifier) {
    ColumnType element = resolve(type.element(), modifier);
    if (element.type() instanceof DataType.ListOf || !type.delimiter().equals(",")) {
      // An array of a domain over an array; or of box, whose text form separates by semicolons,
      // which
      // an array of text would not take apart again.
      return ColumnType.text(Scalar.OPAQUE);
    }
    return element.asElement();
  }

  private ColumnType scalar(PgType type, int modifier) {
    if (type.kind().equals("e")) {
      return ColumnType.binary(
          new DataType.Enumeration(labels.getOrDefault(type.oid(), List.of())), WireFormat.RAW);
    }
    if (type.name().equals("citext") && !type.builtIn()) {
      return ColumnType.text(Scalar.TEXT);
    }
    if (!type.builtIn()) {
      return opaque(type);
    }
    if (type.name().equals("char")) {
      // One byte that need not be a character; the server writes it so that it is.
      return ColumnType.text(Scalar.TEXT);
    }
    if (type.name().equals("numeric") && modifier >= NUMERIC_HEADER) {
      return ColumnType.binary(decimal(modifier), WireFormat.NUMERIC);
    }
    @Nullable ColumnType found = NATIVE.get(type.name());
    return found == null ? opaque(type) : found;
  }

  private static ColumnType opaque(PgType type) {
    return type.output().isEmpty()
        ? ColumnType.text(Scalar.OPAQUE)
        : ColumnType.output(Scalar.OPAQUE, type.output());
  }

  // The precision in the upper half; the scale in the lower 11 bits, signed from 15 on (before, it
  // was
  // at most 1000 and so the same).
  private static DataType.Decimal decimal(int modifier) {
    int packed = modifier - NUMERIC_HEADER;
    int scale = ((packed & 0x7ff) ^ 0x400) - 0x400;
    return new DataType.Decimal((packed >> 16) & 0xffff, scale);
  }
}
